"""Messages of the payment provider: stored once, answered at once, handled later, and marked as handled only then.

A message says where to look and nothing more: what it is about is asked of the provider (`payment_follow`).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from billing.paying.gateway import GatewayEvent, PaymentGateway
from billing.paying.payable_accounts import follow_accounts
from billing.paying.payment_follow import follow_payment, payments_named
from billing.payment_tables import EventState, GatewayMessage
from core import outbox
from core.clock import now
from core.database import Door, enter
from core.errors import Conflict, NotFound
from core.language import _
from core.paging import Page, offset
from identity.actor import Actor, system
from identity.audit import record
from identity.policy import Permission, require

HANDLE = "billing.handle_message"
FOLLOWED = ("checkout.session.", "payment_intent.", "charge.", "refund.", "account.updated")
RECEIVE = text(
    "SELECT id, tenant FROM app.receive_gateway_message(:id, :reference, :kind, CAST(:names AS text[]), :followed)"
)
PLACE = text("SELECT id, tenant FROM app.place_gateway_messages()")
WAITING = (EventState.RECEIVED, EventState.FAILED)


@dataclass(frozen=True)
class MessageView:
    """A message that was not handled yet, and why not."""

    id: UUID
    kind: str
    received_at: datetime
    state: EventState
    attempts: int
    fault: str | None


def receive_message(session: Session, event: GatewayEvent) -> bool:
    """Store a message, once, and let the worker handle it; false for one that was here before. For nobody signed in."""
    followed = event.kind.startswith(FOLLOWED)
    values = {"id": uuid4(), "reference": event.reference, "kind": event.kind, "names": list(event.names)}
    stored = session.execute(RECEIVE, values | {"followed": followed}).first()
    if stored is not None and stored.tenant is not None:
        _pass_on(session, stored.id, stored.tenant)
    return stored is not None


def place_messages(session: Session) -> int:
    """Look once more whose the messages are that came before what they are about; returns how many are now known."""
    placed = session.execute(PLACE).all()
    for message in placed:
        _pass_on(session, message.id, message.tenant)
    return len(placed)


def handle_message(session: Session, actor: Actor, message_id: UUID, gateway: PaymentGateway) -> None:
    """Follow what a message is about; one that was handled before is left alone. Runs as the system."""
    message = _locked(session, message_id)
    if message is None or message.state is EventState.HANDLED:
        return
    for payment_id in payments_named(session, message.names):
        follow_payment(session, actor, payment_id, gateway)
    follow_accounts(session, actor, message.names, gateway)
    message.state, message.handled_at = EventState.HANDLED, now()
    message.attempts += 1
    session.add(message)
    session.flush()


def note_failure(session: Session, message_id: UUID, fault: str) -> None:
    """Write down that handling a message failed; it is tried again."""
    message = _locked(session, message_id)
    if message is not None and message.state is not EventState.HANDLED:
        message.state, message.fault = EventState.FAILED, fault[:60]
        message.attempts += 1
        session.add(message)
        session.flush()


def waiting_messages(session: Session, before: datetime) -> list[UUID]:
    """Return the messages that should have been handled by now, for the round that tries them again."""
    found = select(GatewayMessage.id).where(
        col(GatewayMessage.state).in_(WAITING), col(GatewayMessage.received_at) < before
    )
    return list(session.exec(found.order_by(col(GatewayMessage.received_at)).limit(500)))


def list_failed_messages(session: Session, actor: Actor, page: int = 1, page_size: int = 25) -> Page[MessageView]:
    """Return the messages of which handling failed until now, the oldest first."""
    require(actor, Permission.KEEP_PAYMENTS)
    found = select(GatewayMessage).where(GatewayMessage.state == EventState.FAILED)
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    rows = session.exec(
        found.order_by(col(GatewayMessage.received_at)).limit(page_size).offset(offset(page, page_size))
    ).all()
    items = (MessageView(m.id, m.kind, m.received_at, m.state, m.attempts, m.fault) for m in rows)
    return Page(tuple(items), total, page, page_size)


def retry_message(session: Session, actor: Actor, message_id: UUID) -> None:
    """Let the worker try a failed message again now; raises NotFound, and Conflict for one that was handled."""
    require(actor, Permission.KEEP_PAYMENTS)
    message = session.exec(select(GatewayMessage).where(GatewayMessage.id == message_id)).first()
    if message is None:
        raise NotFound(_("Niet gevonden."))
    if message.state is not EventState.FAILED:
        raise Conflict(_("Dit bericht is al verwerkt."))
    outbox.put(session, HANDLE, message_id=message_id, tenant_id=actor.tenant_id)
    record(session, actor, "billing:gateway_message:retried", message_id)


def _pass_on(session: Session, message_id: UUID, tenant_id: UUID) -> None:
    """Ask the worker to handle a message; from here on the transaction is that of the tenant's system."""
    enter(session, Door.SYSTEM_OPEN, system(tenant_id).context)
    outbox.put(session, HANDLE, message_id=message_id, tenant_id=tenant_id)


def _locked(session: Session, message_id: UUID) -> GatewayMessage | None:
    found = select(GatewayMessage).where(GatewayMessage.id == message_id).with_for_update()
    return session.exec(found.execution_options(populate_existing=True)).first()
