"""Jobs of paying: messages of the payment provider, refunds, payouts and reconciliation; never `medical`."""

from datetime import timedelta
from uuid import UUID

from billing.paying.gateway_local import LocalGateway
from billing.paying.gateway_local_acts import Outside
from billing.paying.gateways import gateway_of
from billing.paying.payment_follow import follow_payment, locked
from billing.paying.payment_refunds import send_refund
from billing.paying.payouts import SEND_PAYOUT, plan_again, send_payout, take_back, waiting_payouts
from billing.paying.reconciliation import asked_since, reconcile
from billing.paying.webhooks import (
    HANDLE,
    handle_message,
    note_failure,
    place_messages,
    receive_message,
    waiting_messages,
)
from core import outbox
from core.clock import now
from core.database import Database, Door
from worker.stage import acting, tenants

LATE = timedelta(hours=3)
"""After which a message that still waits is tried by the round; until then the queue does so by itself."""


def message(database: Database, *, message_id: str, tenant_id: str) -> None:
    """Handle a message of the payment provider; when that fails it is written down, and the queue tries again."""
    try:
        with acting(database, Door.OPEN, tenant_id) as (session, actor):
            handle_message(session, actor, UUID(message_id), gateway_of(database.settings))
    except Exception as fault:
        with acting(database, Door.OPEN, tenant_id) as (session, _actor):
            note_failure(session, UUID(message_id), type(fault).__name__)
        raise


def place(database: Database) -> None:
    """Find out whose the messages are that came too early, and try again what failed for hours."""
    with database.transaction(Door.SYSTEM_OPEN) as session:
        place_messages(session)
    for tenant_id in tenants(database):
        with acting(database, Door.OPEN, tenant_id) as (session, _actor):
            for message_id in waiting_messages(session, now() - LATE):
                outbox.put(session, HANDLE, message_id=message_id, tenant_id=tenant_id)
            for payout_id in waiting_payouts(session):
                outbox.put(session, SEND_PAYOUT, payout_id=payout_id, tenant_id=tenant_id)


def refund(database: Database, *, refund_id: str, tenant_id: str) -> None:
    """Send a refund."""
    with acting(database, Door.OPEN, tenant_id) as (session, actor):
        send_refund(session, actor, UUID(refund_id), gateway_of(database.settings))


def close_payment(database: Database, *, payment_id: str, tenant_id: str) -> None:
    """Close the page of a payment that is not needed any more."""
    gateway = gateway_of(database.settings)
    with acting(database, Door.OPEN, tenant_id) as (session, actor):
        gateway.close_payment(locked(session, UUID(payment_id)).gateway_reference)
        follow_payment(session, actor, UUID(payment_id), gateway)


def payout(database: Database, *, payout_id: str, tenant_id: str) -> None:
    """Send a payout to a provider."""
    with acting(database, Door.OPEN, tenant_id) as (session, actor):
        send_payout(session, actor, UUID(payout_id), gateway_of(database.settings))


def payout_again(database: Database, *, payout_id: str, tenant_id: str) -> None:
    """Try a refused payout again; that it is a new attempt is kept before it is sent."""
    with acting(database, Door.OPEN, tenant_id) as (session, _actor):
        plan_again(session, UUID(payout_id))
    payout(database, payout_id=payout_id, tenant_id=tenant_id)


def payout_back(database: Database, *, payout_id: str, tenant_id: str) -> None:
    """Take a payout back."""
    with acting(database, Door.OPEN, tenant_id) as (session, actor):
        take_back(session, actor, UUID(payout_id), gateway_of(database.settings))


def local_gateway(database: Database) -> None:
    """Be the time and the post of the local gateway: end its direct debits, and bring its messages to our door."""
    gateway = gateway_of(database.settings)
    if isinstance(gateway, LocalGateway) and gateway.store.file.exists():
        outside = Outside(gateway)
        outside.let_time_pass()
        deliver(database, gateway, outside)


def deliver(database: Database, gateway: LocalGateway, outside: Outside) -> int:
    """Bring what the local gateway has to say, signed, through the same steps as at the door; returns how many."""
    brought = 0
    for payload, signature, answered in outside.messages():
        event = gateway.event(payload, signature)
        with database.transaction(Door.SYSTEM_OPEN) as session:
            receive_message(session, event)
        answered()
        brought += 1
    return brought


def reconcile_all(database: Database) -> None:
    """Hold the balance at the payment provider against the ledger of every arbodienst."""
    everybody, gateway = tenants(database), gateway_of(database.settings)
    for tenant_id in everybody:
        with acting(database, Door.OPEN, tenant_id) as (session, _actor):
            since = asked_since(session)
        lines = list(gateway.balance_lines(since))
        with acting(database, Door.OPEN, tenant_id) as (session, actor):
            reconcile(session, actor, lines, alone=len(everybody) == 1)
