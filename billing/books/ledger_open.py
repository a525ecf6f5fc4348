"""What is still open of an invoice, as the ledger says: asked for, credited, paid, and what comes of these."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, exists, func, or_, select

from billing.books.ledger_accounts import Account
from billing.payment_tables import Payment, PaymentState
from billing.tables import Invoice, InvoiceKind, LedgerEntry, LedgerTransaction

RECEIVABLES = (Account.RECEIVABLE_EMPLOYER, Account.RECEIVABLE_INSURER)


@dataclass(frozen=True)
class Standing:
    """How an invoice stands, in cents: what was asked for, given back by credit notes, and paid on balance."""

    asked_cents: int = 0
    credited_cents: int = 0
    paid_cents: int = 0

    @property
    def open_cents(self) -> int:
        """What is left to pay; below zero is too much paid."""
        return self.asked_cents - self.credited_cents - self.paid_cents


def standings(session: Session, invoice_ids: Collection[UUID]) -> Mapping[UUID, Standing]:
    """Return how each invoice stands; three queries, however many."""
    of_note = select(Invoice.id, Invoice.corrects_id).where(col(Invoice.corrects_id).in_(invoice_ids))
    of_payment = select(Payment.id, Payment.invoice_id).where(col(Payment.invoice_id).in_(invoice_ids))
    notes, payments = dict(session.exec(of_note).all()), dict(session.exec(of_payment).all())
    booked = _booked(session, [*invoice_ids, *notes, *payments])
    found = {}
    for invoice_id in invoice_ids:
        credited = -sum(booked.get(note, 0) for note, of in notes.items() if of == invoice_id)
        found[invoice_id] = Standing(booked.get(invoice_id, 0), credited, 0)
    for payment, of in payments.items():
        each = found[of]
        found[of] = Standing(each.asked_cents, each.credited_cents, each.paid_cents - booked.get(payment, 0))
    return found


def owes() -> ColumnElement[bool]:
    """Return the condition that an invoice is one of which something is still open.

    Whatever was paid in one go is left out first, and only of the rest the ledger is added up.
    """
    note, booking = aliased(Invoice), LedgerTransaction
    notes = select(note.id).where(note.corrects_id == Invoice.id).correlate(Invoice)
    payments = select(Payment.id).where(Payment.invoice_id == Invoice.id).correlate(Invoice)
    document = col(booking.document_id)
    booked = (
        select(func.sum(LedgerEntry.cents))
        .join(booking, col(booking.id) == LedgerEntry.transaction_id)
        .where(col(LedgerEntry.account).in_(RECEIVABLES), LedgerEntry.party_id == Invoice.buyer_id)
        .where(or_(document == Invoice.id, document.in_(notes), document.in_(payments)))
        .correlate(Invoice)
        .scalar_subquery()
    )
    at_once = exists().where(
        col(Payment.invoice_id) == Invoice.id,
        col(Payment.state) == PaymentState.PAID,
        col(Payment.lost_cents) == 0,
        col(Payment.cents) >= Invoice.total_cents,
    )
    return and_(col(Invoice.kind) == InvoiceKind.INVOICE, col(Invoice.total_cents) > 0, ~at_once, booked > 0)


def _booked(session: Session, documents: Collection[UUID]) -> Mapping[UUID | None, int]:
    """Return what each document put on the accounts of buyers."""
    sums = (
        select(LedgerTransaction.document_id, func.sum(LedgerEntry.cents))
        .join(LedgerEntry, col(LedgerEntry.transaction_id) == LedgerTransaction.id)
        .where(col(LedgerTransaction.document_id).in_(documents), col(LedgerEntry.account).in_(RECEIVABLES))
        .group_by(col(LedgerTransaction.document_id))
    )
    return {document: int(cents) for document, cents in session.exec(sums)} if documents else {}
