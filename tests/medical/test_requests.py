"""A case manager asks for an open intervention; up here it is a draft, and somebody with authority decides (R5)."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from cases.cases_recovery import record_recovery
from cases.requests import NewRequest, get_request, request_intervention
from cases.tables import RequestState
from core.clock import today
from core.database import Door
from core.errors import Conflict, Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from medical.referrals.forms import ReturnForm
from medical.referrals.hand_back import return_draft
from medical.referrals.issue import issue_referral
from medical.referrals.list import list_referrals, worklist
from medical.referrals.read import read_referral
from medical.referrals.reasons import ReturnReason, WithdrawReason
from medical.referrals.requests import receive_request
from medical.referrals.run import withdraw_referral
from medical.referrals.views import CareReferral
from medical.tables import Referral, ReferralState
from network.tables import Offering
from tests.medical.flaws import nothing
from tests.medical.stage import MEDICAL, OPEN, Stage

GOAL = "Zicht op passend werk binnen het bedrijf"


def ask(stage: Stage) -> UUID:
    new = NewRequest(case_id=stage.case_id, offering_id=stage.offering(OPEN), goal=GOAL)
    with stage.world.acting(Door.OPEN, stage.case_manager) as session:
        return request_intervention(session, stage.case_manager, new).request.id


def receive(stage: Stage, request_id: UUID) -> UUID | None:
    with stage.acting(stage.system) as session:
        return receive_request(session, stage.system, request_id)


def state_of(stage: Stage, request_id: UUID) -> RequestState:
    with stage.world.acting(Door.OPEN, stage.case_manager) as session:
        return get_request(session, stage.case_manager, request_id).state


def received(stage: Stage) -> tuple[UUID, UUID]:
    request_id = ask(stage)
    referral_id = receive(stage, request_id)
    assert referral_id is not None
    return request_id, referral_id


def test_it_becomes_a_draft_in_neutral_words(stage: Stage) -> None:
    """R5, R60."""
    request_id, referral_id = received(stage)
    with stage.acting(stage.physician) as session:
        found = read_referral(session, stage.physician, referral_id)
    assert isinstance(found, CareReferral)
    assert (found.header.line.state, found.goal, found.header.line.request_id) == (
        ReferralState.DRAFT,
        GOAL,
        request_id,
    )
    assert found.question == "Gevraagd door de casemanager werkgeversregie."
    assert found.expected_days_saved == 0
    assert state_of(stage, request_id) is RequestState.PENDING
    assert [event.role for event in stage.trail(request_id)] == [Role.CASE_MANAGER, Role.SYSTEM]


def test_a_job_that_comes_again_makes_no_second_draft(stage: Stage) -> None:
    request_id, referral_id = received(stage)
    assert receive(stage, request_id) == referral_id
    with stage.acting(stage.physician) as session:
        assert len(session.exec(select(Referral)).all()) == 1


def test_it_waits_for_the_physician_and_for_whoever_has_his_mandate(stage: Stage) -> None:
    """R5."""
    _request_id, referral_id = received(stage)

    def waits_for_delegate() -> list[UUID]:
        with stage.acting(stage.delegate) as session:
            return [task.line.id for task in worklist(session, stage.delegate).items]

    assert waits_for_delegate() == []
    nothing(stage)
    assert waits_for_delegate() == [referral_id]
    with stage.acting(stage.physician) as session:
        assert [task.line.id for task in worklist(session, stage.physician).items] == [referral_id]


@pytest.mark.parametrize("name", ["physician", "delegate", "provider", "secretary", "employee"])
def test_who_asked_stands_on_the_lists_of_the_referrers_only(stage: Stage, name: str) -> None:
    request_id, referral_id = received(stage)
    actor: Actor = getattr(stage, name)
    with stage.acting(stage.physician) as session:
        issue_referral(session, stage.physician, referral_id)
    with stage.acting(actor) as session:
        (line,) = list_referrals(session, actor).items
    assert line.request_id == (request_id if name in ("physician", "delegate") else None)


def test_issuing_grants_it(stage: Stage) -> None:
    request_id, referral_id = received(stage)
    with stage.acting(stage.physician) as session:
        issue_referral(session, stage.physician, referral_id)
    assert state_of(stage, request_id) is RequestState.GRANTED


def test_a_delegate_without_authority_cannot_grant_it(stage: Stage) -> None:
    """R5."""
    request_id, referral_id = received(stage)
    with stage.acting(stage.delegate) as session, pytest.raises(Forbidden):
        issue_referral(session, stage.delegate, referral_id)
    assert state_of(stage, request_id) is RequestState.PENDING


def test_it_does_not_go_back_to_a_delegate(stage: Stage) -> None:
    """R5."""
    _request_id, referral_id = received(stage)
    back = ReturnForm(reason=ReturnReason.UNCLEAR, words="Wat is het doel?")
    with stage.acting(stage.physician) as session, pytest.raises(Conflict, match="Dit kan nu niet") as refused:
        return_draft(session, stage.physician, referral_id, back)
    assert set(refused.value.possible) == {"revise", "issue", "withdraw"}
    with pytest.raises(DBAPIError, match="goes back to a delegate"), stage.acting(stage.physician) as session:
        session.execute(
            text("UPDATE medical.referral SET state = 'returned', version = version + 1 WHERE id = :id"),
            {"id": referral_id},
        )


def test_withdrawing_the_draft_refuses_it(stage: Stage) -> None:
    request_id, referral_id = received(stage)
    with stage.acting(stage.physician) as session:
        withdraw_referral(session, stage.physician, referral_id, WithdrawReason.NOT_NEEDED)
    assert state_of(stage, request_id) is RequestState.REFUSED


def test_what_was_granted_stays_granted_when_it_is_withdrawn_later(stage: Stage) -> None:
    request_id, referral_id = received(stage)
    with stage.acting(stage.physician) as session:
        issue_referral(session, stage.physician, referral_id)
        withdraw_referral(session, stage.physician, referral_id, WithdrawReason.NOT_NEEDED)
    assert state_of(stage, request_id) is RequestState.GRANTED


@pytest.mark.parametrize("intervention", [MEDICAL, "BMW"])
def test_what_turns_out_confidential_is_refused(stage: Stage, intervention: str) -> None:
    """R4."""
    request_id = ask(stage)
    with Session(stage.world.database.owner) as session:
        offering = session.get_one(Offering, stage.offering(OPEN))
        offering.intervention = intervention
        session.add(offering)
        session.commit()
    assert receive(stage, request_id) is None
    assert state_of(stage, request_id) is RequestState.REFUSED
    with stage.acting(stage.physician) as session:
        assert session.exec(select(Referral)).all() == []


def test_a_request_for_a_closed_case_is_refused(stage: Stage) -> None:
    request_id = ask(stage)
    with stage.acting(stage.physician) as session:
        record_recovery(session, stage.physician, stage.case_id, today())
    assert receive(stage, request_id) is None
    assert state_of(stage, request_id) is RequestState.REFUSED


def test_only_the_system_receives(stage: Stage) -> None:
    request_id = ask(stage)
    for actor in (stage.physician, stage.delegate):
        with stage.acting(actor) as session, pytest.raises(Forbidden):
            receive_request(session, actor, request_id)


def test_an_unknown_request_is_not_there(stage: Stage) -> None:
    with pytest.raises(NotFound):
        receive(stage, uuid4())
