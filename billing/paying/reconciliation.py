"""Reconciliation: every night the balance at the payment provider is held against the ledger, document by document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session, col, func, select

from billing.books.ledger import BookingKind, book
from billing.books.ledger_accounts import Account
from billing.books.ledger_payments import moved_to_bank
from billing.payable_tables import Payout
from billing.paying.gateway import BalanceLine, LineKind
from billing.payment_tables import Difference, GatewayLine, Payment
from billing.tables import LedgerEntry, LedgerTransaction
from core.clock import now, today
from core.working_days import add_working_days
from identity.actor import Actor
from identity.audit import record

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
OVERLAP = timedelta(days=3)
SETTLING = timedelta(minutes=15)
"""How long something may be known on one side only, without that being a difference."""
TERM_DAYS = 5


@dataclass(frozen=True)
class Compared:
    """What both sides say of one thing, in cents on the balance at the provider."""

    gateway_cents: int
    ledger_cents: int


def asked_since(session: Session) -> datetime:
    """Return from when on the provider has to be asked again: some days before what was stored last."""
    last = session.exec(select(func.max(col(GatewayLine.at)))).one()
    return last - OVERLAP if last else FIRST


def reconcile(session: Session, actor: Actor, lines: Sequence[BalanceLine], *, alone: bool) -> int:
    """Store the lines that are this arbodienst's, compare, and list what differs; returns how many are open.

    Runs as the system. `alone` says that the installation serves one arbodienst: then every line is its own, also what
    nobody knows and what went to the bank.
    """
    for line in _new(session, lines):
        document_id = _document(session, line)
        if document_id is not None or alone:
            _store(session, actor, line, document_id)
    session.flush()
    differing = compared(session)
    for subject, both in differing.items():
        _list(session, actor, subject, both)
    _even_out(session, differing)
    session.flush()
    return session.exec(select(func.count()).where(col(Difference.closed_at).is_(None))).one()


def compared(session: Session) -> Mapping[UUID, Compared]:
    """Return what differs between provider and ledger: per document of ours, or per line that has none."""
    gateway, ledger = _gateway_sums(session), _ledger_sums(session)
    both = {subject: Compared(gateway.get(subject, 0), ledger.get(subject, 0)) for subject in {*gateway, *ledger}}
    recent = _recent(session)
    return {
        subject: each
        for subject, each in sorted(both.items())
        if each.gateway_cents != each.ledger_cents and subject not in recent
    }


def _new(session: Session, lines: Sequence[BalanceLine]) -> list[BalanceLine]:
    known = select(GatewayLine.reference).where(col(GatewayLine.reference).in_([line.reference for line in lines]))
    stored = set(session.exec(known))
    return [line for line in lines if line.reference not in stored]


def _document(session: Session, line: BalanceLine) -> UUID | None:
    """Return the payment or the payout to which a line belongs."""
    names, ours = list(line.names), _ids(line.names)
    payment = select(Payment.id).where(
        col(Payment.gateway_reference).in_(names) | col(Payment.intent_reference).in_(names) | col(Payment.id).in_(ours)
    )
    payout = select(Payout.id).where(col(Payout.gateway_reference).in_(names) | col(Payout.id).in_(ours))
    return session.exec(payment).first() or session.exec(payout).first()


def _store(session: Session, actor: Actor, line: BalanceLine, document_id: UUID | None) -> None:
    line_id = uuid4()
    kept = GatewayLine(
        tenant_id=actor.tenant_id,
        reference=line.reference,
        kind=line.kind,
        gross_cents=line.gross_cents,
        fee_cents=line.fee_cents,
        at=line.at,
        id=line_id,
        document_id=document_id or line_id,
    )
    if line.kind is LineKind.TO_BANK and document_id is None:
        book(session, actor, BookingKind.TO_BANK, kept.id, moved_to_bank(-line.net_cents))
    session.add(kept)


def _gateway_sums(session: Session) -> dict[UUID, int]:
    net = func.sum(col(GatewayLine.gross_cents) - col(GatewayLine.fee_cents))
    sums = select(GatewayLine.document_id, net).group_by(col(GatewayLine.document_id))
    return {name: int(cents) for name, cents in session.exec(sums)}


def _ledger_sums(session: Session) -> dict[UUID, int]:
    sums = (
        select(LedgerTransaction.document_id, func.sum(LedgerEntry.cents))
        .join(LedgerEntry, col(LedgerEntry.transaction_id) == col(LedgerTransaction.id))
        .where(LedgerEntry.account == Account.PAYMENTS_IN_TRANSIT)
        .group_by(col(LedgerTransaction.document_id))
    )
    return {name: int(cents) for name, cents in session.exec(sums) if name is not None}


def _recent(session: Session) -> set[UUID]:
    """What moved a moment ago, of which the other side may not have heard yet."""
    since = now() - SETTLING
    booked = select(LedgerTransaction.document_id).where(col(LedgerTransaction.created_at) > since)
    told = select(GatewayLine.document_id).where(col(GatewayLine.at) > since)
    return {name for found in (booked, told) for name in session.exec(found) if name is not None}


def _list(session: Session, actor: Actor, subject: UUID, both: Compared) -> None:
    """Put a difference on the list; one that stands there follows, and one that a person explained stays explained."""
    found = select(Difference).where(Difference.subject == subject).order_by(col(Difference.created_at).desc())
    latest = session.exec(found).first()
    if latest is not None and latest.closed_at is None:
        latest.gateway_cents, latest.ledger_cents = both.gateway_cents, both.ledger_cents
        session.add(latest)
    elif latest is None or Compared(latest.gateway_cents, latest.ledger_cents) != both:
        due_on = add_working_days(today(), TERM_DAYS)
        new = Difference(tenant_id=actor.tenant_id, subject=subject, due_on=due_on, **vars(both))
        session.add(new)
        session.flush()
        record(session, actor, "billing:difference:found", new.id)


def _even_out(session: Session, differing: Mapping[UUID, Compared]) -> None:
    """Of what stands on the list and does not differ any more, say so; closing it is for a person."""
    ledger = _ledger_sums(session)
    waiting = select(Difference).where(
        col(Difference.closed_at).is_(None), col(Difference.subject).not_in([*differing])
    )
    for each in session.exec(waiting):
        each.gateway_cents = each.ledger_cents = ledger.get(each.subject, 0)
        session.add(each)


def _ids(names: Sequence[str]) -> list[UUID]:
    found = []
    for name in names:
        try:
            found.append(UUID(name))
        except ValueError:
            continue
    return found
