"""Looking into an account of the ledger: its parties, and its entries, each with the document that it comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select

from billing.books.ledger import BookingKind
from billing.books.ledger_accounts import Account
from billing.books.ledger_sums import EVER, Turnover, begin_of, turnover_of_parties
from billing.payment_tables import Payment
from billing.tables import Invoice, LedgerEntry, LedgerTransaction
from core.paging import Page, offset
from identity.actor import Actor
from identity.policy import Permission, require
from identity.tables import Organisation


@dataclass(frozen=True)
class Period:
    """From which day to which, both included; without `first` from the beginning."""

    first: date | None
    last: date


@dataclass(frozen=True)
class PartyBalance:
    """What stands on an account for one party, and what came and went in a period; cents."""

    party_id: UUID
    name: str
    opening_cents: int
    debit_cents: int
    credit_cents: int
    cents: int


@dataclass(frozen=True)
class EntryView:
    """One side of a booking. `number` is that of the invoice that it is about, where it is one of the house."""

    id: UUID
    transaction_id: UUID
    at: datetime
    kind: str
    account: Account
    party_id: UUID | None
    party_name: str
    cents: int
    document_id: UUID | None
    number: str = ""
    invoice_id: UUID | None = None


def list_parties(
    session: Session, actor: Actor, account: Account, period: Period, page: int = 1, page_size: int = 50
) -> Page[PartyBalance]:
    """Return the parties of an account by name: those with a balance, or with something booked in the period."""
    require(actor, Permission.KEEP_BOOKS)
    closing = turnover_of_parties(session, account, period.last)
    opening = turnover_of_parties(session, account, period.first, before=True) if period.first else {}
    told = [_party(party, opening.get(party), turnover) for party, turnover in closing.items() if party is not None]
    there = [each for each in told if each.cents or each.debit_cents or each.credit_cents]
    names = names_of(session, (each.party_id for each in there))
    named = sorted(
        (replace(each, name=names.get(each.party_id, "")) for each in there),
        key=lambda each: (each.name, str(each.party_id)),
    )
    start = offset(page, page_size)
    return Page(tuple(named[start : start + page_size]), len(named), page, page_size)


def list_entries(
    session: Session,
    actor: Actor,
    account: Account,
    period: Period,
    party_id: UUID | None = None,
    page: int = 1,
    page_size: int = 50,
) -> Page[EntryView]:
    """Return the entries of an account in a period, of one party where that is asked; the latest first."""
    require(actor, Permission.KEEP_BOOKS)
    found = select(LedgerEntry.id).where(LedgerEntry.account == account.value, *_within(period))
    if party_id is not None:
        found = found.where(LedgerEntry.party_id == party_id)
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    # The page is found by the index alone, and only its own entries are read: the last of many is not far away.
    ids = session.exec(
        found.order_by(col(LedgerEntry.created_at).desc(), col(LedgerEntry.id))
        .limit(page_size)
        .offset(offset(page, page_size))
    ).all()
    rows = session.exec(_with_bookings().where(col(LedgerEntry.id).in_(ids))).all()
    places = {entry_id: place for place, entry_id in enumerate(ids)}
    return Page(entry_views(session, sorted(rows, key=lambda row: places[row[0].id])), total, page, page_size)


def entries_within(period: Period) -> Select[LedgerEntry, LedgerTransaction]:
    """Return the entries of a period, each with its booking; row-level security leaves those of the tenant."""
    return _with_bookings().where(*_within(period))


def _with_bookings() -> Select[LedgerEntry, LedgerTransaction]:
    booking = col(LedgerTransaction.id) == LedgerEntry.transaction_id
    return select(LedgerEntry, LedgerTransaction).join(LedgerTransaction, booking)


def _within(period: Period) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    since = begin_of(period.first) if period.first is not None else EVER
    return col(LedgerEntry.created_at) >= since, col(LedgerEntry.created_at) < begin_of(period.last + timedelta(days=1))


def entry_views(session: Session, rows: Iterable[tuple[LedgerEntry, LedgerTransaction]]) -> tuple[EntryView, ...]:
    """Return entries with names and numbers; three queries, however many entries."""
    rows = list(rows)
    names = names_of(session, (entry.party_id for entry, _booking in rows if entry.party_id))
    invoices = invoices_behind(session, (booking for _entry, booking in rows))
    views = []
    for entry, booking in rows:
        invoice_id, number = invoices.get(booking.document_id, (None, ""))
        views.append(
            EntryView(
                id=entry.id,
                transaction_id=entry.transaction_id,
                at=entry.created_at,
                kind=booking.kind,
                account=Account(entry.account),
                party_id=entry.party_id,
                party_name=names.get(entry.party_id, "") if entry.party_id else "",
                cents=entry.cents,
                document_id=booking.document_id,
                number=number,
                invoice_id=invoice_id,
            )
        )
    return tuple(views)


def invoices_behind(session: Session, bookings: Iterable[LedgerTransaction]) -> Mapping[UUID | None, tuple[UUID, str]]:
    """Return by document the invoice of the house that it is, or that it pays: its id and its number."""
    ids = {booking.document_id for booking in bookings if booking.kind != BookingKind.PROVIDER_INVOICE}
    themselves = select(Invoice.id, Invoice.id, Invoice.number).where(col(Invoice.id).in_(ids))
    paid = (
        select(Payment.id, Invoice.id, Invoice.number)
        .join(Invoice, col(Invoice.id) == Payment.invoice_id)
        .where(col(Payment.id).in_(ids))
    )
    rows = [*session.exec(themselves), *session.exec(paid)] if ids else []
    return {document: (invoice_id, number) for document, invoice_id, number in rows}


def names_of(session: Session, ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the names of organisations by their id."""
    wanted = set(ids)
    if not wanted:
        return {}
    return dict(session.exec(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(wanted))).all())


def _party(party_id: UUID, opening: Turnover | None, closing: Turnover) -> PartyBalance:
    before = opening or Turnover()
    return PartyBalance(
        party_id,
        "",
        before.cents,
        closing.debit_cents - before.debit_cents,
        closing.credit_cents - before.credit_cents,
        closing.cents,
    )
