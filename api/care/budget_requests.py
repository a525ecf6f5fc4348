"""The physician asks an employer, over JSON, to agree to what is above his budget (R56)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel

from api.money import Money, money
from billing.budget.requests import BudgetRequestView
from billing.budget_tables import BudgetRefusal, BudgetState
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.release import ask_employer, requests_of

router = Section(prefix="/referrals/{referral_id}/budget-requests", tags=["referrals"])


class AskedOut(BaseModel):
    """What the employer was asked, and what he answered."""

    id: UUID
    number: str
    price: Money
    expected_weeks: int
    state: BudgetState
    reason: BudgetRefusal | None
    answer_by: date
    answered_at: datetime | None


class AskedListOut(BaseModel):
    """Everything that the employer was asked for a referral, the latest first."""

    results: list[AskedOut]


@router.get("")
def asked(work: Annotated[Work, care(Permission.SEE_MEDICAL_CASE)], referral_id: UUID) -> AskedListOut:
    """Return what the employer was asked for a referral."""
    return AskedListOut(results=[_out(each) for each in requests_of(work.session, work.actor, referral_id)])


@router.post("", status_code=201)
def ask(work: Annotated[Work, care(Permission.ASK_EMPLOYER)], referral_id: UUID) -> AskedOut:
    """Ask the employer to agree to a draft above his budget."""
    return _out(ask_employer(work.session, work.actor, referral_id))


def _out(view: BudgetRequestView) -> AskedOut:
    return AskedOut(
        id=view.id,
        number=view.number,
        price=money(view.price_cents),
        expected_weeks=view.expected_weeks,
        state=view.state,
        reason=view.reason,
        answer_by=view.answer_by,
        answered_at=view.answered_at,
    )
