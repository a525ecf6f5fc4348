"""Paying providers: what is due is planned once per provider, sent by the worker, and booked when it was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlmodel import Session, col, func, select, update

from billing.books.ledger import BookingKind, book
from billing.books.ledger_payments import provider_paid
from billing.payable_tables import Payable, Payout, PayoutAccount, PayoutState
from billing.paying.gateway import GatewayRefused, PaymentGateway, TransferOrder
from billing.paying.payables import may_be_paid
from core import outbox
from core.clock import now, today
from core.errors import Conflict, NotFound
from core.language import _
from core.locks import take_turn
from core.paging import Page, offset
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.tables import Organisation

SEND_PAYOUT, RETRY_PAYOUT, UNDO_PAYOUT = "billing.send_payout", "billing.retry_payout", "billing.undo_payout"


@dataclass(frozen=True)
class PayoutRunResult:
    """What a run planned, and how many providers wait: without an account, or owing more than they are owed."""

    payouts: tuple[UUID, ...]
    without_account: int
    carried_over: int


@dataclass(frozen=True)
class PayoutView:
    """A payment to a provider, in cents; `fault` is the word of the payment provider for why not."""

    id: UUID
    provider_name: str
    cents: int
    state: PayoutState
    fault: str | None
    planned_at: datetime
    sent_at: datetime | None


def run_payouts(session: Session, actor: Actor) -> PayoutRunResult:
    """Plan one payout for each provider that is owed something that is due and agreed; the worker sends them.

    Credit notes are netted. Who owes more than he is owed is not paid, and that is carried over; who has no account
    that is ready waits.
    """
    require(actor, Permission.PAY_PROVIDERS)
    take_turn(session, "payouts", actor.tenant_id)
    accounts = {
        each.provider_id: each.gateway_reference
        for each in session.exec(select(PayoutAccount).where(col(PayoutAccount.is_ready)))
    }
    planned, without, carried = list[UUID](), 0, 0
    for provider_id, owed in groupby(_due(session), key=lambda payable: payable.provider_id):
        payables = tuple(owed)
        cents = sum(payable.cents for payable in payables)
        if cents <= 0:
            carried += 1
        elif provider_id not in accounts:
            without += 1
        else:
            planned.append(_plan(session, actor, accounts[provider_id], payables, cents))
    record(session, actor, "billing:payout_run:done", None)
    return PayoutRunResult(tuple(planned), without, carried)


def send_payout(session: Session, actor: Actor, payout_id: UUID, gateway: PaymentGateway) -> PayoutState:
    """Send a planned payout, once however often it is tried; a refused one stands on a list. Runs as the system."""
    payout = _locked(session, payout_id)
    if payout.state is not PayoutState.PLANNED:
        return payout.state
    try:
        order = TransferOrder(payout.id, payout.attempt, payout.account, payout.cents)
        payout.gateway_reference = gateway.transfer(order)
        payout.state, payout.sent_at, payout.fault = PayoutState.SENT, now(), None
        book(session, actor, BookingKind.PAYOUT, payout.id, provider_paid(payout.provider_id, payout.cents))
    except GatewayRefused as refusal:
        payout.state, payout.fault = PayoutState.REFUSED, refusal.code
    session.add(payout)
    session.flush()
    record(session, actor, f"billing:payout:{payout.state.value}", payout.id)
    return payout.state


def retry_payout(session: Session, actor: Actor, payout_id: UUID) -> None:
    """Let the worker try a refused payout again; raises NotFound, and Conflict for one that was not refused."""
    _ask(session, actor, payout_id, (PayoutState.REFUSED,), RETRY_PAYOUT)
    record(session, actor, "billing:payout:retried", payout_id)


def undo_payout(session: Session, actor: Actor, payout_id: UUID) -> None:
    """Let the worker take a payout back, so that what it paid is owed again; raises as `retry_payout` does."""
    _ask(session, actor, payout_id, (PayoutState.REFUSED, PayoutState.SENT), UNDO_PAYOUT)
    record(session, actor, "billing:payout:undone", payout_id)


def plan_again(session: Session, payout_id: UUID) -> None:
    """Make a refused payout a planned one, under a new attempt and to the account of today. Runs as the system."""
    payout = _locked(session, payout_id)
    if payout.state is PayoutState.REFUSED:
        account = session.exec(select(PayoutAccount).where(PayoutAccount.provider_id == payout.provider_id)).one()
        payout.state, payout.attempt = PayoutState.PLANNED, payout.attempt + 1
        payout.account = account.gateway_reference
        session.add(payout)
        session.flush()


def take_back(session: Session, actor: Actor, payout_id: UUID, gateway: PaymentGateway) -> None:
    """Reverse the transfer of a payout, if there was one, and let its payables be owed again. Runs as the system."""
    payout = _locked(session, payout_id)
    if payout.state not in (PayoutState.SENT, PayoutState.REFUSED):
        return
    if payout.state is PayoutState.SENT and payout.gateway_reference is not None:
        gateway.reverse_transfer(payout.gateway_reference, payout.id)
        book(session, actor, BookingKind.PAYOUT, payout.id, provider_paid(payout.provider_id, -payout.cents))
    payout.state = PayoutState.REVERSED
    session.add(payout)
    session.flush()
    session.execute(update(Payable).where(col(Payable.payout_id) == payout.id).values(payout_id=None))
    record(session, actor, "billing:payout:reversed", payout.id)


def list_payouts(
    session: Session, actor: Actor, states: Sequence[PayoutState] = (), page: int = 1, page_size: int = 25
) -> Page[PayoutView]:
    """Return the payouts in these states, or all of them, the newest first."""
    require(actor, Permission.PAY_PROVIDERS)
    found = select(Payout, Organisation.name).join(Organisation, col(Organisation.id) == col(Payout.provider_id))
    if states:
        found = found.where(col(Payout.state).in_(states))
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    ordered = found.order_by(col(Payout.created_at).desc(), col(Payout.id))
    rows = session.exec(ordered.limit(page_size).offset(offset(page, page_size))).all()
    return Page(tuple(_view(payout, name) for payout, name in rows), total, page, page_size)


def waiting_payouts(session: Session) -> list[UUID]:
    """Return the payouts that are planned still, for the round that sends what a lost job did not."""
    found = select(Payout.id).where(Payout.state == PayoutState.PLANNED)
    return list(session.exec(found.order_by(col(Payout.created_at)).limit(500)))


def _due(session: Session) -> Sequence[Payable]:
    """What is due and may be paid; a credit note counts as soon as it is there."""
    found = select(Payable).where(col(Payable.payout_id).is_(None), may_be_paid(), col(Payable.due_on) <= today())
    ordered = found.order_by(col(Payable.provider_id), col(Payable.due_on), col(Payable.id)).with_for_update()
    return session.exec(ordered.execution_options(populate_existing=True)).all()


def _plan(session: Session, actor: Actor, account: str, payables: Sequence[Payable], cents: int) -> UUID:
    payout = Payout(
        tenant_id=actor.tenant_id,
        provider_id=payables[0].provider_id,
        account=account,
        cents=cents,
        planned_by=actor.account,
    )
    session.add(payout)
    session.flush()
    for payable in payables:
        payable.payout_id = payout.id
        session.add(payable)
    session.flush()
    outbox.put(session, SEND_PAYOUT, payout_id=payout.id, tenant_id=actor.tenant_id)
    record(session, actor, "billing:payout:planned", payout.id)
    return payout.id


def _ask(session: Session, actor: Actor, payout_id: UUID, states: Sequence[PayoutState], task: str) -> None:
    require(actor, Permission.PAY_PROVIDERS)
    payout = session.exec(select(Payout).where(Payout.id == payout_id)).first()
    if payout is None:
        raise NotFound(_("Niet gevonden."))
    if payout.state not in states:
        raise Conflict(_("Deze uitbetaling staat niet (meer) zo."))
    outbox.put(session, task, payout_id=payout_id, tenant_id=actor.tenant_id)


def _locked(session: Session, payout_id: UUID) -> Payout:
    found = select(Payout).where(Payout.id == payout_id).with_for_update()
    return session.exec(found.execution_options(populate_existing=True)).one()


def _view(payout: Payout, name: str) -> PayoutView:
    return PayoutView(payout.id, name, payout.cents, payout.state, payout.fault, payout.created_at, payout.sent_at)
