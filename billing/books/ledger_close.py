"""Closing months of the ledger, and proving every night that what was kept of them is what their entries add up to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from billing.books.ledger_sums import after, begin_of
from billing.ledger_tables import LedgerClosing, LedgerProof
from billing.tables import LedgerEntry
from core.clock import AMSTERDAM, now, today
from core.errors import Forbidden
from core.language import _
from core.rows import append, ask
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.roles import Role

REST_DAYS = 3
"""Days after its end before a month is closed: whatever was being booked at midnight is long there by then."""

KEEP = text("""
    INSERT INTO billing.ledger_month (id, tenant_id, created_at, month, account, party_id, debit_cents, credit_cents)
    SELECT gen_random_uuid(), :tenant, :now, :month, account, party_id,
        coalesce(sum(cents) FILTER (WHERE cents > 0), 0), coalesce(-sum(cents) FILTER (WHERE cents < 0), 0)
    FROM billing.ledger_entry WHERE tenant_id = :tenant AND created_at >= :since AND created_at < :until
    GROUP BY account, party_id
""")
PROVE = text("""
    WITH booked AS (
        SELECT date_trunc('month', created_at AT TIME ZONE 'Europe/Amsterdam')::date AS month, account, party_id,
            count(*) AS entries, sum(cents) AS cents,
            coalesce(sum(cents) FILTER (WHERE cents > 0), 0) AS debit_cents,
            coalesce(-sum(cents) FILTER (WHERE cents < 0), 0) AS credit_cents
        FROM billing.ledger_entry WHERE tenant_id = :tenant GROUP BY 1, 2, 3
    ), kept AS (SELECT * FROM billing.ledger_month WHERE tenant_id = :tenant)
    SELECT coalesce((SELECT sum(entries) FROM booked), 0), coalesce((SELECT sum(cents) FROM booked), 0), (
        SELECT count(*) FROM (SELECT * FROM booked WHERE month <= :closed) b
        FULL JOIN kept k ON (k.month, k.account) = (b.month, b.account) AND k.party_id IS NOT DISTINCT FROM b.party_id
        WHERE (k.debit_cents, k.credit_cents) IS DISTINCT FROM (b.debit_cents, b.credit_cents)
    )
""")


@dataclass(frozen=True)
class Proof:
    """When all entries were added up last, how many there were, and whether everything was right."""

    at: datetime
    entries: int
    is_right: bool


def close_months(session: Session, actor: Actor) -> tuple[date, ...]:
    """Close every month that is over for some days, the oldest first; return which. The system's."""
    _only_the_system(actor)
    months = []
    month = _first_open(session)
    while month is not None and today() >= after(month) + timedelta(days=REST_DAYS):
        bounds = {"since": begin_of(month), "until": begin_of(after(month))}
        ask(session, KEEP, tenant=actor.tenant_id, now=now(), month=month, **bounds)
        append(session, LedgerClosing, tenant_id=actor.tenant_id, month=month)
        months.append(month)
        month = after(month)
    return tuple(months)


def prove_ledger(session: Session, actor: Actor) -> Proof:
    """Add every entry up again, hold it against what was kept, and keep what came of it. The system's.

    A difference is an event in the audit trail as well, and stands on the page of the trial balance.
    """
    _only_the_system(actor)
    closed = session.exec(select(func.max(LedgerClosing.month))).one() or date(1970, 1, 1)
    entries, left_over, differences = tuple(ask(session, PROVE, tenant=actor.tenant_id, closed=closed).one())
    append(
        session,
        LedgerProof,
        tenant_id=actor.tenant_id,
        entries=int(entries),
        differences=differences,
        left_over_cents=int(left_over),
    )
    is_right = not differences and not left_over
    if not is_right:
        record(session, actor, "billing:ledger:differs", actor.tenant_id, reason=f"{differences}:{int(left_over)}")
    return Proof(now(), int(entries), is_right)


def last_proof(session: Session, actor: Actor) -> Proof | None:
    """Return what came of the last proof; None before the first night."""
    require(actor, Permission.KEEP_BOOKS)
    found = session.exec(select(LedgerProof).order_by(col(LedgerProof.created_at).desc()).limit(1)).first()
    if found is None:
        return None
    return Proof(found.created_at, found.entries, not found.differences and not found.left_over_cents)


def _first_open(session: Session) -> date | None:
    """Return the month after the last closed one, or else the one in which the first entry stands."""
    last = session.exec(select(func.max(LedgerClosing.month))).one()
    if last is not None:
        return after(last)
    first = session.exec(select(func.min(LedgerEntry.created_at))).one()
    return first.astimezone(AMSTERDAM).date().replace(day=1) if first is not None else None


def _only_the_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise Forbidden(_("Dit doet het systeem."))
