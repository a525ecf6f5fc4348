"""The lines of an invoice, from charges and shares; the only words that they get are on the whitelist (R43-R45)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from billing.invoicing.documents import CONFIDENTIAL_TEXT, CONTRIBUTION_TEXT, SERVICE_TEXT, DocumentLine, LineKind
from billing.tables import ChargeKind
from network.taxonomy import interventions


class Chargeable(Protocol):
    """What the lines of a charge are made of, whether it was let out already or only would be; cents without VAT.

    The amounts of one that gives back are below zero; on its credit note they stand above.
    """

    @property
    def kind(self) -> ChargeKind: ...
    @property
    def intervention(self) -> str | None: ...
    @property
    def employee_reference(self) -> str | None: ...
    @property
    def net_cents(self) -> int: ...
    @property
    def insurer_cents(self) -> int: ...
    @property
    def vat_rate(self) -> int: ...


class Shareable(Protocol):
    """What the line of an insurer's share is made of, with what its request said; cents without VAT."""

    @property
    def intervention(self) -> str | None: ...
    @property
    def number(self) -> str: ...
    @property
    def net_cents(self) -> int: ...
    @property
    def vat_rate(self) -> int: ...


def employer_lines(charge: Chargeable) -> Iterable[DocumentLine]:
    """The price, and what an insurer pays of it below it as a line of its own (R51)."""
    kind, text = (LineKind.SERVICE, SERVICE_TEXT) if charge.kind is ChargeKind.SERVICE else _named(charge.intervention)
    yield _line(kind, text, abs(charge.net_cents), charge.vat_rate, charge.employee_reference)
    if charge.insurer_cents:
        cents = -abs(charge.insurer_cents)
        yield _line(LineKind.CONTRIBUTION, CONTRIBUTION_TEXT, cents, charge.vat_rate, charge.employee_reference)


def insurer_line(share: Shareable) -> DocumentLine:
    """To an insurer the line says what its request said: the number, and the type only of an open one (R58)."""
    kind, text = _named(share.intervention)
    return _line(kind, text, abs(share.net_cents), share.vat_rate, share.number)


def _named(intervention: str | None) -> tuple[LineKind, str]:
    """Only an open intervention has a code here, and so a name (R44, R45)."""
    if intervention is None:
        return LineKind.CONFIDENTIAL, CONFIDENTIAL_TEXT
    return LineKind.OPEN, interventions()[intervention].label


def _line(kind: LineKind, text: str, cents: int, vat_rate: int, reference: str | None) -> DocumentLine:
    return DocumentLine(
        kind=kind,
        description=text,
        reference=reference,
        net_cents=cents,
        vat_rate=Decimal(vat_rate),
    )
