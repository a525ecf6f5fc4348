"""The ledger of a period as an Auditfile Financieel (XAF 3.2), as accountants and the tax office read it.

It holds ledger facts and nothing else: accounts, organisations, bookings with their day, number and amounts. There is
no line of an invoice in it, no word of anybody's own, and no employee (R43).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID

from lxml import etree
from sqlmodel import Session, col, func, select

from billing.books.auditfile_facts import JOURNALS, Customer, customers_of, kinds_of
from billing.books.ledger import AccountBalance, trial_balance
from billing.books.ledger_accounts import CHART, Nature
from billing.books.ledger_entries import EntryView, Period, entries_within, entry_views
from billing.books.ledger_sums import after
from billing.invoicing.document_parties import Party
from billing.invoicing.invoice_parties import seller_of
from billing.tables import LedgerEntry, LedgerTransaction
from core.clock import AMSTERDAM, today
from core.errors import FieldError, Invalid
from core.language import _
from core.money import euros
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require

NAMESPACE = "http://www.auditfiles.nl/XAF/3.2"
MEDIA_TYPE = "application/xml"
SOFTWARE, VERSION = "Providerboog", "1"
MOST_LINES = 500_000
"""Lines of one file; a year with more is given in parts, which the format allows."""

BATCH = 2_000
IN_MEMORY = 8 * 1024 * 1024
"""Bytes that are kept in memory while a file is written; what is larger goes to the disk."""

Writer = Any
"""The incremental writer of lxml, which has no type of its own."""


@dataclass(frozen=True)
class Auditfile:
    """A file that was written: its name, which tells the period and no more, and its content, read from the start."""

    name: str
    content: IO[bytes]


def write_auditfile(session: Session, actor: Actor, period: Period) -> Auditfile:
    """Write the bookings of a period within one calendar year, with what stood there before.

    Raises Invalid for a period over two years, one without a first day, or one with too many lines for one file.
    """
    require(actor, Permission.KEEP_BOOKS)
    first = period.first
    if first is None or first.year != period.last.year or first > period.last:
        raise _refusal(_("Kies een periode binnen één kalenderjaar."))
    lines = session.exec(select(func.count()).select_from(_entries(period).subquery())).one()
    if lines > MOST_LINES:
        raise _refusal(_("Dat zijn er te veel voor één bestand. Kies een kortere periode."))
    record(session, actor, "billing:auditfile:taken", actor.tenant_id)
    accounts = trial_balance(session, actor, first, period.last)
    content: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- whoever sends it closes it
    with etree.xmlfile(content, encoding="utf-8") as file:
        file.write_declaration()
        with file.element("auditfile", xmlns=NAMESPACE):
            _header(file, first, period.last)
            with file.element("company"):
                seller = seller_of(session, actor.tenant_id)
                _fields(file, companyIdent=seller.kvk, companyName=seller.name, taxRegistrationCountry="NL")
                _fields(file, taxRegIdent=seller.vat_id)
                _address(file, seller)
                _customers(file, customers_of(session, _parties(session, period)))
                _accounts(file)
                _periods(file, first, period.last)
                _opening(file, first, accounts)
                _transactions(file, session, period, lines, accounts)
    content.seek(0)
    return Auditfile(f"auditfile-{first:%Y%m%d}-{period.last:%Y%m%d}.xaf", content)


def _refusal(sentence: str) -> Invalid:
    return Invalid(sentence, [FieldError("from", sentence)])


def _entries(period: Period) -> Any:
    return entries_within(period).with_only_columns(col(LedgerEntry.id))


def _parties(session: Session, period: Period) -> Sequence[UUID]:
    """Return everybody who stands in the bookings of the period."""
    found = entries_within(period).with_only_columns(col(LedgerEntry.party_id)).distinct()
    return [row[0] for row in session.execute(found) if row[0] is not None]


def _header(file: Writer, first: date, last: date) -> None:
    with file.element("header"):
        _fields(file, fiscalYear=str(first.year), startDate=first.isoformat(), endDate=last.isoformat())
        _fields(file, curCode="EUR", dateCreated=today().isoformat(), softwareDesc=SOFTWARE, softwareVersion=VERSION)


def _customers(file: Writer, customers: Iterable[Customer]) -> None:
    with file.element("customersSuppliers"):
        for each in customers:
            with file.element("customerSupplier"):
                _fields(file, custSupID=each.identity, custSupName=each.name[:50], commerceNr=each.kvk)
                _fields(file, taxRegistrationCountry="NL" if each.vat_id else None, taxRegIdent=each.vat_id)
                _fields(file, custSupTp=each.kind)


def _accounts(file: Writer) -> None:
    with file.element("generalLedger"):
        for facts in CHART.values():
            on_balance = facts.nature in (Nature.ASSET, Nature.LIABILITY)
            with file.element("ledgerAccount"):
                _fields(file, accID=str(facts.number), accDesc=facts.name, accTp="B" if on_balance else "P")


def _periods(file: Writer, first: date, last: date) -> None:
    with file.element("periods"):
        begin = first
        while begin <= last:
            end = min(after(begin.replace(day=1)) - timedelta(days=1), last)
            with file.element("period"):
                _fields(file, periodNumber=str(begin.month), periodDesc=f"{begin:%Y-%m}")
                _fields(file, startDatePeriod=begin.isoformat(), endDatePeriod=end.isoformat())
            begin = end + timedelta(days=1)


def _opening(file: Writer, first: date, accounts: Sequence[AccountBalance]) -> None:
    """Write what stood on each account before the period; nothing where nothing did."""
    opened = [each for each in accounts if each.opening_cents]
    if not opened:
        return
    with file.element("openingBalance"):
        _fields(file, opBalDate=first.isoformat(), opBalDesc="Beginbalans", linesCount=str(len(opened)))
        debit = sum(each.opening_cents for each in opened if each.opening_cents > 0)
        _totals(file, debit, debit - sum(each.opening_cents for each in opened))
        for number, each in enumerate(opened, 1):
            with file.element("obLine"):
                _fields(file, nr=str(number), accID=str(each.number))
                _amount(file, each.opening_cents)


def _transactions(
    file: Writer, session: Session, period: Period, lines: int, accounts: Sequence[AccountBalance]
) -> None:
    with file.element("transactions"):
        _fields(file, linesCount=str(lines))
        _totals(file, sum(each.debit_cents for each in accounts), sum(each.credit_cents for each in accounts))
        for journal in JOURNALS:
            with file.element("journal"):
                _fields(file, jrnID=journal.identity, desc=journal.name, jrnTp=journal.kind)
                _bookings(file, _views(session, period, kinds_of(journal)))


def _views(session: Session, period: Period, kinds: Sequence[str]) -> Iterator[EntryView]:
    """Yield the entries of a journal in the order of their bookings, read a bounded number at a time."""
    found = entries_within(period).where(col(LedgerTransaction.kind).in_(kinds))
    ordered = found.order_by(col(LedgerEntry.created_at), col(LedgerEntry.transaction_id), col(LedgerEntry.id))
    for rows in session.exec(ordered.execution_options(yield_per=BATCH)).partitions():
        yield from entry_views(session, rows)


def _bookings(file: Writer, views: Iterator[EntryView]) -> None:
    """Write each booking once with its lines; the entries of one follow each other."""
    waiting: list[EntryView] = []
    for view in views:
        if waiting and waiting[0].transaction_id != view.transaction_id:
            _booking(file, waiting)
            waiting = []
        waiting.append(view)
    if waiting:
        _booking(file, waiting)


def _booking(file: Writer, views: Sequence[EntryView]) -> None:
    day = views[0].at.astimezone(AMSTERDAM).date()
    with file.element("transaction"):
        _fields(file, nr=views[0].transaction_id.hex, periodNumber=str(day.month), trDt=day.isoformat())
        for number, each in enumerate(views, 1):
            with file.element("trLine"):
                _fields(file, nr=str(number), accID=str(CHART[each.account].number))
                _fields(file, docRef=each.number or views[0].transaction_id.hex, effDate=day.isoformat())
                _amount(file, each.cents)
                _fields(file, custSupID=each.party_id.hex if each.party_id else None)
                _fields(file, invRef=each.number or None)


def _address(file: Writer, party: Party) -> None:
    with file.element("streetAddress"):
        _fields(file, streetname=party.street, city=party.city[:50], postalCode=party.postcode, country="NL")


def _totals(file: Writer, debit_cents: int, credit_cents: int) -> None:
    _fields(file, totalDebit=str(euros(debit_cents)), totalCredit=str(euros(credit_cents)))


def _amount(file: Writer, cents: int) -> None:
    _fields(file, amnt=str(euros(abs(cents))), amntTp="D" if cents > 0 else "C")


def _fields(file: Writer, **fields: str | None) -> None:
    """Write elements in the order given; one without a value is not there."""
    for name, value in fields.items():
        if value is not None:
            with file.element(name):
                file.write(value)
