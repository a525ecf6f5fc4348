"""What a provider sends as an invoice, in one shape whether it came as JSON, as a form or as UBL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from core.errors import FieldError, Invalid
from core.language import _
from core.money import percentage_of
from core.validation import Day, OneLine
from medical.invoice_tables import ProviderDocument, ServiceOutcome

MOST_CENTS = 100_000_000  # a million euros: what is larger is a mistake, and never the price of a referral
MOST_LINES = 500


@dataclass(frozen=True)
class SubmittedLine:
    """One line: `quantity` units on or until `service_date`; cents without VAT."""

    description: str
    service_date: date
    quantity: Decimal
    unit_price_cents: int
    vat_rate: int
    net_cents: int
    started_on: date | None = None  # the first day, where the line is about a period
    outcome: ServiceOutcome = ServiceOutcome.DELIVERED
    vat_category: str | None = None  # of EN 16931, where a document names one
    session_id: UUID | None = None  # the registered session that it bills


@dataclass(frozen=True)
class PartyNumbers:
    """The numbers by which the Dutch registers know a seller or buyer, in capitals and without spaces and dots."""

    kvk: str | None
    vat_id: str | None
    name: str = ""


@dataclass(frozen=True)
class SubmittedInvoice:
    """An invoice or credit note as it was sent: what it says, and what does not add up in it.

    `follows` are the numbers of earlier documents that it names: the invoice of which a credit note gives back, or the
    one that was sent back and that this invoice replaces. `insists` says that the sender means the latter for certain.
    """

    references: tuple[str, ...]  # everything that may be the number of the referral, likeliest first
    invoice_number: str
    invoice_date: date
    lines: tuple[SubmittedLine, ...]
    net_cents: int
    vat_cents: int
    gross_cents: int
    kind: ProviderDocument = ProviderDocument.INVOICE
    follows: tuple[str, ...] = ()
    insists: bool = False
    is_in_euros: bool = True
    faults: tuple[FieldError, ...] = ()
    seller: PartyNumbers | None = None  # as a document names its sender; none where the sender signed in himself
    buyer: PartyNumbers | None = None  # as a document names it; none where it was written to the arbodienst right here
    source: bytes | None = None


class LineInput(BaseModel):
    """One line, as the sender writes it; quantities and prices are above zero."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    description: Annotated[OneLine, Field(max_length=500)]
    date: Day
    quantity: Annotated[Decimal, Field(gt=0, le=10_000, decimal_places=4)]
    unit_price_cents: Annotated[int, Field(gt=0, le=MOST_CENTS)]
    vat_rate: Literal[0, 9, 21]
    outcome: ServiceOutcome = ServiceOutcome.DELIVERED


class ProviderInvoiceInput(BaseModel):
    """A provider's invoice or credit note as JSON or as a form; its totals follow from the lines.

    `corrects` is the number of an earlier invoice: the one of which a credit note gives back, and the one that was sent
    back where an invoice takes its place. The amounts of a credit note are above zero too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ProviderDocument = ProviderDocument.INVOICE
    corrects: Annotated[OneLine, Field(max_length=60)] | None = Field(default=None, validate_default=True)
    referral_number: Annotated[OneLine, Field(max_length=40)]
    invoice_number: Annotated[OneLine, Field(max_length=60)]
    invoice_date: Day
    lines: Annotated[list[LineInput], Field(min_length=1, max_length=MOST_LINES)]

    @field_validator("corrects")
    @classmethod
    def _of_something(cls, corrects: str | None, info: ValidationInfo) -> str | None:
        if corrects is None and info.data.get("kind") is ProviderDocument.CREDIT_NOTE:
            raise ValueError(_("Een creditnota noemt het nummer van de factuur waarover zij gaat."))
        return corrects

    def submitted(self) -> SubmittedInvoice:
        """Return the invoice with its totals; raises Invalid when it asks for more than a million euros."""
        lines = tuple(_line(line) for line in self.lines)
        net_cents = sum(line.net_cents for line in lines)
        refuse_unlikely(net_cents, "lines")
        vat = vat_cents(lines)
        return SubmittedInvoice(
            references=(self.referral_number,),
            invoice_number=self.invoice_number,
            invoice_date=self.invoice_date,
            lines=lines,
            net_cents=net_cents,
            vat_cents=vat,
            gross_cents=net_cents + vat,
            kind=self.kind,
            follows=(self.corrects,) if self.corrects else (),
            insists=self.corrects is not None,
        )


def refuse_unlikely(cents: int, field: str) -> None:
    """Refuse an amount that no referral can come to."""
    if abs(cents) > MOST_CENTS:
        message = _("Dit bedrag is te groot.")
        raise Invalid(message, (FieldError(field, message),))


def whole_cents(amount: Decimal) -> int:
    """Round to whole cents, half away from zero."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def registered(number: str | None) -> str | None:
    """Return a number of a register as it is compared: in capitals, without spaces and dots."""
    return number.replace(" ", "").replace(".", "").upper() if number else None


def words_of(references: Iterable[str]) -> tuple[str, ...]:
    """Return every word that may be the number of a referral, in capitals, each once and in the order given."""
    words = (word.strip(".,;:()").upper() for text in references for word in (text, *text.split()))
    return tuple(dict.fromkeys(word for word in words if word))


def _line(line: LineInput) -> SubmittedLine:
    return SubmittedLine(
        description=line.description,
        service_date=line.date,
        quantity=line.quantity,
        unit_price_cents=line.unit_price_cents,
        vat_rate=line.vat_rate,
        net_cents=whole_cents(line.quantity * line.unit_price_cents),
        outcome=line.outcome,
    )


def vat_cents(lines: Sequence[SubmittedLine]) -> int:
    """VAT is rounded once for each rate, as on any invoice (BR-CO-17)."""
    rates = {line.vat_rate for line in lines}
    return sum(
        percentage_of(sum(line.net_cents for line in lines if line.vat_rate == rate), Decimal(rate)) for rate in rates
    )
