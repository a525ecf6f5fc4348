"""Explaining a difference with the payment provider: by a person, with a coded reason, once."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from billing.books.ledger import BookingKind, book
from billing.books.ledger_payments import payment_fee
from billing.payment_tables import Difference, DifferenceReason, Payment
from billing.tables import Invoice
from core.clock import now
from core.errors import Conflict, NotFound
from core.language import _
from core.paging import Page, offset
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require


@dataclass(frozen=True)
class DifferenceView:
    """What the provider and the ledger say of one thing, in cents, and how it was explained."""

    id: UUID
    subject: UUID
    invoice_number: str | None
    gateway_cents: int
    ledger_cents: int
    found_at: datetime
    due_on: date
    reason: DifferenceReason | None


def list_differences(
    session: Session, actor: Actor, *, is_open: bool = True, page: int = 1, page_size: int = 25
) -> Page[DifferenceView]:
    """Return the differences that wait for an explanation, the earliest term first, or those that have one."""
    require(actor, Permission.KEEP_PAYMENTS)
    closed = col(Difference.closed_at)
    found = (
        select(Difference, Invoice.number)
        .outerjoin(Payment, col(Payment.id) == col(Difference.subject))
        .outerjoin(Invoice, col(Invoice.id) == col(Payment.invoice_id))
        .where(closed.is_(None) if is_open else closed.is_not(None))
    )
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    ordered = found.order_by(col(Difference.due_on), col(Difference.created_at), col(Difference.id))
    rows = session.exec(ordered.limit(page_size).offset(offset(page, page_size))).all()
    return Page(tuple(_view(each, number) for each, number in rows), total, page, page_size)


def explain_difference(session: Session, actor: Actor, difference_id: UUID, reason: DifferenceReason) -> None:
    """Close a difference with a reason; one that is a fee is booked as a fee, so that both sides say the same.

    Raises NotFound, and Conflict for one that was explained before.
    """
    require(actor, Permission.KEEP_PAYMENTS)
    found = select(Difference).where(Difference.id == difference_id)
    difference = session.exec(found.execution_options(populate_existing=True)).first()
    if difference is None:
        raise NotFound(_("Niet gevonden."))
    if difference.closed_at is not None:
        raise Conflict(_("Dit verschil is al verklaard."))
    if reason is DifferenceReason.FEE:
        booking = payment_fee(difference.ledger_cents - difference.gateway_cents)
        book(session, actor, BookingKind.PAYMENT_FEE, difference.subject, booking)
    difference.reason, difference.closed_by, difference.closed_at = reason, actor.account, now()
    session.add(difference)
    session.flush()
    record(session, actor, "billing:difference:explained", difference.id, reason=reason.value)


def _view(difference: Difference, number: str | None) -> DifferenceView:
    return DifferenceView(
        id=difference.id,
        subject=difference.subject,
        invoice_number=number,
        gateway_cents=difference.gateway_cents,
        ledger_cents=difference.ledger_cents,
        found_at=difference.created_at,
        due_on=difference.due_on,
        reason=difference.reason,
    )
