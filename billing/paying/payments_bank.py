"""What the bank received: an insurer or employer that pays by transfer, written down by the secretariat."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from billing.books.ledger import BookingKind, book
from billing.books.ledger_payments import bank_receipt
from billing.invoicing.invoice_balance import outstanding_of
from billing.paying.payment_follow import RUNNING, receivable_of
from billing.payment_tables import Payment, PaymentChannel, PaymentState
from billing.tables import Invoice, InvoiceKind
from core import outbox
from core.clock import now
from core.errors import Conflict, FieldError, Invalid
from core.language import _
from core.locks import take_turn
from core.validation import OneLine
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require

CLOSE_PAYMENT = "billing.close_payment"
MOST_CENTS = 100_000_000


class BankReceipt(BaseModel):
    """A line of the bank statement: how much, for which invoice, and what the statement calls it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    invoice_number: Annotated[OneLine, Field(max_length=20)]
    cents: Annotated[int, Field(gt=0, le=MOST_CENTS)]
    statement: Annotated[OneLine, Field(max_length=35)]


def record_bank_receipt(session: Session, actor: Actor, receipt: BankReceipt) -> UUID:
    """Write down what the bank received for an invoice and return the payment; the same line again is the same one.

    Raises Invalid for a number that is no invoice, and Conflict for a line that was written down for something else.
    """
    require(actor, Permission.KEEP_PAYMENTS)
    take_turn(session, "statement", actor.tenant_id, receipt.statement)
    invoice = session.exec(select(Invoice).where(Invoice.number == receipt.invoice_number)).first()
    if invoice is None or invoice.kind is not InvoiceKind.INVOICE:
        wrong = _("Er is geen factuur met dit nummer.")
        raise Invalid(wrong, [FieldError("invoice_number", wrong)])
    known = _known(session, actor, invoice, receipt)
    if known is not None:
        return known
    payment = _keep(session, actor, invoice, receipt)
    booking = bank_receipt(receivable_of(session, invoice.buyer_id), invoice.buyer_id, receipt.cents)
    book(session, actor, BookingKind.BANK_RECEIPT, payment.id, booking)
    record(session, actor, "billing:payment:bank", payment.id)
    if outstanding_of(session, invoice.id) <= 0:
        _close_running(session, actor, invoice.id)
    return payment.id


def _known(session: Session, actor: Actor, invoice: Invoice, receipt: BankReceipt) -> UUID | None:
    found = select(Payment).where(Payment.gateway_reference == _reference(actor, receipt))
    payment = session.exec(found).first()
    if payment is None:
        return None
    if (payment.invoice_id, payment.cents) != (invoice.id, receipt.cents):
        raise Conflict(_("Deze regel van het afschrift is al verwerkt, met een andere factuur of een ander bedrag."))
    return payment.id


def _keep(session: Session, actor: Actor, invoice: Invoice, receipt: BankReceipt) -> Payment:
    payment = Payment(
        tenant_id=actor.tenant_id,
        invoice_id=invoice.id,
        buyer_id=invoice.buyer_id,
        channel=PaymentChannel.BANK,
        gateway_reference=_reference(actor, receipt),
        cents=receipt.cents,
        received_cents=receipt.cents,
        state=PaymentState.PAID,
        settled_at=now(),
    )
    session.add(payment)
    session.flush()
    return payment


def _close_running(session: Session, actor: Actor, invoice_id: UUID) -> None:
    """Nobody should pay once more on a page that is open still."""
    running = select(Payment.id).where(Payment.invoice_id == invoice_id, col(Payment.state).in_(RUNNING))
    for payment_id in session.exec(running):
        outbox.put(session, CLOSE_PAYMENT, payment_id=payment_id, tenant_id=actor.tenant_id)


def _reference(actor: Actor, receipt: BankReceipt) -> str:
    return f"bank-{actor.tenant_id.hex}-{receipt.statement}"
