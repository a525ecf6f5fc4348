"""What is still owed on an invoice, or has to be given back: what it asked, less what was paid and credited."""

from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from billing.payment_tables import Payment
from billing.tables import Invoice, InvoiceKind


def credited_cents() -> ScalarSelect[int]:
    """Return, as a column of a query over Invoice, what credit notes gave back of it, with VAT."""
    note = aliased(Invoice)
    given_back = select(func.coalesce(func.sum(note.total_cents), 0)).where(col(note.corrects_id) == col(Invoice.id))
    return given_back.correlate(Invoice).scalar_subquery()


def paid_cents() -> ScalarSelect[int]:
    """Return, as a column of a query over Invoice, what was paid of it and stayed: not refunded, not taken back."""
    stayed = col(Payment.received_cents) - col(Payment.refunded_cents) - col(Payment.lost_cents)
    paid = select(func.coalesce(func.sum(stayed), 0)).where(col(Payment.invoice_id) == col(Invoice.id))
    return paid.correlate(Invoice).scalar_subquery()


def is_open() -> ColumnElement[bool]:
    """Return, as a condition of a query over Invoice, whether something is still to be paid."""
    return (col(Invoice.kind) == InvoiceKind.INVOICE) & (col(Invoice.total_cents) > credited_cents() + paid_cents())


def outstanding_cents() -> ColumnElement[int]:
    """Return, as a column of a query over Invoice, what is still to be paid; below zero too much was paid."""
    return col(Invoice.total_cents) - credited_cents() - paid_cents()


def outstanding_of(session: Session, invoice_id: UUID) -> int:
    """Return what is still to be paid of one invoice, in cents; below zero too much was paid."""
    return int(session.execute(select(outstanding_cents()).where(col(Invoice.id) == invoice_id)).scalar_one())


def cents_to_give_back(session: Session, invoice_id: UUID) -> int:
    """Return what its buyer has paid too much of an invoice, in cents: it was credited after it was paid (R50)."""
    owed = session.execute(
        select(credited_cents() + paid_cents() - col(Invoice.total_cents)).where(
            col(Invoice.id) == invoice_id, col(Invoice.kind) == InvoiceKind.INVOICE
        )
    ).scalar_one_or_none()
    return max(0, int(owed or 0))
