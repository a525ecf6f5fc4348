"""Checks of a credit note against the invoice that it gives back of (R50)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from medical.invoice_tables import ProviderInvoiceState
from medical.invoices.check_codes import CheckCode, CheckResult
from medical.invoices.input import SubmittedInvoice


@dataclass(frozen=True)
class Corrected:
    """An invoice of the provider, and what earlier credit notes have left of it; cents, without VAT by rate."""

    id: UUID
    referral_id: UUID | None
    referral_number: str
    invoice_number: str
    invoice_date: date
    state: ProviderInvoiceState
    left_by_rate: Mapping[int, int]
    net_left: int
    vat_left: int


def _released(_invoice: SubmittedInvoice, corrected: Corrected) -> CheckResult:
    """What was never released needs no credit note: it is replaced or withdrawn."""
    passed = corrected.state is ProviderInvoiceState.APPROVED
    return CheckResult(CheckCode.INVOICE_RELEASED, passed, {"number": corrected.invoice_number})


def _credit_left(invoice: SubmittedInvoice, corrected: Corrected) -> CheckResult:
    """No more is given back than was asked: at each rate, in all, and of VAT."""
    asked: dict[int, int] = {}
    for line in invoice.lines:
        asked[line.vat_rate] = asked.get(line.vat_rate, 0) + line.net_cents
    passed = (
        all(line.quantity > 0 and line.net_cents > 0 for line in invoice.lines)
        and all(cents <= corrected.left_by_rate.get(rate, 0) for rate, cents in asked.items())
        and 0 < invoice.net_cents <= corrected.net_left
        and 0 <= invoice.vat_cents <= corrected.vat_left
    )
    facts = {"asked": str(invoice.net_cents), "left": str(max(corrected.net_left, 0))}
    return CheckResult(CheckCode.CREDIT_LEFT, passed, facts)


AGAINST_INVOICE: Mapping[CheckCode, Callable[[SubmittedInvoice, Corrected], CheckResult]] = MappingProxyType(
    {CheckCode.INVOICE_RELEASED: _released, CheckCode.CREDIT_LEFT: _credit_left}
)
