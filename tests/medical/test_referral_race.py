"""Two people at once: the second waits for the first, and is then told what happened; nothing is lost or doubled."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from cases.consents import withdraw_consent
from cases.mandates import revoke_mandate
from core.errors import Conflict, Forbidden
from identity.actor import Actor
from medical.cases.assessments import judge_cause
from medical.cases.consents_withdrawn import stop_after_withdrawal
from medical.referrals.answer import accept_referral, decline_referral
from medical.referrals.ask import answer_question, ask_information
from medical.referrals.draft import revise_draft
from medical.referrals.forms import Asked, ReturnForm, WordsForm
from medical.referrals.hand_back import return_draft
from medical.referrals.issue import issue_referral, refer
from medical.referrals.moves import Outcome
from medical.referrals.reasons import DeclineReason, ReturnReason, WithdrawReason
from medical.referrals.run import withdraw_referral
from medical.tables import Referral, ReferralEvent, ReferralMessage, ReferralState
from tests.medical.flaws import nothing
from tests.medical.stage import MEDICAL, OPEN, Stage

Work = Callable[[Session], Any]
PATIENCE = 10.0  # seconds

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def at_once(stage: Stage, first: tuple[Actor, Work], second: tuple[Actor, Work]) -> Any:
    """Let `second` begin while `first` has acted and not committed yet; return or raise what becomes of `second`."""

    def run(actor: Actor, work: Work) -> Any:
        with stage.acting(actor) as session:
            return work(session)

    with ThreadPoolExecutor(1) as pool:
        with stage.acting(first[0]) as session:
            first[1](session)
            session.flush()
            other = pool.submit(run, *second)
            wait_until_blocked(stage, other)
        return other.result(PATIENCE)


def wait_until_blocked(stage: Stage, other: Future[Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    with Session(stage.world.database.owner) as session:
        while session.execute(WAITING).scalar_one() == 0:
            assert not other.done(), "the second did not wait for the first"
            assert time.monotonic() < deadline, "the second never came to the lock"
            session.rollback()
            time.sleep(0.01)


def accept(actor: Actor, referral_id: UUID) -> tuple[Actor, Work]:
    return actor, lambda session: accept_referral(session, actor, referral_id)


def test_two_answers(stage: Stage) -> None:
    done = stage.issued(OPEN)
    other = stage.world.actor(stage.provider.role, stage.provider_id)
    decline = (other, lambda session: decline_referral(session, other, done.id, DeclineReason.NO_CAPACITY))
    with pytest.raises(Conflict, match=r"aangenomen \(door de provider"):
        at_once(stage, accept(stage.provider, done.id), decline)
    assert stage.row(done.id).state is ReferralState.ACCEPTED


def test_an_answer_to_what_is_being_withdrawn(stage: Stage) -> None:
    done, physician = stage.issued(OPEN), stage.physician
    withdraw = (physician, lambda session: withdraw_referral(session, physician, done.id, WithdrawReason.MISTAKE))
    with pytest.raises(Conflict, match=r"ingetrokken \(door de bedrijfsarts") as refused:
        at_once(stage, withdraw, accept(stage.provider, done.id))
    assert refused.value.possible == ()


def test_a_withdrawal_after_an_answer_goes_on(stage: Stage) -> None:
    done, physician = stage.issued(OPEN), stage.physician
    withdraw = (physician, lambda session: withdraw_referral(session, physician, done.id, WithdrawReason.MISTAKE))
    found: Outcome = at_once(stage, accept(stage.provider, done.id), withdraw)
    assert found.state is ReferralState.WITHDRAWN
    with stage.acting(physician) as session:
        events = session.exec(select(ReferralEvent).where(ReferralEvent.referral_id == done.id)).all()
    assert sorted((event.version, event.action) for event in events)[1:] == [(2, "accept"), (3, "withdraw")]


def test_the_same_form_twice(stage: Stage) -> None:
    physician, form = stage.physician, stage.form(OPEN)
    send = (physician, lambda session: refer(session, physician, form))
    second: Outcome = at_once(stage, send, send)
    assert second.known
    with stage.acting(physician) as session:
        assert [row.id for row in session.exec(select(Referral))] == [second.id]


def test_signing_a_draft_that_is_being_withdrawn(stage: Stage) -> None:
    draft, physician, delegate, form = stage.draft(OPEN), stage.physician, stage.delegate, stage.form(OPEN)
    withdraw = (delegate, lambda session: withdraw_referral(session, delegate, draft.id, WithdrawReason.MISTAKE))
    with pytest.raises(Conflict, match=r"ingetrokken \(door de casemanager taakdelegatie"):
        at_once(stage, withdraw, (physician, lambda session: refer(session, physician, form)))


def test_signing_what_is_being_changed(stage: Stage) -> None:
    """Who signs has not seen what somebody else is writing at that moment, so he does not sign it."""
    draft, physician, delegate = stage.draft(OPEN), stage.physician, stage.delegate
    other = Asked(goal="Zes uur per dag", question="Hoe?", units=2, expected_days_saved=1)
    change = (delegate, lambda session: revise_draft(session, delegate, draft.id, other))
    sign = (physician, lambda session: issue_referral(session, physician, draft.id, draft.version))
    with pytest.raises(Conflict, match=r"Iemand was u voor.*concept \(door de casemanager taakdelegatie") as refused:
        at_once(stage, change, sign)
    assert refused.value.code == "overtaken"
    assert stage.row(draft.id).state is ReferralState.DRAFT


def test_changing_what_is_being_sent_back(stage: Stage) -> None:
    draft, physician, delegate = stage.draft(OPEN), stage.physician, stage.delegate
    other = Asked(goal="Zes uur per dag", question="Hoe?", units=2, expected_days_saved=1)
    back = ReturnForm(reason=ReturnReason.UNCLEAR, words="Schrijf het doel in uren.")
    send = (physician, lambda session: return_draft(session, physician, draft.id, back, draft.version))
    change = (delegate, lambda session: revise_draft(session, delegate, draft.id, other, draft.version))
    with pytest.raises(Conflict, match=r"teruggestuurd \(door de bedrijfsarts"):
        at_once(stage, send, change)


def test_two_answers_to_one_question(stage: Stage) -> None:
    done, physician, delegate = stage.issued(OPEN), stage.physician, stage.delegate
    with stage.acting(stage.provider) as session:
        ask_information(session, stage.provider, done.id, WordsForm(words="Mag hij tillen?"))
    first = (physician, lambda session: answer_question(session, physician, done.id, WordsForm(words="Ja.")))
    second = (delegate, lambda session: answer_question(session, delegate, done.id, WordsForm(words="Nee.")))
    with pytest.raises(Conflict, match="door de bedrijfsarts"):
        at_once(stage, first, second)
    with stage.acting(physician) as session:
        words = session.exec(select(ReferralMessage.words).order_by(col(ReferralMessage.version))).all()
    assert list(words) == ["Mag hij tillen?", "Ja."]


def test_issuing_while_the_cause_is_being_judged_medical(stage: Stage) -> None:
    """R1."""
    nothing(stage)
    draft, physician, delegate = stage.draft(OPEN), stage.physician, stage.delegate
    judge = (physician, lambda session: judge_cause(session, physician, stage.case_id, "M01", True))
    with pytest.raises(Forbidden, match="De oorzaak is medisch"):
        at_once(stage, judge, (delegate, lambda session: issue_referral(session, delegate, draft.id)))


def test_issuing_while_the_mandate_is_being_revoked(stage: Stage) -> None:
    """R2."""
    mandate_id, physician, delegate = nothing(stage), stage.physician, stage.delegate
    draft = stage.draft(OPEN)
    revoke = (physician, lambda session: revoke_mandate(session, physician, mandate_id))
    with pytest.raises(Forbidden, match="geen geldig mandaat"):
        at_once(stage, revoke, (delegate, lambda session: issue_referral(session, delegate, draft.id)))


def test_revoking_while_a_referral_is_being_issued(stage: Stage) -> None:
    """R7."""
    mandate_id, physician, delegate = nothing(stage), stage.physician, stage.delegate
    draft = stage.draft(OPEN)
    issue = (delegate, lambda session: issue_referral(session, delegate, draft.id))
    at_once(stage, issue, (physician, lambda session: revoke_mandate(session, physician, mandate_id)))
    assert stage.row(draft.id).state is ReferralState.ISSUED


def test_issuing_while_consent_is_being_withdrawn(stage: Stage) -> None:
    """R23."""
    consent_id, employee, physician = stage.consent(), stage.employee, stage.physician
    draft = stage.draft(MEDICAL)
    withdraw = (employee, lambda session: withdraw_consent(session, employee, consent_id))
    with pytest.raises(Conflict, match="werknemer ermee instemt"):
        at_once(stage, withdraw, (physician, lambda session: issue_referral(session, physician, draft.id)))


def test_withdrawing_consent_while_a_referral_is_being_issued(stage: Stage) -> None:
    """R24."""
    consent_id, employee, physician = stage.consent(), stage.employee, stage.physician
    draft = stage.draft(MEDICAL)
    issue = (physician, lambda session: issue_referral(session, physician, draft.id))
    at_once(stage, issue, (employee, lambda session: withdraw_consent(session, employee, consent_id)))
    with stage.acting(stage.system) as session:
        assert stop_after_withdrawal(session, stage.system, consent_id) == 1
