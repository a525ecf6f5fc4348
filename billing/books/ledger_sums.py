"""Adds the ledger up: closed months as they were kept, and entry by entry only what comes after them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from billing.books.ledger_accounts import Account
from billing.ledger_tables import LedgerClosing
from core.clock import AMSTERDAM
from core.rows import ask


@dataclass(frozen=True)
class Turnover:
    """What was booked on an account: debit and credit, both at least zero, in cents."""

    debit_cents: int = 0
    credit_cents: int = 0

    @property
    def cents(self) -> int:
        """What stands there: a debit above zero, a credit below."""
        return self.debit_cents - self.credit_cents


SUMS = """
    SELECT {key}, sum(debit)::bigint AS debit, sum(credit)::bigint AS credit FROM (
        SELECT account, party_id, sum(debit_cents) AS debit, sum(credit_cents) AS credit
        FROM billing.ledger_month WHERE month < :closed {where} GROUP BY account, party_id
        UNION ALL
        SELECT account, {party}, sum(cents) FILTER (WHERE cents > 0), -sum(cents) FILTER (WHERE cents < 0)
        FROM billing.ledger_entry WHERE created_at >= :since AND created_at < :until {where} GROUP BY account {by}
    ) booked GROUP BY {key}
"""
"""Row-level security leaves the entries of one tenant."""

BY_ACCOUNT = text(SUMS.format(key="account", party="NULL::uuid", by="", where=""))
BY_PARTY = text(SUMS.format(key="party_id", party="party_id", by=", party_id", where="AND account = :account"))
EVER = datetime(1970, 1, 1, tzinfo=UTC)
LAST_CLOSED = select(func.max(LedgerClosing.month))


def begin_of(day: date) -> datetime:
    """Return the moment at which a day begins in the Netherlands."""
    return datetime.combine(day, time(), AMSTERDAM)


def after(month: date) -> date:
    """Return the first day of the month after one."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def turnover_until(session: Session, day: date, *, before: bool = False) -> Mapping[Account, Turnover]:
    """Return what was ever booked on each account until the end of `day`, or until its beginning."""
    rows = ask(session, BY_ACCOUNT, **_bounds(session, day if before else day + timedelta(days=1)))
    return {Account(row.account): Turnover(row.debit or 0, row.credit or 0) for row in rows}


def turnover_of_parties(
    session: Session, account: Account, day: date, *, before: bool = False
) -> Mapping[UUID | None, Turnover]:
    """Return the same of one account for each party."""
    bounds = _bounds(session, day if before else day + timedelta(days=1))
    rows = ask(session, BY_PARTY, account=account.value, **bounds)
    return {row.party_id: Turnover(row.debit or 0, row.credit or 0) for row in rows}


def _bounds(session: Session, end: date) -> dict[str, object]:
    """Return what to add up before the day `end`: the months that are kept, and from when on the entries."""
    last = session.exec(LAST_CLOSED.where(col(LedgerClosing.month) < end.replace(day=1))).one()
    closed = after(last) if last is not None else date.min
    return {"closed": closed, "since": begin_of(closed) if last else EVER, "until": begin_of(end)}
