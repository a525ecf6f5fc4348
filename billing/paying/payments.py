"""Paying an invoice through the gateway: opened by the buyer, and followed until it is settled."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from billing.invoicing.invoice_balance import outstanding_of
from billing.invoicing.invoices_read import InvoiceSummary, get_invoice
from billing.paying.gateway import PaymentGateway, PaymentOrder
from billing.paying.payment_follow import RUNNING, follow_payment
from billing.payment_tables import Payment, PaymentState
from billing.tables import InvoiceKind
from core.database import Database, Door
from core.errors import Conflict, NotFound
from core.language import _
from core.locks import take_turn
from identity.actor import Actor, system
from identity.audit import record
from identity.policy import Permission, require


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
    reference: str
    state: PaymentState
    cents: int
    invoice: InvoiceSummary


def open_payment(
    session: Session, actor: Actor, invoice_id: UUID, gateway: PaymentGateway, database: Database
) -> OpenedPayment:
    """Open a payment of what is still to be paid; while one is open, that one is returned.

    Raises NotFound for another's invoice, and Conflict when there is nothing (more) to pay or a debit is under way.
    """
    require(actor, Permission.PAY_INVOICE)
    invoice = get_invoice(session, actor, invoice_id).summary
    take_turn(session, "payment", invoice.id)
    known = _running(session, actor, invoice.id, gateway, database)
    if known is not None:
        return known
    if invoice.kind is not InvoiceKind.INVOICE or invoice.total_cents <= 0:
        raise Conflict(_("Voor deze factuur hoeft u niets te betalen."), code="nothing_to_pay")
    cents = outstanding_of(session, invoice.id)
    if cents <= 0:
        raise Conflict(_("Deze factuur is al betaald."), code="already_paid")
    order = PaymentOrder(uuid4(), invoice.number, cents)
    hosted = gateway.create_payment(order)
    _keep(session, actor, invoice, order, hosted.reference)
    return OpenedPayment(order.payment_id, hosted.url, is_new=True)


def get_payment(session: Session, actor: Actor, payment_id: UUID) -> PaymentView:
    """Return a payment of the actor's own; raises NotFound for any other (R70)."""
    require(actor, Permission.PAY_INVOICE)
    payment = session.exec(
        select(Payment)
        .where(Payment.id == payment_id, Payment.buyer_id == actor.organisation_id)
        .execution_options(populate_existing=True)
    ).first()
    if payment is None:
        raise NotFound(_("Niet gevonden."))
    invoice = get_invoice(session, actor, payment.invoice_id).summary
    return PaymentView(payment.id, payment.gateway_reference, payment.state, payment.cents, invoice)


def look_after_payment(
    session: Session, actor: Actor, payment_id: UUID, gateway: PaymentGateway, database: Database
) -> PaymentView:
    """Ask the provider at once how a payment of the actor's own stands, for a payer who comes back from its page."""
    payment = get_payment(session, actor, payment_id)
    _follow(database, actor, payment.id, gateway)
    return get_payment(session, actor, payment_id)


def _running(
    session: Session, actor: Actor, invoice_id: UUID, gateway: PaymentGateway, database: Database
) -> OpenedPayment | None:
    """Return the payment that is open at the provider still, for the amount that is to be paid still."""
    found = select(Payment.id).where(Payment.invoice_id == invoice_id, col(Payment.state).in_(RUNNING))
    for payment_id in session.exec(found).all():
        reference, cents = session.exec(
            select(Payment.gateway_reference, Payment.cents).where(Payment.id == payment_id)
        ).one()
        if cents != outstanding_of(session, invoice_id):
            gateway.close_payment(reference)
        _follow(database, actor, payment_id, gateway)
        state = session.exec(select(Payment.state).where(Payment.id == payment_id)).one()
        if state is PaymentState.PROCESSING:
            raise Conflict(_("Deze factuur wordt al betaald: de bank verwerkt de incasso nog."), code="processing")
        url = gateway.payment(reference).url if state is PaymentState.OPEN else None
        if url is not None:
            return OpenedPayment(payment_id, url, is_new=False)
    return None


def _follow(database: Database, actor: Actor, payment_id: UUID, gateway: PaymentGateway) -> None:
    """Follow as the system, in a transaction of its own, for a buyer cannot say himself that he paid.

    It waits for whoever holds the payment: the buyer's own transaction, which waits for this one, must only read it.
    """
    teller = system(actor.tenant_id)
    with database.transaction(Door.SYSTEM_OPEN, teller.context) as session:
        follow_payment(session, teller, payment_id, gateway)


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
