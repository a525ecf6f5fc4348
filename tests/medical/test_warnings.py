"""Labour expert and second track are missed in their weeks, by each side as far as it knows (R66)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlmodel import Session, col, update

from cases.cases_recovery import record_recovery
from cases.steps import clear_step, mark_step
from cases.warnings import WATCHED, Missing, Warned, list_warnings, warnings_of
from core.clock import now, standing_at, today
from core.database import Door
from core.errors import Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from medical.cases.warnings import list_medical_warnings, medical_warnings_of
from medical.hatch.progress import release_progress
from medical.referrals.answer import decline_referral
from medical.referrals.reasons import DeclineReason, WithdrawReason
from medical.referrals.run import withdraw_referral
from medical.tables import ReferralState
from network.tables import OrganisationProfile
from tests.medical.stage import Stage, set_stage
from tests.medical.statements import counted
from tests.world import World

WEEK_45 = 44 * 7


@pytest.fixture
def stage(world: World) -> Stage:
    """Somebody in the forty-fifth week of his absence, whose case came here today."""
    return set_stage(world, sick_for_days=WEEK_45)


@contextmanager
def later(weeks: int) -> Iterator[None]:
    with standing_at(now() + timedelta(weeks=weeks)):
        yield


def known_to_physician(stage: Stage) -> set[Missing]:
    with stage.acting(stage.physician) as session:
        return {each.missing for each in medical_warnings_of(session, stage.physician, stage.case_id)}


def known_to_case_manager(stage: Stage) -> set[Missing]:
    manager = stage.case_manager
    with stage.world.acting(Door.OPEN, manager) as session:
        return {each.missing for each in warnings_of(session, manager, stage.case_id)}


@pytest.mark.parametrize(
    ("weeks", "missing"),
    [
        (-2, set()),
        (-1, {Missing.LABOUR_EXPERT}),  # week 44
        (0, {Missing.LABOUR_EXPERT}),
        (12, {Missing.LABOUR_EXPERT}),  # week 57
        (13, {Missing.LABOUR_EXPERT, Missing.SECOND_TRACK}),
        (30, {Missing.LABOUR_EXPERT, Missing.SECOND_TRACK}),
    ],
)
def test_what_is_missing_is_said_from_its_week_on(stage: Stage, weeks: int, missing: set[Missing]) -> None:
    """R66."""
    with later(weeks):
        assert known_to_physician(stage) == missing
        assert known_to_case_manager(stage) == missing


@pytest.mark.parametrize("state", [ReferralState.ISSUED, ReferralState.RUNNING, ReferralState.COMPLETED])
def test_with_a_referral_nothing_is_missing(stage: Stage, state: ReferralState) -> None:
    """R66."""
    referral_id = stage.in_state(state, "ADO")
    assert known_to_physician(stage) == set()
    assert known_to_case_manager(stage) == {Missing.LABOUR_EXPERT}  # until the hatch has told
    with stage.acting(stage.system) as session:
        release_progress(session, stage.system, referral_id)
    assert known_to_case_manager(stage) == set()


def test_a_draft_and_one_that_came_to_nothing_do_not_count(stage: Stage) -> None:
    stage.judge(medical=False)
    stage.mandate()
    draft = stage.draft("ADO")
    assert known_to_physician(stage) == {Missing.LABOUR_EXPERT}
    with stage.acting(stage.physician) as session:
        withdraw_referral(session, stage.physician, draft.id, WithdrawReason.OTHER)
    issued = stage.issued("ADO")
    assert known_to_physician(stage) == set()
    with stage.acting(stage.provider) as session:
        decline_referral(session, stage.provider, issued.id, DeclineReason.OTHER)
    assert known_to_physician(stage) == {Missing.LABOUR_EXPERT}


def test_another_intervention_does_not_count(stage: Stage) -> None:
    stage.issued("MED")
    assert known_to_physician(stage) == {Missing.LABOUR_EXPERT}


def test_of_a_confidential_one_the_case_manager_does_not_learn_by_the_warning(stage: Stage) -> None:
    """R18, R66."""
    with Session(stage.world.database.owner) as session:
        of_provider = update(OrganisationProfile).where(col(OrganisationProfile.organisation_id) == stage.provider_id)
        session.execute(of_provider.values(name_reveals_care=True))
        session.commit()
    issued = stage.issued("ADO")
    with stage.acting(stage.system) as session:
        assert release_progress(session, stage.system, issued.id) is None
    assert known_to_physician(stage) == set()
    assert known_to_case_manager(stage) == {Missing.LABOUR_EXPERT}


def test_a_step_that_was_done_ends_the_warning_and_one_taken_back_begins_it_again(stage: Stage) -> None:
    """R66."""
    manager = stage.case_manager
    with stage.world.acting(Door.OPEN, manager) as session:
        mark_step(session, manager, stage.case_id, WATCHED[Missing.LABOUR_EXPERT].step)
    assert known_to_physician(stage) == known_to_case_manager(stage) == set()
    with stage.world.acting(Door.OPEN, manager) as session:
        clear_step(session, manager, stage.case_id, WATCHED[Missing.LABOUR_EXPERT].step, 52)
    assert known_to_physician(stage) == known_to_case_manager(stage) == {Missing.LABOUR_EXPERT}


def test_recovery_ends_it(stage: Stage) -> None:
    """R67."""
    with stage.world.acting(Door.OPEN, stage.case_manager) as session:
        record_recovery(session, stage.case_manager, stage.case_id, today())
    assert known_to_physician(stage) == known_to_case_manager(stage) == set()


def test_what_was_too_late_before_the_case_came_here_is_not_missed(world: World) -> None:
    stage = set_stage(world, sick_for_days=51 * 7)
    assert known_to_physician(stage) == set()
    with later(7):
        assert known_to_physician(stage) == {Missing.SECOND_TRACK}


def test_it_is_late_once_its_last_week_has_passed(stage: Stage) -> None:
    def late() -> list[bool]:
        with stage.acting(stage.physician) as session:
            return [each.late for each in list_medical_warnings(session, stage.physician).items]

    with later(6):  # week 51
        assert late() == [False]
    with later(7):
        assert late() == [True]


def every(stage: Stage, actor: Actor) -> list[Warned]:
    with stage.world.acting(Door.OPEN, actor) as session:
        return list(list_warnings(session, actor).items)


def test_lists_hold_the_own_cases_the_longest_absence_first(stage: Stage) -> None:
    longer = set_stage(stage.world, physician=stage.physician, sick_for_days=WEEK_45 + 21)
    with stage.acting(stage.physician) as session:
        found = list_medical_warnings(session, stage.physician)
    assert [each.case.id for each in found.items] == [longer.case_id, stage.case_id]
    assert found.total == 2
    assert [each.case.id for each in every(stage, stage.case_manager)] == [stage.case_id]
    with stage.acting(stage.delegate) as session:
        assert [each.case.id for each in list_medical_warnings(session, stage.delegate).items] == [stage.case_id]


@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.INSURER, Role.EMPLOYEE, Role.PROVIDER, Role.SECRETARY])
def test_nobody_else_is_warned(stage: Stage, role: Role) -> None:
    actor = stage.world.actor(role, stage.employer_id if role is Role.EMPLOYER else None)
    for act in (lambda: every(stage, actor), lambda: medical(stage, actor)):
        with pytest.raises((Forbidden, NotFound)):
            act()


def medical(stage: Stage, actor: Actor) -> None:
    with stage.acting(actor) as session:
        list_medical_warnings(session, actor)


def test_a_warning_costs_as_many_questions_for_many_cases_as_for_one(stage: Stage) -> None:
    def asked() -> int:
        with stage.acting(stage.physician) as session, counted(stage.world.database) as said:
            list_medical_warnings(session, stage.physician)
        return len(said)

    of_one = asked()
    for _case in range(3):
        set_stage(stage.world, physician=stage.physician, sick_for_days=WEEK_45)
    assert asked() == of_one <= 6
