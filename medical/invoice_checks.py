"""The checks that a provider's invoice must pass before it may be released (R39); pure, each with its own result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from medical.provider_invoices_input import SellerNumbers, SubmittedInvoice, whole_cents
from medical.tables import ReferralState

BILLABLE = frozenset(
    {
        ReferralState.ACCEPTED,
        ReferralState.SCHEDULED,
        ReferralState.RUNNING,
        ReferralState.INTERRUPTED,
        ReferralState.REPORTED,
        ReferralState.COMPLETED,
    }
)
"""States in which a provider may have done something that costs money."""


class CheckCode(StrEnum):
    """A question to which an invoice that is charged on must answer yes; in the order in which they are shown."""

    KNOWN_REFERRAL = "known_referral"
    SAME_PROVIDER = "same_provider"
    BILLABLE_STATE = "billable_state"
    NOT_BEFORE_ISSUE = "not_before_issue"
    DATES_PLAUSIBLE = "dates_plausible"
    UNITS_LEFT = "units_left"
    AGREED_PRICE = "agreed_price"
    VAT_AS_AGREED = "vat_as_agreed"
    SUMS_RIGHT = "sums_right"
    INVOICE_IN_EUROS = "invoice_in_euros"


@dataclass(frozen=True)
class CheckResult:
    """The answer to one check; `facts` are the numbers and days that a sentence about it needs."""

    code: CheckCode
    passed: bool
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Agreement:
    """What was agreed by the referral that an invoice names, and how much of it earlier invoices have used."""

    issued_on: date
    state: ReferralState
    units: int
    billed_units: Decimal
    unit_price_cents: int
    vat_rate: int


def check_invoice(
    invoice: SubmittedInvoice, agreement: Agreement | None, sender: SellerNumbers, today: date
) -> tuple[CheckResult, ...]:
    """Return the result of every check, in their order.

    Without an agreement everything that has to be held against one fails: nothing may pass for want of a referral.
    Whether a referral is unknown or another provider's is one answer, for a provider may not find out which (R20).
    """
    own = [_known_referral(agreement), _same_provider(invoice, sender)]
    if agreement is None:
        held = [CheckResult(code, passed=False) for code in AGAINST_AGREEMENT]
    else:
        held = [check(invoice, agreement) for check in AGAINST_AGREEMENT.values()]
    rest = [_dates_plausible(invoice, today), _sums_right(invoice), _invoice_in_euros(invoice)]
    order = list(CheckCode)
    return tuple(sorted((*own, *held, *rest), key=lambda result: order.index(result.code)))


def _known_referral(agreement: Agreement | None) -> CheckResult:
    return CheckResult(CheckCode.KNOWN_REFERRAL, agreement is not None)


def _same_provider(invoice: SubmittedInvoice, sender: SellerNumbers) -> CheckResult:
    """A document tells by its numbers who sells: one must be the sender's, and none may be somebody else's."""
    if invoice.seller is None:
        return CheckResult(CheckCode.SAME_PROVIDER, passed=True)
    pairs = ((invoice.seller.kvk, sender.kvk), (invoice.seller.vat_id, sender.vat_id))
    named = [own == told for told, own in pairs if told is not None and own is not None]
    return CheckResult(CheckCode.SAME_PROVIDER, bool(named) and all(named))


def _billable_state(_invoice: SubmittedInvoice, agreement: Agreement) -> CheckResult:
    return CheckResult(CheckCode.BILLABLE_STATE, agreement.state in BILLABLE, {"state": agreement.state})


def _not_before_issue(invoice: SubmittedInvoice, agreement: Agreement) -> CheckResult:
    first = min(line.started_on or line.service_date for line in invoice.lines)
    facts = {"first": first.isoformat(), "issued": agreement.issued_on.isoformat()}
    return CheckResult(CheckCode.NOT_BEFORE_ISSUE, first >= agreement.issued_on, facts)


def _units_left(invoice: SubmittedInvoice, agreement: Agreement) -> CheckResult:
    asked = sum((line.quantity for line in invoice.lines), Decimal(0))
    left = agreement.units - agreement.billed_units
    positive = all(line.quantity > 0 for line in invoice.lines)
    return CheckResult(
        CheckCode.UNITS_LEFT, positive and asked <= left, {"asked": f"{asked:f}", "left": f"{max(left, 0):f}"}
    )


def _agreed_price(invoice: SubmittedInvoice, agreement: Agreement) -> CheckResult:
    """The amount is at most the agreed price (R39): for each unit, and in all, so that no surcharge slips in."""
    highest = max(line.unit_price_cents for line in invoice.lines)
    most = sum(whole_cents(line.quantity * agreement.unit_price_cents) for line in invoice.lines)
    passed = (
        highest <= agreement.unit_price_cents
        and 0 < invoice.net_cents <= most
        and all(line.net_cents > 0 for line in invoice.lines)
    )
    facts = {"asked": str(highest), "agreed": str(agreement.unit_price_cents)}
    return CheckResult(CheckCode.AGREED_PRICE, passed, facts)


def _vat_as_agreed(invoice: SubmittedInvoice, agreement: Agreement) -> CheckResult:
    other = sorted({line.vat_rate for line in invoice.lines} - {agreement.vat_rate})
    facts = {"agreed": str(agreement.vat_rate), "asked": ", ".join(map(str, other)) or str(agreement.vat_rate)}
    return CheckResult(CheckCode.VAT_AS_AGREED, not other, facts)


def _dates_plausible(invoice: SubmittedInvoice, today: date) -> CheckResult:
    """Nobody bills tomorrow's service, nor writes an invoice before the service or in the future."""
    last = max(line.service_date for line in invoice.lines)
    return CheckResult(
        CheckCode.DATES_PLAUSIBLE,
        last <= invoice.invoice_date <= today,
        {"last": last.isoformat(), "invoiced": invoice.invoice_date.isoformat()},
    )


def _sums_right(invoice: SubmittedInvoice) -> CheckResult:
    where = ", ".join(dict.fromkeys(fault.field for fault in invoice.faults))
    return CheckResult(CheckCode.SUMS_RIGHT, not invoice.faults, {"where": where[:200]})


def _invoice_in_euros(invoice: SubmittedInvoice) -> CheckResult:
    return CheckResult(CheckCode.INVOICE_IN_EUROS, invoice.is_invoice_in_euros)


AGAINST_AGREEMENT: Mapping[CheckCode, Callable[[SubmittedInvoice, Agreement], CheckResult]] = MappingProxyType(
    {
        CheckCode.BILLABLE_STATE: _billable_state,
        CheckCode.NOT_BEFORE_ISSUE: _not_before_issue,
        CheckCode.UNITS_LEFT: _units_left,
        CheckCode.AGREED_PRICE: _agreed_price,
        CheckCode.VAT_AS_AGREED: _vat_as_agreed,
    }
)
