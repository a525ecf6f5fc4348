"""Paying an invoice through the gateway: opened by the buyer, settled by what the payment provider tells."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from billing.gateway import PaymentGateway, PaymentOrder
from billing.invoices_read import InvoiceSummary, get_invoice
from billing.ledger import BookingKind, book
from billing.ledger_accounts import employer_payment_received, insurer_payment_received
from billing.tables import InvoiceKind, Payment, PaymentState
from core.clock import now
from core.database import Door, enter
from core.errors import Conflict, NotFound
from core.language import _
from core.locks import take_turn
from identity.actor import Actor, system
from identity.audit import record
from identity.policy import Permission, require
from identity.roles import OrganisationKind
from identity.tables import Organisation


@dataclass(frozen=True)
class OpenedPayment:
    """A payment and the page on which it is paid; `is_new` is false for one that was opened before."""

    id: UUID
    url: str
    is_new: bool


@dataclass(frozen=True)
class PaymentView:
    """A payment and the invoice that it pays; cents."""

    id: UUID
    state: PaymentState
    cents: int
    invoice: InvoiceSummary


def open_payment(session: Session, actor: Actor, invoice_id: UUID, gateway: PaymentGateway) -> OpenedPayment:
    """Open a payment of the whole invoice; while one is open, that one is returned.

    Raises NotFound for another's invoice, and Conflict when there is nothing (more) to pay.
    """
    require(actor, Permission.PAY_INVOICE)
    invoice = get_invoice(session, actor, invoice_id).summary
    take_turn(session, "payment", invoice.id)
    payments = session.exec(select(Payment).where(Payment.invoice_id == invoice.id)).all()
    if any(payment.state is PaymentState.PAID for payment in payments):
        raise Conflict(_("Deze factuur is al betaald."), code="already_paid")
    if invoice.kind is not InvoiceKind.INVOICE or invoice.total_cents <= 0:
        raise Conflict(_("Voor deze factuur hoeft u niets te betalen."), code="nothing_to_pay")
    known = next((payment for payment in payments if payment.state is PaymentState.OPEN), None)
    order = PaymentOrder(known.id if known else uuid4(), invoice.number, invoice.total_cents)
    hosted = gateway.create_payment(order)
    if known is None:
        _keep(session, actor, invoice, order, hosted.reference)
    return OpenedPayment(order.payment_id, hosted.url, is_new=known is None)


def get_payment(session: Session, actor: Actor, payment_id: UUID) -> PaymentView:
    """Return a payment of the actor's own; raises NotFound for any other (R70)."""
    require(actor, Permission.PAY_INVOICE)
    payment = session.exec(
        select(Payment).where(Payment.id == payment_id, Payment.buyer_id == actor.organisation_id)
    ).first()
    if payment is None:
        raise NotFound(_("Niet gevonden."))
    invoice = get_invoice(session, actor, payment.invoice_id).summary
    return PaymentView(payment.id, payment.state, payment.cents, invoice)


def pay_locally(session: Session, actor: Actor, payment_id: UUID) -> PaymentView:
    """Pay on the page of the local gateway: the payer clicks, and the gateway tells that it was paid.

    Raises NotFound for another's payment, and Conflict for an invoice that another payment has paid meanwhile.
    """
    payment = get_payment(session, actor, payment_id)
    reference = session.exec(select(Payment.gateway_reference).where(Payment.id == payment.id)).one()
    teller = system(actor.tenant_id)
    enter(session, Door.OPEN, teller.context)
    settle_payment(session, teller, reference)
    enter(session, Door.OPEN, actor.context)
    return get_payment(session, actor, payment_id)


def settle_payment(session: Session, actor: Actor, reference: str) -> None:
    """Book what the payment provider says was paid; told again it changes nothing.

    Runs as the system. Raises NotFound for an unknown reference, and Conflict when the invoice is paid already.
    """
    found = select(Payment).where(Payment.gateway_reference == reference).with_for_update()
    payment = session.exec(found.execution_options(populate_existing=True)).first()
    if payment is None:
        raise NotFound(_("Niet gevonden."))
    if payment.state is PaymentState.PAID:
        return
    take_turn(session, "payment", payment.invoice_id)
    if _is_paid(session, payment.invoice_id):
        raise Conflict(_("Deze factuur is al betaald."), code="already_paid")
    payment.state = PaymentState.PAID
    payment.settled_at = now()
    session.add(payment)
    session.flush()
    kind = session.exec(select(Organisation.kind).where(Organisation.id == payment.buyer_id)).one()
    received = insurer_payment_received if kind is OrganisationKind.INSURER else employer_payment_received
    book(session, actor, BookingKind.PAYMENT, payment.id, received(payment.buyer_id, payment.cents))
    record(session, actor, "billing:payment:settled", payment.id)
    session.flush()


def _keep(session: Session, actor: Actor, invoice: InvoiceSummary, order: PaymentOrder, reference: str) -> None:
    payment = Payment(
        id=order.payment_id,
        tenant_id=actor.tenant_id,
        invoice_id=invoice.id,
        buyer_id=invoice.buyer_id,
        gateway_reference=reference,
        cents=order.cents,
    )
    session.add(payment)
    session.flush()
    record(session, actor, "billing:payment:opened", payment.id)


def _is_paid(session: Session, invoice_id: UUID) -> bool:
    paid = select(Payment.id).where(Payment.invoice_id == invoice_id, col(Payment.state) == PaymentState.PAID)
    return session.exec(paid).first() is not None
