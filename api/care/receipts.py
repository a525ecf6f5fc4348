"""Money that came in, over JSON: bank receipts, what was paid too much, messages that failed, and differences."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from api.money import Money, money
from api.paged import Paged, PageQuery
from billing.paying.payment_refunds import list_overpaid, refund_what_is_over
from billing.paying.payments_bank import BankReceipt, record_bank_receipt
from billing.paying.reconciliation_explain import explain_difference, list_differences
from billing.paying.webhooks import list_failed_messages, retry_message
from billing.payment_tables import DifferenceReason, RefundReason
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission

router = Section(tags=["money that comes in"])
Desk = Annotated[Work, care(Permission.KEEP_PAYMENTS)]
Keeper = Annotated[Work, care(Permission.KEEP_PAYMENTS, fresh=True)]


class MadeOut(BaseModel):
    """The id of what was made."""

    id: UUID


class RefundsOut(BaseModel):
    """The refunds that were asked for; none when nothing was over."""

    refunds: list[UUID]


class OverpaidOut(BaseModel):
    """An invoice of which too much was paid."""

    invoice_id: UUID
    number: str
    buyer: str
    over: Money


class OverpaidPage(Paged[OverpaidOut]):
    """A page of invoices of which too much was paid."""


class MessageOut(BaseModel):
    """A message of the payment provider of which handling failed until now."""

    id: UUID
    kind: str
    received_at: datetime
    attempts: int
    fault: str | None


class MessagesPage(Paged[MessageOut]):
    """A page of messages, the oldest first."""


class DifferenceOut(BaseModel):
    """What the payment provider and the ledger say differently."""

    id: UUID
    invoice_number: str | None
    gateway: Money
    ledger: Money
    due_on: date
    reason: DifferenceReason | None


class DifferencesPage(Paged[DifferenceOut]):
    """A page of differences, the earliest term first."""


class DifferencesQuery(PageQuery):
    """Which differences: those that wait, or those that were explained."""

    open: bool = True


class ExplainIn(BaseModel):
    """How a difference is explained; `fee` books it as a fee."""

    model_config = ConfigDict(extra="forbid")

    reason: DifferenceReason


@router.post("/bank-receipts", status_code=201)
def bank_receipt(work: Keeper, receipt: BankReceipt) -> MadeOut:
    """Write down what the bank received; the same line of a statement again is the same payment."""
    return MadeOut(id=record_bank_receipt(work.session, work.actor, receipt))


@router.get("/overpaid-invoices")
def overpaid(work: Desk, query: Annotated[PageQuery, Query()]) -> OverpaidPage:
    """Return the invoices of which too much was paid."""
    found = list_overpaid(work.session, work.actor, query.page, query.page_size)
    results = [
        OverpaidOut(invoice_id=each.invoice_id, number=each.number, buyer=each.buyer_name, over=money(each.cents))
        for each in found.items
    ]
    return OverpaidPage(total=found.total, page=found.page, page_size=found.page_size, results=results)


@router.post("/overpaid-invoices/{invoice_id}/refund", status_code=202)
def refund(work: Keeper, invoice_id: UUID) -> RefundsOut:
    """Refund what was paid too much, by the way that it came."""
    return RefundsOut(refunds=list(refund_what_is_over(work.session, work.actor, invoice_id, RefundReason.OVERPAID)))


@router.get("/gateway-messages")
def failed_messages(work: Desk, query: Annotated[PageQuery, Query()]) -> MessagesPage:
    """Return the messages of the payment provider that could not be handled yet."""
    found = list_failed_messages(work.session, work.actor, query.page, query.page_size)
    results = [
        MessageOut(id=each.id, kind=each.kind, received_at=each.received_at, attempts=each.attempts, fault=each.fault)
        for each in found.items
    ]
    return MessagesPage(total=found.total, page=found.page, page_size=found.page_size, results=results)


@router.post("/gateway-messages/{message_id}/retry", status_code=202)
def retry(work: Desk, message_id: UUID) -> None:
    """Try a message again now."""
    retry_message(work.session, work.actor, message_id)


@router.get("/payment-differences")
def differences(work: Desk, query: Annotated[DifferencesQuery, Query()]) -> DifferencesPage:
    """Return what the payment provider and the ledger say differently."""
    found = list_differences(work.session, work.actor, is_open=query.open, page=query.page, page_size=query.page_size)
    results = [
        DifferenceOut(
            id=each.id,
            invoice_number=each.invoice_number,
            gateway=money(each.gateway_cents),
            ledger=money(each.ledger_cents),
            due_on=each.due_on,
            reason=each.reason,
        )
        for each in found.items
    ]
    return DifferencesPage(total=found.total, page=found.page, page_size=found.page_size, results=results)


@router.post("/payment-differences/{difference_id}/explain", status_code=204)
def explain(work: Desk, difference_id: UUID, given: ExplainIn) -> None:
    """Close a difference with a reason."""
    explain_difference(work.session, work.actor, difference_id, given.reason)
