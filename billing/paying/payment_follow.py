"""Following a payment: how it stands is asked of the provider, and the books get the difference with what they know.

Messages may come late, twice or in any order: none of them is believed. Under a lock on the payment it is asked how the
payment stands now, so that whoever asks last also knows last.
"""

from uuid import UUID

from sqlmodel import Session, col, select

from billing.books.ledger import BookingKind, book
from billing.books.ledger_accounts import Account
from billing.books.ledger_payments import dispute_held, payment_fee, payment_lost, payment_received, refund_paid
from billing.paying.gateway import PaymentFacts, PaymentGateway, Progress, Takings
from billing.payment_tables import Payment, PaymentChannel, PaymentState
from core.clock import now
from core.errors import NotFound
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.roles import OrganisationKind
from identity.tables import Organisation

RUNNING = (PaymentState.OPEN, PaymentState.PROCESSING)
STATES = {
    Progress.OPEN: PaymentState.OPEN,
    Progress.PROCESSING: PaymentState.PROCESSING,
    Progress.PAID: PaymentState.PAID,
    Progress.FAILED: PaymentState.FAILED,
}


def follow_payment(session: Session, actor: Actor, payment_id: UUID, gateway: PaymentGateway) -> PaymentState:
    """Bring a payment to where it stands at the provider; runs as the system. Raises NotFound."""
    payment = locked(session, payment_id)
    if payment.channel is PaymentChannel.GATEWAY:
        _bring(session, actor, payment, gateway.payment(payment.gateway_reference))
    return payment.state


def locked(session: Session, payment_id: UUID) -> Payment:
    """Return a payment, kept from others until this transaction ends; raises NotFound."""
    found = select(Payment).where(Payment.id == payment_id).with_for_update()
    payment = session.exec(found.execution_options(populate_existing=True)).first()
    if payment is None:
        raise NotFound(_("Niet gevonden."))
    return payment


def receivable_of(session: Session, buyer_id: UUID) -> Account:
    """Return the account on which the debts of a buyer stand."""
    kind = session.exec(select(Organisation.kind).where(Organisation.id == buyer_id)).one()
    return Account.RECEIVABLE_INSURER if kind is OrganisationKind.INSURER else Account.RECEIVABLE_EMPLOYER


def state_after(before: PaymentState, facts: PaymentFacts) -> PaymentState:
    """Return the state of a payment: what was received decides, and what once was paid is never unpaid again."""
    takings, told = facts.takings, STATES[facts.progress]
    if takings.received:
        is_gone = takings.lost > 0 and takings.lost + takings.refunded >= takings.received
        return PaymentState.REVERSED if is_gone else PaymentState.PAID
    if before in (PaymentState.PAID, PaymentState.REVERSED) or told in (PaymentState.OPEN, PaymentState.PAID):
        return before  # paid without an amount: it is on its way, and another message will tell
    return told


def _bring(session: Session, actor: Actor, payment: Payment, facts: PaymentFacts) -> None:
    new = facts.takings.minus(booked(payment))
    state = state_after(payment.state, facts)
    if new == Takings() and state is payment.state and facts.intent in (None, payment.intent_reference):
        return
    _book(session, actor, payment, new)
    if state is not payment.state:
        record(session, actor, f"billing:payment:{state.value}", payment.id)
    payment.settled_at = payment.settled_at or (now() if facts.takings.received else None)
    payment.intent_reference = facts.intent or payment.intent_reference
    payment.state = state
    keep_takings(payment, facts.takings)
    session.add(payment)
    session.flush()


def booked(payment: Payment) -> Takings:
    """Return what the books know of a payment."""
    return Takings(
        received=payment.received_cents,
        fees=payment.fee_cents,
        refunded=payment.refunded_cents,
        held=payment.held_cents,
        lost=payment.lost_cents,
    )


def keep_takings(payment: Payment, takings: Takings) -> None:
    """Write down what the books know from now on."""
    payment.received_cents, payment.fee_cents = takings.received, takings.fees
    payment.refunded_cents, payment.held_cents, payment.lost_cents = takings.refunded, takings.held, takings.lost


def _book(session: Session, actor: Actor, payment: Payment, new: Takings) -> None:
    receivable, buyer = receivable_of(session, payment.buyer_id), payment.buyer_id
    for kind, booking in (
        (BookingKind.PAYMENT, payment_received(receivable, buyer, new.received)),
        (BookingKind.PAYMENT_FEE, payment_fee(new.fees)),
        (BookingKind.REFUND, refund_paid(receivable, buyer, new.refunded)),
        (BookingKind.DISPUTE, dispute_held(new.held)),
        (BookingKind.PAYMENT_LOST, payment_lost(receivable, buyer, new.lost)),
    ):
        book(session, actor, kind, payment.id, booking)


def payments_named(session: Session, names: list[str]) -> list[UUID]:
    """Return the payments that go by one of these names, theirs or ours."""
    known = col(Payment.gateway_reference).in_(names) | col(Payment.intent_reference).in_(names)
    ours = [UUID(name) for name in names if _is_id(name)]
    return list(session.exec(select(Payment.id).where(known | col(Payment.id).in_(ours)).order_by(col(Payment.id))))


def _is_id(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True
