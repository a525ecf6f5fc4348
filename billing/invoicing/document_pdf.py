"""Sets a document as a PDF that can be kept (PDF/A-3a) and read aloud (PDF/UA-1), with its UBL as attachment."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from billing.invoicing.document_parties import Party
from billing.invoicing.document_ubl import write_ubl
from billing.invoicing.documents import SETTLEMENT_TEXT, DocumentKind, DocumentLine, InvoiceDocument
from core.money import euros
from core.typesetting import typeset

TEMPLATE = Path(__file__).parent.parent / "templates" / "invoice.typ"
LOCALE = "nl_NL"
MINUS = "\N{MINUS SIGN}"  # a hyphen before an amount is easily overlooked


def write_pdf(document: InvoiceDocument) -> bytes:
    """Return the document as PDF; the same document always gives the same bytes.

    Its metadata name the document, the arbodienst and the day of issue, and nothing else (R43, leak L10).
    """
    return typeset(TEMPLATE, _content(document), "a-3a")


def _content(document: InvoiceDocument) -> dict[str, Any]:
    """Everything that the template prints, in the order and the words in which it prints them."""
    return {
        "title": document.title,
        "kind": _kind(document),
        "language": "nl",
        "issued": [document.issue_date.year, document.issue_date.month, document.issue_date.day],
        "seller": _party(document.seller),
        "buyer": _party(document.buyer),
        "facts": _facts(document),
        "lines": [_line(document, line) for line in document.lines],
        "totals": _totals(document),
        "due": [_due_label(document), _euro(document, document.gross_cents)],
        "payment": _payment(document),
        "attachment": {"name": document.file_name("xml"), "text": write_ubl(document).decode()},
    }


def _kind(document: InvoiceDocument) -> str:
    return "Factuur" if document.kind is DocumentKind.INVOICE else "Creditnota"


def _party(party: Party) -> dict[str, Any]:
    numbers = [["KvK", party.kvk]]
    if party.vat_id is not None:
        numbers.append(["Btw-id", party.vat_id])
    contact = [] if party.email is None else [party.email]
    address = [party.street, f"{party.postcode}  {party.city}"]
    return {"name": party.name, "address": address, "numbers": numbers, "contact": contact}


def _facts(document: InvoiceDocument) -> list[list[str]]:
    facts = [
        [f"{_kind(document)}nummer", document.number],
        [f"{_kind(document)}datum", _day(document.issue_date)],
        ["Periode", format_date(document.period.first_day, "LLLL yyyy", locale=LOCALE)],
    ]
    if document.due_date is not None:
        facts.append(["Vervaldatum", _day(document.due_date)])
    if document.corrects is not None:
        facts.append(["Bij factuur", document.corrects])
    return [*facts, ["Uw referentie", document.buyer_reference]]


def _line(document: InvoiceDocument, line: DocumentLine) -> dict[str, str]:
    return {
        "description": line.description,
        "reference": line.reference or "",
        "vat": "vrijgesteld" if line.vat_rate == 0 else _percent(line.vat_rate),
        "amount": _number(document, line.net_cents),
    }


def _totals(document: InvoiceDocument) -> list[list[str]]:
    rows = [["Subtotaal zonder btw", _number(document, document.net_cents)]]
    for total in document.vat_totals:
        over = _euro(document, total.taxable_cents)
        label = f"{document.exemption_text}: {over}" if total.rate == 0 else f"{_percent(total.rate)} btw over {over}"
        rows.append([label, _number(document, total.vat_cents)])
    return rows


def _due_label(document: InvoiceDocument) -> str:
    return "Totaal te betalen" if document.kind is DocumentKind.INVOICE else "Totaal creditnota"


def _payment(document: InvoiceDocument) -> str:
    if document.due_date is None:
        return SETTLEMENT_TEXT
    if document.gross_cents == 0:
        return "U hoeft niets te betalen."
    return (
        f"Betaal {_euro(document, document.gross_cents)} uiterlijk {_day(document.due_date)} op "
        f"{_iban(document.seller.iban)} van {document.seller.name}, met kenmerk {document.number}."
    )


def _signed(document: InvoiceDocument, cents: int) -> Decimal:
    """On paper what is given back has a minus sign; in UBL the credit note itself says so."""
    return euros(cents if document.kind is DocumentKind.INVOICE else -cents)


def _euro(document: InvoiceDocument, cents: int) -> str:
    return format_currency(_signed(document, cents), "EUR", locale=LOCALE).replace("-", MINUS)


def _number(document: InvoiceDocument, cents: int) -> str:
    return format_decimal(_signed(document, cents), "#,##0.00", locale=LOCALE).replace("-", MINUS)


def _percent(rate: Decimal) -> str:
    return f"{format_decimal(rate, '0.##', locale=LOCALE)}%"


def _day(day: date) -> str:
    return format_date(day, "d MMMM yyyy", locale=LOCALE)


def _iban(iban: str) -> str:
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
