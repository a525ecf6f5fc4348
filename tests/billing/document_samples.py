"""Documents that the tests of this folder write out: made-up organisations, amounts chosen to round awkwardly."""

from datetime import date
from decimal import Decimal
from typing import Any

from billing.invoicing.document_parties import Month, Party, Seller
from billing.invoicing.documents import (
    CONFIDENTIAL_TEXT,
    CONTRIBUTION_TEXT,
    DocumentKind,
    DocumentLine,
    InvoiceDocument,
    LineKind,
    credit_note_for,
)

SELLER = Seller(
    name="Arbodienst De Singel B.V.",
    street="Singel 14",
    postcode="3511 AB",
    city="Utrecht",
    kvk="30112233",
    vat_id="NL801122334B01",
    iban="NL91 ABNA 0417 1643 00",
    email="facturen@desingel.example",
)
BUYER = Party(
    name="Bakkerij Van der Meer & Zn. <VOF>",
    street="Korenmarkt 3a",
    postcode="8011 CD",
    city="Zwolle",
    kvk="05443322",
    vat_id="NL810099887B01",
)
EXEMPT: dict[str, Any] = {"vat_rate": Decimal(0)}


def line(net_cents: int, kind: LineKind = LineKind.CONFIDENTIAL, text: str | None = None, **more: Any) -> DocumentLine:
    """Return a line of `kind`; confidential lines and contributions describe themselves."""
    constant = {LineKind.CONFIDENTIAL: CONFIDENTIAL_TEXT, LineKind.CONTRIBUTION: CONTRIBUTION_TEXT}
    return DocumentLine(
        kind=kind, description=text or constant[kind], net_cents=net_cents, **({"vat_rate": Decimal(21)} | more)
    )


def contribution(net_cents: int, **more: Any) -> DocumentLine:
    """Return the line of an insurer's share."""
    return line(net_cents, LineKind.CONTRIBUTION, **more)


def invoice(*lines: DocumentLine, **more: Any) -> InvoiceDocument:
    """Return an invoice of November 2026 with these lines."""
    fields: dict[str, Any] = {
        "kind": DocumentKind.INVOICE,
        "number": "2026-000123",
        "issue_date": date(2026, 12, 3),
        "due_date": date(2027, 1, 2),
        "period": Month(year=2026, month=11),
        "seller": SELLER,
        "buyer": BUYER,
        "buyer_reference": "Kostenplaats 4410",
        "lines": lines,
    }
    return InvoiceDocument(**(fields | more))


def credit_note(original: InvoiceDocument, **more: Any) -> InvoiceDocument:
    """Return the credit note over `original`, issued in December 2026."""
    fields: dict[str, Any] = {
        "number": "2026-000131",
        "issue_date": date(2026, 12, 18),
        "period": Month(year=2026, month=12),
    }
    return credit_note_for(original, **(fields | more))


STANDARD = invoice(
    line(149_95),
    line(1_250_05),
    line(875_00, LineKind.OPEN, "Arbeidsdeskundig onderzoek", reference="Medewerker 1042"),
)
EXEMPTED = invoice(line(1_180_40, **EXEMPT))
MIXED = invoice(
    line(33_33),
    line(66_69, LineKind.SERVICE, "Dienstverlening arbodienst", vat_rate=Decimal(9)),
    line(412_50, **EXEMPT),
)
SHARED = invoice(
    line(1_000_05, reference="Zaak 7F3K"),
    contribution(-500_03, reference="Zaak 7F3K"),
    line(640_00, LineKind.OPEN, "Mediation"),
    contribution(-320_00),
)
WHOLLY_PAID_BY_INSURER = invoice(line(500_00), contribution(-500_00))
SAMPLES = {
    "standard": STANDARD,
    "exempt": EXEMPTED,
    "mixed": MIXED,
    "shared": SHARED,
    "nothing left to pay": WHOLLY_PAID_BY_INSURER,
    "credit note": credit_note(STANDARD),
    "exempt credit note": credit_note(EXEMPTED),
    "mixed credit note": credit_note(MIXED),
    "credit note with a contribution": credit_note(SHARED),
    "contribution decided later": credit_note(STANDARD, lines=[contribution(600_01)]),
}
