"""The invoice and the credit note of the arbodienst: allow-listed values that every form (page, PDF, UBL) is made from.

A document is built from these fields and nothing else, never by striking out parts of a provider's invoice (R43).
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from billing.invoicing.document_parties import Month, Party, Reference, Seller, Text, Value
from core.money import percentage_of

CONFIDENTIAL_TEXT = "Interventie op advies van de bedrijfsarts"
"""The one description of every confidential line on every document, in Dutch whatever the reader's language (R44)."""

CONTRIBUTION_TEXT = "Bijdrage verzekeraar"
"""The description of an insurer's share on the employer's invoice; it never names the kind of insurance (leak L9)."""

ExemptionText = Literal["Vrijgesteld van btw"]
EXEMPTION_TEXT: ExemptionText = "Vrijgesteld van btw"
"""The reason of an exemption: it does not say which one, since that would tell that care was given (R48, leak L6)."""

SERVICE_TEXT = "Dienstverlening arbodienst"
"""The one description of the line for the services of a month, whatever else is in its amount (R44, R46)."""

SETTLEMENT_TEXT = "Dit bedrag wordt verrekend of terugbetaald."
"""How a credit note is settled."""


class DocumentKind(StrEnum):
    """An invoice asks for money; a credit note gives (part of) an earlier invoice back (R50)."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class VatCategory(StrEnum):
    """How VAT applies to a line, as EN 16931 codes it."""

    STANDARD = "S"
    EXEMPT = "E"


def vat_category(rate: Decimal) -> VatCategory:
    """Return the category of a rate: what is not taxed here is exempt."""
    return VatCategory.STANDARD if rate > 0 else VatCategory.EXEMPT


class LineKind(StrEnum):
    """What a line is for, in the order in which lines stand on a document."""

    OPEN = "open"  # an intervention whose kind the employer may know (R45)
    CONFIDENTIAL = "confidential"  # any other intervention, alone or pooled (R44, R46)
    SERVICE = "service"  # the arbodienst's own services of the month, perhaps with more in it (R46)
    CONTRIBUTION = "contribution"  # what an insurer pays instead of the employer: below zero on an invoice (R51)


Number = Annotated[str, Field(pattern=r"^[0-9A-Z][0-9A-Z-]{0,29}$")]


CONSTANT_TEXTS = {
    LineKind.CONFIDENTIAL: CONFIDENTIAL_TEXT,
    LineKind.SERVICE: SERVICE_TEXT,
    LineKind.CONTRIBUTION: CONTRIBUTION_TEXT,
}


class DocumentLine(Value):
    """One line: a description, perhaps a reference, a total in cents without VAT, and the rate (0 is exempt).

    There is no quantity, unit price, provider, date or free text to fill in (leaks L2 to L4 and L10); the quantity of
    a line is one. On a credit note a positive amount is given back, also when that is a contribution decided later.
    """

    kind: LineKind
    description: Text
    reference: Reference | None = None
    net_cents: int
    vat_rate: Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]

    @model_validator(mode="after")
    def _says_no_more_than_it_may(self) -> Self:
        constant = CONSTANT_TEXTS.get(self.kind)
        if constant is not None and self.description != constant:
            raise ValueError(f"a line of kind {self.kind} is described as '{constant}'")
        if self.net_cents == 0 or (self.net_cents < 0 and self.kind is not LineKind.CONTRIBUTION):
            raise ValueError("a line is above zero; only a contribution may be below")
        return self


class VatTotal(Value):
    """What is taxed at one rate, and the tax over it, both in cents."""

    rate: Decimal
    taxable_cents: int
    vat_cents: int

    @property
    def category(self) -> VatCategory:
        """How the rate is coded."""
        return vat_category(self.rate)


class GivenBack(Value):
    """What earlier credit notes to the same invoice gave back at one rate, in cents without VAT."""

    rate: Decimal
    cents: Annotated[int, Field(gt=0)]


def vat_totals(lines: Sequence[DocumentLine], earlier: Sequence[GivenBack] = ()) -> tuple[VatTotal, ...]:
    """Return the VAT per rate, taxed before exempt and high before low.

    The tax is rounded once, over the sum of a rate and not per line, as EN 16931 has it (BR-CO-17, R51). After
    `earlier` credit notes it is rounded over all of them together: so an invoice that is given back in parts is given
    back to the cent, which a cent more or less on each of them would not do.
    """
    before = {each.rate: each.cents for each in earlier}
    sums: dict[Decimal, int] = {}
    for line in lines:
        sums[line.vat_rate] = sums.get(line.vat_rate, 0) + line.net_cents
    return tuple(
        VatTotal(rate=rate, taxable_cents=cents, vat_cents=_vat(rate, before.get(rate, 0), cents))
        for rate, cents in sorted(sums.items(), reverse=True)
    )


def _vat(rate: Decimal, before_cents: int, cents: int) -> int:
    return percentage_of(before_cents + cents, rate) - percentage_of(before_cents, rate)


def _in_neutral_order(lines: tuple[DocumentLine, ...]) -> tuple[DocumentLine, ...]:
    """Order lines by what they show, so that their order says nothing of when or why they came about (leak L11)."""
    kinds = list(LineKind)
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                kinds.index(line.kind),
                line.description,
                line.reference or "",
                -line.vat_rate,
                line.net_cents,
            ),
        )
    )


class InvoiceDocument(Value):
    """An invoice or credit note of the arbodienst, complete and without anything that may not leave the wall.

    Lines stand in a neutral order, whatever the order in which they were given. All totals follow from the lines.
    On a credit note the amounts are what the buyer gets back: the lines of the invoice that it undoes, as they were.
    """

    kind: DocumentKind
    number: Number
    issue_date: date
    due_date: date | None = None
    period: Month
    seller: Seller
    buyer: Party
    buyer_reference: Reference
    lines: Annotated[tuple[DocumentLine, ...], Field(min_length=1, max_length=5000), AfterValidator(_in_neutral_order)]
    corrects: Number | None = None
    earlier: Annotated[tuple[GivenBack, ...], Field(max_length=10)] = ()
    exemption_text: ExemptionText = EXEMPTION_TEXT

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if any(total.taxable_cents < 0 for total in self.vat_totals):
            raise ValueError("a contribution is taxed as what it contributes to, and is not larger")
        return self._is_a_whole_invoice() if self.kind is DocumentKind.INVOICE else self._is_a_whole_credit_note()

    def _is_a_whole_invoice(self) -> Self:
        if self.corrects is not None or self.earlier:
            raise ValueError("an invoice corrects nothing; a credit note does (R50)")
        if self.due_date is None or self.due_date < self.issue_date:
            raise ValueError("an invoice falls due on or after the day of issue")
        if any(line.kind is LineKind.CONTRIBUTION and line.net_cents > 0 for line in self.lines):
            raise ValueError("a contribution on an invoice is below zero")
        return self

    def _is_a_whole_credit_note(self) -> Self:
        if self.corrects is None or self.corrects == self.number:
            raise ValueError("a credit note refers to the invoice that it corrects (R50)")
        if self.due_date is not None:
            raise ValueError("a credit note does not fall due")
        return self

    @property
    def vat_totals(self) -> tuple[VatTotal, ...]:
        """The VAT per rate, in cents."""
        return vat_totals(self.lines, self.earlier)

    @property
    def net_cents(self) -> int:
        """The sum of the lines, without VAT."""
        return sum(line.net_cents for line in self.lines)

    @property
    def vat_cents(self) -> int:
        """The VAT over all rates."""
        return sum(total.vat_cents for total in self.vat_totals)

    @property
    def gross_cents(self) -> int:
        """What the buyer pays (or, on a credit note, gets back), with VAT."""
        return self.net_cents + self.vat_cents

    @property
    def title(self) -> str:
        """What the document is called wherever it has a name: "Factuur 2026-000123"."""
        return f"{'Factuur' if self.kind is DocumentKind.INVOICE else 'Creditnota'} {self.number}"

    def file_name(self, extension: str) -> str:
        """Return the name of the file, which tells the kind and number and nothing more (leak L10)."""
        return f"{self.title.lower().replace(' ', '-')}.{extension}"


def credit_note_for(
    invoice: InvoiceDocument,
    *,
    number: str,
    issue_date: date,
    period: Month,
    lines: Sequence[DocumentLine] | None = None,
    earlier: Sequence[InvoiceDocument] = (),
) -> InvoiceDocument:
    """Return the credit note that gives `lines` of `invoice` back, after `earlier` ones, or the whole of it (R50).

    Raises ValueError when the invoice is itself a credit note, or when more is given back than it asked for at a rate.
    """
    if invoice.kind is not DocumentKind.INVOICE:
        raise ValueError("a credit note corrects an invoice")
    before: dict[Decimal, int] = {}
    for total in (total for document in earlier for total in document.vat_totals):
        before[total.rate] = before.get(total.rate, 0) + total.taxable_cents
    credit = InvoiceDocument(
        kind=DocumentKind.CREDIT_NOTE,
        number=number,
        issue_date=issue_date,
        period=period,
        seller=invoice.seller,
        buyer=invoice.buyer,
        buyer_reference=invoice.buyer_reference,
        lines=tuple(invoice.lines if lines is None else lines),
        corrects=invoice.number,
        earlier=tuple(GivenBack(rate=rate, cents=cents) for rate, cents in sorted(before.items()) if cents),
    )
    asked = {total.rate: total.taxable_cents for total in invoice.vat_totals}
    if any(total.taxable_cents + before.get(total.rate, 0) > asked.get(total.rate, 0) for total in credit.vat_totals):
        raise ValueError("a credit note gives back at most what was asked")
    return credit
