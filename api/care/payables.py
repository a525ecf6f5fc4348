"""What providers are owed and how they are paid, over JSON: the secretariat pays, a provider sees his own."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel

from api.money import Money, money
from api.paged import Paged, PageQuery
from billing.payable_tables import PayoutState
from billing.paying.gateways import gateway_of
from billing.paying.payable_accounts import start_onboarding
from billing.paying.payables import Which, agree_to_payable, list_payables
from billing.paying.payouts import list_payouts, retry_payout, run_payouts, undo_payout
from core.routing import Section
from identity.guard import Work, care, settings_of
from identity.policy import Permission
from medical.invoices.payables import list_own_payables

router = Section(tags=["paying providers"])
Desk = Annotated[Work, care(Permission.PAY_PROVIDERS)]
Payer = Annotated[Work, care(Permission.PAY_PROVIDERS, fresh=True)]
Paid = Annotated[Work, care(Permission.SEE_OWN_PAYOUTS)]
Holder = Annotated[Work, care(Permission.SEE_OWN_PAYOUTS, fresh=True)]


class PayableOut(BaseModel):
    """What is owed to a provider for one invoice; below zero for a credit note."""

    id: UUID
    provider_id: UUID
    provider: str
    amount: Money
    due_on: date
    needs_second: bool
    agreed: bool


class PayablesOut(Paged[PayableOut]):
    """A page of payables, the earliest due first."""


class PayablesQuery(PageQuery):
    """Which payables: those to agree to, due, due later, or waiting for an account."""

    show: Which = "due"


class RunOut(BaseModel):
    """What was planned, and how many providers wait."""

    payouts: list[UUID]
    without_account: int
    carried_over: int


class PayoutOut(BaseModel):
    """A payment to a provider; `fault` is the word of the payment provider for why not."""

    id: UUID
    provider: str
    amount: Money
    state: PayoutState
    fault: str | None
    planned_at: datetime
    sent_at: datetime | None


class PayoutsOut(Paged[PayoutOut]):
    """A page of payouts, the newest first."""


class OwnPayableOut(BaseModel):
    """What the caller gets for one of his invoices, by his own number, and when he got it."""

    invoice_id: UUID
    invoice_number: str
    amount: Money
    due_on: date
    paid_at: datetime | None
    waits_for_account: bool


class OwnPayablesOut(Paged[OwnPayableOut]):
    """A page of what was and will be paid, the newest first."""


class OnboardingOut(BaseModel):
    """The page on which the caller's organisation makes itself known; good once, for some minutes."""

    url: str


@router.get("/payables")
def payables(work: Desk, query: Annotated[PayablesQuery, Query()]) -> PayablesOut:
    """Return what is owed to providers and is not being paid yet."""
    found = list_payables(work.session, work.actor, query.show, query.page, query.page_size)
    results = [
        PayableOut(
            id=each.id,
            provider_id=each.provider_id,
            provider=each.provider_name,
            amount=money(each.cents),
            due_on=each.due_on,
            needs_second=each.needs_second,
            agreed=each.is_agreed,
        )
        for each in found.items
    ]
    return PayablesOut(total=found.total, page=found.page, page_size=found.page_size, results=results)


@router.post("/payables/{payable_id}/agree", status_code=204)
def agree(work: Payer, payable_id: UUID) -> None:
    """Agree, as another person than who approved, that a provider is paid (R42)."""
    agree_to_payable(work.session, work.actor, payable_id)


@router.post("/payout-runs", status_code=201)
def run(work: Payer) -> RunOut:
    """Plan one payout for each provider of what is due and agreed; the worker sends them."""
    result = run_payouts(work.session, work.actor)
    return RunOut(
        payouts=list(result.payouts), without_account=result.without_account, carried_over=result.carried_over
    )


@router.get("/payouts")
def payouts(work: Desk, query: Annotated[PageQuery, Query()]) -> PayoutsOut:
    """Return the payouts."""
    found = list_payouts(work.session, work.actor, (), query.page, query.page_size)
    results = [
        PayoutOut(
            id=each.id,
            provider=each.provider_name,
            amount=money(each.cents),
            state=each.state,
            fault=each.fault,
            planned_at=each.planned_at,
            sent_at=each.sent_at,
        )
        for each in found.items
    ]
    return PayoutsOut(total=found.total, page=found.page, page_size=found.page_size, results=results)


@router.post("/payouts/{payout_id}/retry", status_code=202)
def retry(work: Payer, payout_id: UUID) -> None:
    """Try a refused payout again."""
    retry_payout(work.session, work.actor, payout_id)


@router.post("/payouts/{payout_id}/undo", status_code=202)
def undo(work: Payer, payout_id: UUID) -> None:
    """Take a payout back; what it paid is owed again."""
    undo_payout(work.session, work.actor, payout_id)


@router.get("/own-payouts")
def own_payouts(work: Paid, query: Annotated[PageQuery, Query()]) -> OwnPayablesOut:
    """Return what the caller's organisation was and will be paid."""
    found = list_own_payables(work.session, work.actor, query.page, query.page_size)
    results = [
        OwnPayableOut(
            invoice_id=each.invoice_id,
            invoice_number=each.invoice_number,
            amount=money(each.cents),
            due_on=each.due_on,
            paid_at=each.paid_at,
            waits_for_account=each.waits_for_account,
        )
        for each in found.items
    ]
    return OwnPayablesOut(total=found.total, page=found.page, page_size=found.page_size, results=results)


@router.post("/payout-account")
def payout_account(request: Request, work: Holder) -> OnboardingOut:
    """Return the page on which the caller's organisation gives its account to the payment provider."""
    settings = settings_of(request)
    back = f"{settings.base_url}/provider/uitbetalingen"
    return OnboardingOut(url=start_onboarding(work.session, work.actor, gateway_of(settings), back))
