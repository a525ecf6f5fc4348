"""What waits for whom, the oldest term first, in the same number of queries however much there is."""

from datetime import timedelta
from uuid import UUID

import pytest

from core.clock import now, standing_at
from core.errors import Forbidden
from identity.actor import Actor
from identity.roles import Role
from medical.referrals.answer import decline_referral
from medical.referrals.issue import issue_referral
from medical.referrals.list import list_referrals, worklist
from medical.referrals.reasons import DeclineReason
from medical.referrals.redirect import redirect_referral
from medical.referrals.views import Task
from medical.tables import ReferralState
from tests.medical.flaws import FLAWS, Flaw, nothing
from tests.medical.stage import MEDICAL, OPEN, Stage
from tests.medical.statements import counted
from tests.network.offers import add_offering, add_provider


def tasks(stage: Stage, actor: Actor) -> list[Task]:
    with stage.acting(actor) as session:
        return list(worklist(session, actor).items)


def waiting(stage: Stage, actor: Actor) -> list[UUID]:
    return [task.line.id for task in tasks(stage, actor)]


class TestProvider:
    @pytest.mark.parametrize(
        ("state", "todo"),
        [
            (ReferralState.ISSUED, "Aannemen of afwijzen"),
            (ReferralState.ACCEPTED, "Eerste afspraak plannen"),
            (ReferralState.SCHEDULED, "Beginnen"),
            (ReferralState.RUNNING, "Rapporteren"),
        ],
    )
    def test_has_to_do_what_comes_next(self, stage: Stage, state: ReferralState, todo: str) -> None:
        referral_id = stage.in_state(state)
        (task,) = tasks(stage, stage.provider)
        assert (task.line.id, task.todo, task.late_owner, task.line.overdue) == (referral_id, todo, None, False)
        assert task.line.owner is Role.PROVIDER
        assert waiting(stage, stage.physician) == []

    @pytest.mark.parametrize("state", [ReferralState.REPORTED, ReferralState.COMPLETED])
    def test_is_done_when_he_has_reported(self, stage: Stage, state: ReferralState) -> None:
        stage.in_state(state)
        assert waiting(stage, stage.provider) == []

    def test_does_not_see_the_work_of_another(self, stage: Stage) -> None:
        """R20."""
        stage.in_state(ReferralState.ISSUED)
        stranger = stage.world.actor(Role.PROVIDER, add_provider(stage.world, "Een ander"))
        assert waiting(stage, stranger) == []


class TestPhysician:
    def test_signs_drafts_reads_reports_and_chooses_again(self, stage: Stage) -> None:
        """R10."""
        reported = stage.in_state(ReferralState.REPORTED)
        declined = stage.issued(OPEN, goal="Een ander doel").id
        with stage.acting(stage.provider) as session:
            decline_referral(session, stage.provider, declined, DeclineReason.OTHER)
        draft = stage.draft(OPEN, goal="Nog een doel").id
        assert set(waiting(stage, stage.physician)) == {reported, declined, draft}

    def test_redirecting_takes_it_off_the_list(self, stage: Stage) -> None:
        declined = stage.issued(OPEN).id
        with stage.acting(stage.provider) as session:
            decline_referral(session, stage.provider, declined, DeclineReason.OTHER)
        other = add_offering(stage.world, add_provider(stage.world, "Een ander"), intervention=OPEN)
        with stage.acting(stage.physician) as session:
            redirect_referral(session, stage.physician, declined, other)
        assert waiting(stage, stage.physician) == []

    def test_gets_what_his_provider_lets_lie(self, stage: Stage) -> None:
        referral_id = stage.in_state(ReferralState.ACCEPTED)
        with standing_at(now() + timedelta(days=10)):
            (task,) = tasks(stage, stage.physician)
        assert (task.line.id, task.late_owner, task.line.overdue) == (referral_id, Role.PROVIDER, True)

    def test_gets_what_a_colleague_lets_lie_and_not_before(self, stage: Stage) -> None:
        colleague = stage.world.actor(Role.PHYSICIAN)
        referral_id = stage.in_state(ReferralState.REPORTED)
        assert waiting(stage, colleague) == []
        with standing_at(now() + timedelta(days=20)):
            assert waiting(stage, colleague) == [referral_id]

    def test_the_oldest_term_comes_first(self, stage: Stage) -> None:
        made = []
        for days in (5, 9, 1, 3):
            with standing_at(now() - timedelta(days=days)):
                made.append((days, stage.draft(OPEN, goal=f"{days} dagen oud").id))
        found = tasks(stage, stage.physician)
        assert [task.line.id for task in found] == [referral_id for _days, referral_id in sorted(made, reverse=True)]
        terms = [task.line.due_on for task in found if task.line.due_on]
        assert terms == sorted(terms)


class TestDelegate:
    def test_gets_drafts_that_he_may_issue(self, stage: Stage) -> None:
        """R2."""
        nothing(stage)
        draft = stage.draft(OPEN)
        stage.draft(MEDICAL)
        assert waiting(stage, stage.delegate) == [draft.id]

    @pytest.mark.parametrize("flaw", FLAWS[:10], ids=lambda flaw: flaw.name)
    def test_gets_none_that_he_may_not(self, stage: Stage, flaw: Flaw) -> None:
        """R6."""
        flaw.arrange(stage)
        draft = stage.draft(flaw.intervention)
        assert waiting(stage, stage.delegate) == []
        assert waiting(stage, stage.physician) == [draft.id]

    def test_gets_back_what_he_issued(self, stage: Stage) -> None:
        nothing(stage)
        draft = stage.draft(OPEN)
        with stage.acting(stage.delegate) as session:
            issue_referral(session, stage.delegate, draft.id)
        assert waiting(stage, stage.delegate) == []
        with stage.acting(stage.provider) as session:
            decline_referral(session, stage.provider, draft.id, DeclineReason.OTHER)
        assert waiting(stage, stage.delegate) == [draft.id]

    def test_does_not_get_what_the_physician_issued(self, stage: Stage) -> None:
        stage.in_state(ReferralState.REPORTED)
        assert waiting(stage, stage.delegate) == []


@pytest.mark.parametrize("name", ["secretary", "employee"])
def test_nobody_else_has_one(stage: Stage, name: str) -> None:
    actor: Actor = getattr(stage, name)
    with stage.acting(actor) as session, pytest.raises(Forbidden):
        worklist(session, actor)


@pytest.mark.parametrize("name", ["physician", "delegate", "provider"])
def test_the_number_of_queries_does_not_grow_with_the_work(stage: Stage, name: str) -> None:
    actor: Actor = getattr(stage, name)
    nothing(stage)
    counts = []
    for round_ in range(2):
        for n in range(3):
            stage.issued(OPEN, goal=f"Doel {round_} {n}")
            stage.draft(OPEN, goal=f"Concept {round_} {n}")
        with stage.acting(actor) as session, counted(stage.world.database) as statements:
            assert len(worklist(session, actor).items) == 3 * (round_ + 1)
            list_referrals(session, actor)
            session.flush()
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert counts[0] <= 2 * 3  # for each: the event, the count and the page
