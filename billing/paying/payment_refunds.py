"""Money back to a buyer: what was credited after it was paid, or paid too much; by the way that it came."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, func, select

from billing.books.ledger import BookingKind, book
from billing.books.ledger_accounts import Account
from billing.books.ledger_payments import refund_paid
from billing.invoicing.invoice_balance import outstanding_cents, outstanding_of
from billing.paying.gateway import GatewayRefused, PaymentGateway, RefundOrder
from billing.paying.payment_follow import booked, follow_payment, locked, receivable_of
from billing.payment_tables import Payment, PaymentChannel, Refund, RefundReason, RefundState
from billing.tables import Invoice
from core import outbox
from core.errors import Conflict, NotFound
from core.language import _
from core.locks import take_turn
from core.paging import Page, offset
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.roles import Role

SEND_REFUND = "billing.send_refund"
UNDER_WAY = (RefundState.ASKED,)


@dataclass(frozen=True)
class Overpaid:
    """An invoice of which more came in than was asked for; cents."""

    invoice_id: UUID
    number: str
    buyer_name: str
    cents: int


def refund_payment(session: Session, actor: Actor, payment_id: UUID, cents: int, reason: RefundReason) -> UUID:
    """Ask for a refund of a part of a payment; the worker sends it. Returns its id.

    Raises NotFound, and Conflict when the payment does not hold so much any more, refunds under way counted.
    """
    if actor.role is not Role.SYSTEM:
        require(actor, Permission.KEEP_PAYMENTS)
    payment = session.exec(select(Payment).where(Payment.id == payment_id)).first()
    if payment is None:
        raise NotFound(_("Niet gevonden."))
    take_turn(session, "refund", payment.invoice_id)
    if not 0 < cents <= _left(session, payment):
        raise Conflict(_("Zo veel is er van deze betaling niet over."), code="not_so_much")
    refund = Refund(
        tenant_id=actor.tenant_id, payment_id=payment.id, cents=cents, reason=reason, asked_by=actor.account_id
    )
    session.add(refund)
    session.flush()
    outbox.put(session, SEND_REFUND, refund_id=refund.id, tenant_id=actor.tenant_id)
    record(session, actor, "billing:refund:asked", refund.id, reason=reason.value)
    return refund.id


def refund_what_is_over(session: Session, actor: Actor, invoice_id: UUID, reason: RefundReason) -> tuple[UUID, ...]:
    """Ask refunds of all that was paid too much on an invoice, from its latest payments on; nothing when nothing is.

    Raises NotFound for an invoice that is not there.
    """
    if session.exec(select(Invoice.id).where(Invoice.id == invoice_id)).first() is None:
        raise NotFound(_("Niet gevonden."))
    found = select(Payment).where(Payment.invoice_id == invoice_id).order_by(col(Payment.created_at).desc())
    payments = session.exec(found.execution_options(populate_existing=True)).all()
    over = -outstanding_of(session, invoice_id) - sum(_under_way(session, each.id) for each in payments)
    asked = []
    for payment in payments:
        cents = min(over, _left(session, payment))
        if cents > 0:
            asked.append(refund_payment(session, actor, payment.id, cents, reason))
            over -= cents
    return tuple(asked)


def list_overpaid(session: Session, actor: Actor, page: int = 1, page_size: int = 25) -> Page[Overpaid]:
    """Return the invoices of which too much was paid, the oldest first."""
    require(actor, Permission.KEEP_PAYMENTS)
    paid = select(Payment.id).where(Payment.invoice_id == Invoice.id, col(Payment.received_cents) > 0).exists()
    over = select(Invoice, outstanding_cents()).where(
        Invoice.tenant_id == actor.tenant_id, paid, outstanding_cents() < 0
    )
    total = session.exec(select(func.count()).select_from(over.subquery())).one()
    rows = session.exec(over.order_by(col(Invoice.number)).limit(page_size).offset(offset(page, page_size))).all()
    items = tuple(Overpaid(each.id, each.number, str(each.document["buyer"]["name"]), -cents) for each, cents in rows)
    return Page(items, total, page, page_size)


def send_refund(session: Session, actor: Actor, refund_id: UUID, gateway: PaymentGateway) -> None:
    """Send a refund, once however often it is tried; one that the provider refuses stands on a list. As the system."""
    refund = session.exec(select(Refund).where(Refund.id == refund_id).with_for_update()).one()
    if refund.state is not RefundState.ASKED:
        return
    payment = locked(session, refund.payment_id)
    try:
        refund.gateway_reference = _send(session, actor, payment, refund, gateway)
        refund.state = RefundState.SENT
    except GatewayRefused as refusal:
        refund.state, refund.fault = RefundState.REFUSED, refusal.code
    session.add(refund)
    session.flush()
    record(session, actor, f"billing:refund:{refund.state.value}", refund.id)
    if payment.channel is PaymentChannel.GATEWAY:
        follow_payment(session, actor, payment.id, gateway)


def _send(session: Session, actor: Actor, payment: Payment, refund: Refund, gateway: PaymentGateway) -> str | None:
    """What came by bank goes back by bank, by the hand of the secretariat that asked for it."""
    if payment.channel is PaymentChannel.GATEWAY:
        return gateway.refund(RefundOrder(refund.id, payment.gateway_reference, refund.cents))
    receivable = receivable_of(session, payment.buyer_id)
    booking = refund_paid(receivable, payment.buyer_id, refund.cents, Account.BANK)
    book(session, actor, BookingKind.REFUND, payment.id, booking)
    payment.refunded_cents += refund.cents
    session.add(payment)
    return None


def _left(session: Session, payment: Payment) -> int:
    takings = booked(payment)
    gone = takings.refunded + takings.held + takings.lost
    return takings.received - gone - _under_way(session, payment.id)


def _under_way(session: Session, payment_id: UUID) -> int:
    asked = select(func.coalesce(func.sum(Refund.cents), 0))
    return int(session.exec(asked.where(Refund.payment_id == payment_id, col(Refund.state).in_(UNDER_WAY))).one())
