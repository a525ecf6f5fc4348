"""Acts in the course of a referral, for tests: sent back, revised, asked about, interrupted; and what is read of it."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text

from core.clock import today
from identity.actor import Actor
from medical.referrals.ask import answer_question, ask_information
from medical.referrals.draft import revise_draft
from medical.referrals.forms import Asked, InterruptForm, ReturnForm, WordsForm
from medical.referrals.hand_back import return_draft
from medical.referrals.interrupt import interrupt_referral
from medical.referrals.list import worklist
from medical.referrals.messages import MessageView
from medical.referrals.moves import Outcome
from medical.referrals.read import read_referral
from medical.referrals.reasons import InterruptReason, ReturnReason
from medical.referrals.views import CareReferral, EmployeeReferral, ProviderReferral
from tests.medical.stage import Stage

BACK = ReturnForm(reason=ReturnReason.UNCLEAR, words="Schrijf het doel in uren per dag.")
ASKED = WordsForm(words="Mag de werknemer tillen?")
ANSWERED = WordsForm(words="Tot tien kilo.")


def asked(goal: str = "Zes uur per dag", units: int = 4) -> Asked:
    return Asked(goal=goal, question="Wat is er nodig?", units=units, expected_days_saved=10)


def send_back(stage: Stage, referral_id: UUID, version: int | None = None) -> Outcome:
    with stage.acting(stage.physician) as session:
        return return_draft(session, stage.physician, referral_id, BACK, version)


def revise(stage: Stage, referral_id: UUID, change: Asked) -> Outcome:
    with stage.acting(stage.delegate) as session:
        return revise_draft(session, stage.delegate, referral_id, change)


def ask(stage: Stage, referral_id: UUID) -> Outcome:
    with stage.acting(stage.provider) as session:
        return ask_information(session, stage.provider, referral_id, ASKED)


def answer(stage: Stage, actor: Actor, referral_id: UUID) -> Outcome:
    with stage.acting(actor) as session:
        return answer_question(session, actor, referral_id, ANSWERED)


def interrupt(stage: Stage, actor: Actor, referral_id: UUID, until: date | None = None) -> Outcome:
    form = InterruptForm(reason=InterruptReason.EMPLOYEE_ILL, until=until or today() + timedelta(days=21))
    with stage.acting(actor) as session:
        return interrupt_referral(session, actor, referral_id, form)


def care(stage: Stage, actor: Actor, referral_id: UUID) -> CareReferral:
    with stage.acting(actor) as session:
        found = read_referral(session, actor, referral_id)
    assert isinstance(found, CareReferral)
    return found


def messages(stage: Stage, actor: Actor, referral_id: UUID) -> tuple[MessageView, ...]:
    with stage.acting(actor) as session:
        found = read_referral(session, actor, referral_id)
    assert isinstance(found, CareReferral | ProviderReferral | EmployeeReferral)
    return found.messages


def waiting(stage: Stage, actor: Actor) -> list[UUID]:
    with stage.acting(actor) as session:
        return [task.line.id for task in worklist(session, actor).items]


def by_sql(stage: Stage, actor: Actor, referral_id: UUID, change: str) -> int:
    statement = text(f"UPDATE medical.referral SET version = version + 1, {change} WHERE id = :id")
    with stage.acting(actor) as session:
        return int(getattr(session.execute(statement, {"id": referral_id}), "rowcount", -1))
