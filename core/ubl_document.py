"""What a UBL 2.1 invoice or credit note says, as frozen values: amounts in cents, prices and quantities exact."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

KVK_SCHEME = "0106"  # the Dutch trade register in ISO 6523


class UblKind(StrEnum):
    """The two documents that bill: amounts of a credit note are given back where those of an invoice are asked."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True)
class UblIdentifier:
    """A number of a party, with the scheme that it belongs to where the document names one."""

    scheme: str | None
    value: str


@dataclass(frozen=True)
class UblParty:
    """The supplier or the customer, by the names and numbers under which the document knows it."""

    name: str
    trading_name: str | None
    identifiers: tuple[UblIdentifier, ...]
    vat_id: str | None

    @property
    def kvk(self) -> str | None:
        """The number in the Dutch trade register, where the document gives one."""
        return next((number.value for number in self.identifiers if number.scheme == KVK_SCHEME), None)


@dataclass(frozen=True)
class UblVatRate:
    """A VAT category of EN 16931 (S, E, Z, ...) with its rate in per cent."""

    category: str
    rate: Decimal


@dataclass(frozen=True)
class UblAllowance:
    """An amount off (or, for a charge, on top of) the document or one of its lines."""

    is_charge: bool
    cents: int
    vat: UblVatRate | None
    reason: str | None

    @property
    def signed_cents(self) -> int:
        """What it adds to the total."""
        return self.cents if self.is_charge else -self.cents


@dataclass(frozen=True)
class UblPrice:
    """A unit price without VAT, for `base_quantity` units; the discount is already taken off it."""

    amount: Decimal
    base_quantity: Decimal
    before_discount: Decimal | None
    discount: Decimal | None


@dataclass(frozen=True)
class UblLine:
    """One line. The period, where given, is that of the service; both days are included."""

    number: str
    name: str
    description: str | None
    note: str | None
    seller_item: str | None
    references: tuple[str, ...]
    start: date | None
    end: date | None
    quantity: Decimal
    unit: str | None
    price: UblPrice
    allowances: tuple[UblAllowance, ...]
    vat: UblVatRate
    net_cents: int


@dataclass(frozen=True)
class UblVatTotal:
    """The VAT over everything at one rate."""

    vat: UblVatRate
    taxable_cents: int
    vat_cents: int
    exemption_reason: str | None


@dataclass(frozen=True)
class UblTotals:
    """The totals as the document states them; `core.ubl_sums` tells whether they are right."""

    lines_cents: int
    allowances_cents: int
    charges_cents: int
    net_cents: int
    vat_cents: int
    gross_cents: int
    prepaid_cents: int
    rounding_cents: int
    payable_cents: int


@dataclass(frozen=True)
class UblReferences:
    """What the document says that it is about, in the places where suppliers write the number of an order."""

    order: str | None
    buyer: str | None
    contract: str | None
    others: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def candidates(self) -> tuple[str, ...]:
        """Everything that may hold the number of an order or referral, likeliest first, each once."""
        likeliest = (self.order, self.buyer, self.contract, *self.others, *self.notes)
        return tuple(dict.fromkeys(text for text in likeliest if text is not None))


@dataclass(frozen=True)
class UblDocument:
    """A whole invoice or credit note."""

    kind: UblKind
    type_code: str
    number: str
    issue_date: date
    due_date: date | None
    currency: str
    references: UblReferences
    corrects: tuple[str, ...]
    start: date | None
    end: date | None
    delivery_date: date | None
    supplier: UblParty
    customer: UblParty
    accounts: tuple[str, ...]
    allowances: tuple[UblAllowance, ...]
    vat_totals: tuple[UblVatTotal, ...]
    totals: UblTotals
    lines: tuple[UblLine, ...]
