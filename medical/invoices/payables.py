"""What a provider is owed for an invoice, and what was paid when: with his own numbers, on the medical side only."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from billing.payable_tables import Payable, Payout, PayoutState
from billing.paying.payable_accounts import own_account
from billing.paying.payables import owe_provider
from core.clock import today
from core.paging import Page, offset
from identity.actor import Actor
from identity.audit import record, record_list
from identity.policy import Permission, require
from medical.invoice_tables import ProviderDocument, ProviderInvoice
from medical.payable_tables import PayableLink


@dataclass(frozen=True)
class OwnPayable:
    """What a provider gets for one of his invoices, in cents with VAT; below zero for a credit note."""

    invoice_id: UUID
    invoice_number: str
    invoice_date: date
    cents: int
    due_on: date
    payout_id: UUID | None
    paid_at: datetime | None
    waits_for_account: bool


def owe_for_invoice(session: Session, actor: Actor, invoice: ProviderInvoice) -> None:
    """Write down what is owed for an invoice that the actor has just approved; for nothing, nothing is."""
    if invoice.gross_cents == 0:
        return
    sign = -1 if invoice.kind is ProviderDocument.CREDIT_NOTE else 1
    payable_id = owe_provider(session, actor, invoice.provider_id, sign * invoice.gross_cents)
    session.add(
        PayableLink(
            payable_id=payable_id,
            tenant_id=actor.tenant_id,
            provider_id=invoice.provider_id,
            provider_invoice_id=invoice.id,
        )
    )
    session.flush()
    record(session, actor, "medical:payable:owed", payable_id, data_subject_id=invoice.employee_id)


def list_own_payables(session: Session, actor: Actor, page: int = 1, page_size: int = 25) -> Page[OwnPayable]:
    """Return what the actor's organisation was or will be paid, the newest first."""
    require(actor, Permission.SEE_OWN_PAYOUTS)
    found = (
        select(Payable, ProviderInvoice, Payout)
        .join(PayableLink, col(PayableLink.payable_id) == col(Payable.id))
        .join(ProviderInvoice, col(ProviderInvoice.id) == col(PayableLink.provider_invoice_id))
        .outerjoin(Payout, col(Payout.id) == col(Payable.payout_id))
        .where(Payable.provider_id == actor.organisation_id)
    )
    total = session.exec(select(func.count()).select_from(found.with_only_columns(col(Payable.id)).subquery())).one()
    ordered = found.order_by(col(Payable.created_at).desc(), col(Payable.id))
    rows = session.exec(ordered.limit(page_size).offset(offset(page, page_size))).all()
    account = own_account(session, actor)
    ready = account is not None and account.is_ready
    record_list(session, actor, "medical:payables:read", (invoice.employee_id for _owed, invoice, _paid in rows))
    return Page(tuple(_view(*row, ready) for row in rows), total, page, page_size)


def _view(payable: Payable, invoice: ProviderInvoice, payout: Payout | None, ready: bool) -> OwnPayable:
    is_sent = payout is not None and payout.state is PayoutState.SENT
    return OwnPayable(
        invoice_id=invoice.id,
        invoice_number=invoice.invoice_number,
        invoice_date=invoice.invoice_date,
        cents=payable.cents,
        due_on=payable.due_on,
        payout_id=payout.id if payout is not None and is_sent else None,
        paid_at=payout.sent_at if payout is not None and is_sent else None,
        waits_for_account=payout is None and not ready and payable.due_on <= today(),
    )
