"""The statement of account as a PDF that can be kept and read aloud, and as CSV."""

from datetime import date
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency
from sqlmodel import Session

from billing.books.ledger import BookingKind
from billing.books.statements import DOCUMENTS, Movement, Statement
from billing.invoicing.document_parties import Party
from billing.invoicing.invoices_read import InvoiceFile
from core.clock import today
from core.money import euros
from core.spreadsheets import MEDIA_TYPE, Cell, amount, write_csv
from core.typesetting import typeset
from identity.actor import Actor
from identity.audit import record

TEMPLATE = Path(__file__).parent.parent / "templates" / "statement.typ"
LOCALE, MINUS = "nl_NL", "\N{MINUS SIGN}"
TITLE = "Rekeningoverzicht"
HEADER = ("datum", "wat", "factuurnummer", "bedrag", "saldo")


def statement_pdf(session: Session, actor: Actor, statement: Statement) -> InvoiceFile:
    """Return a statement as PDF/A. Its words are constants; only numbers, days and amounts differ (leak L10)."""
    record(session, actor, "billing:statement:taken", statement.buyer_id)
    return InvoiceFile(_name(statement, "pdf"), "application/pdf", typeset(TEMPLATE, _content(statement), "a-2a"))


def statement_csv(session: Session, actor: Actor, statement: Statement) -> InvoiceFile:
    """Return the movements of a statement as CSV, from the opening to the closing balance."""
    record(session, actor, "billing:statement:taken", statement.buyer_id)
    first, last = statement.period.first, statement.period.last
    rows: list[tuple[Cell, ...]] = [(first, "beginsaldo", None, None, amount(statement.opening_cents))]
    rows += [
        (each.on, _what(each).lower(), each.number, amount(each.cents), amount(each.balance_cents))
        for each in statement.movements
    ]
    rows.append((last, "eindsaldo", None, None, amount(statement.balance_cents)))
    return InvoiceFile(_name(statement, "csv"), MEDIA_TYPE, write_csv(HEADER, rows))


def _content(statement: Statement) -> dict[str, Any]:
    day, period = today(), statement.period
    first = f"{_day(period.first)} tot en met " if period.first else "tot en met "
    return {
        "title": TITLE,
        "issued": [day.year, day.month, day.day],
        "seller": _party(statement.seller),
        "buyer": _party(statement.buyer),
        "facts": [["Periode", f"{first}{_day(period.last)}"], ["Gemaakt op", _day(day)]],
        "movements": [_movement(each) for each in statement.movements],
        "opening": _euro(statement.opening_cents),
        "balance": _euro(statement.balance_cents),
        "sums": [
            ["Gefactureerd", _euro(statement.charged_cents)],
            ["Gecrediteerd", _euro(statement.credited_cents)],
            ["Betaald", _euro(statement.paid_cents)],
        ],
        "open": [
            [
                each.number,
                _day(each.due_date),
                _euro(each.standing.asked_cents),
                _euro(each.standing.credited_cents),
                _euro(each.standing.paid_cents),
                _euro(each.standing.open_cents),
            ]
            for each in statement.open_items
        ],
        "unallocated": _euro(statement.unallocated_cents) if statement.unallocated_cents else "",
        "owed": _euro(statement.owed_cents),
    }


def _party(party: Party) -> dict[str, Any]:
    return {"name": party.name, "address": [party.street, f"{party.postcode}  {party.city}"]}


def _movement(each: Movement) -> list[str]:
    return [_day(each.on), _what(each), each.number, _euro(each.cents), _euro(each.balance_cents)]


def _what(each: Movement) -> str:
    """Return what moved, in one of three words: an invoice, a credit note, or money."""
    if each.kind in DOCUMENTS:
        return "Factuur" if each.kind == BookingKind.INVOICE else "Creditnota"
    return "Betaling" if each.cents < 0 else "Betaling teruggedraaid"


def _euro(cents: int) -> str:
    return format_currency(euros(cents), "EUR", locale=LOCALE).replace("-", MINUS)


def _day(day: date) -> str:
    return format_date(day, "d MMMM yyyy", locale=LOCALE)


def _name(statement: Statement, extension: str) -> str:
    return f"rekeningoverzicht-{statement.period.last:%Y%m%d}.{extension}"
