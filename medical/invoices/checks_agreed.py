"""Checks of an invoice against what referral, contract and registrations of its provider allow (R30, R35, R39)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from medical.invoice_tables import ServiceOutcome
from medical.invoices.check_codes import CheckCode, CheckResult
from medical.invoices.input import SubmittedInvoice, SubmittedLine, whole_cents
from medical.tables import ReferralState
from network.missed_sessions import MissedTerms, terms_on

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

EXEMPT = frozenset({"E", "O"})
"""VAT categories of EN 16931 that say the same as a rate of nothing that was agreed: exempt, or outside VAT."""

MOST_ROUNDING = Decimal(5)
"""Cents by which rounding line by line may lift the whole: many lines of half a cent gain no more than that."""


@dataclass(frozen=True)
class Agreement:
    """What was agreed by the referral that an invoice names, and how much of it earlier invoices have used.

    `ended_on` is the day on which it was completed or withdrawn; what was done until then can be billed.
    """

    issued_on: date
    state: ReferralState
    units: int
    billed_units: Decimal
    unit_price_cents: int
    vat_rate: int
    accepted_on: date | None = None
    started_on: date | None = None
    ended_on: date | None = None
    price_from: date | None = None
    price_until: date | None = None
    registered_through: date = date.max
    missed_terms: Sequence[MissedTerms] = ()
    missed_units: Decimal = Decimal(0)

    @property
    def is_billable(self) -> bool:
        """Tell whether the provider took it, so that there can be something to bill."""
        return self.state in BILLABLE or (self.state is ReferralState.WITHDRAWN and self.accepted_on is not None)

    def most_for(self, line: SubmittedLine) -> Decimal:
        """Return what one unit of a line may cost at most, in cents."""
        if line.outcome is ServiceOutcome.DELIVERED:
            return Decimal(self.unit_price_cents)
        terms = terms_on(self.missed_terms, line.service_date)
        is_no_show = line.outcome is ServiceOutcome.NO_SHOW
        percent = terms.no_show_percent if is_no_show else terms.cancelled_late_percent
        return Decimal(self.unit_price_cents * percent) / 100


def _billable_state(_invoice: SubmittedInvoice, agreement: Agreement) -> CheckResult:
    return CheckResult(CheckCode.BILLABLE_STATE, agreement.is_billable, {"state": agreement.state})


def _not_before_issue(invoice: SubmittedInvoice, agreement: Agreement) -> CheckResult:
    first = _first_day(invoice.lines)
    facts = {"first": first.isoformat(), "issued": agreement.issued_on.isoformat()}
    return CheckResult(CheckCode.NOT_BEFORE_ISSUE, first >= agreement.issued_on, facts)


def _within_running(invoice: SubmittedInvoice, agreement: Agreement) -> CheckResult:
    """Work is done from the start on; an appointment can be missed before that, once the referral was taken.

    Of days before the referral was issued `_not_before_issue` tells.
    """
    taken = agreement.accepted_on or agreement.issued_on
    begin = agreement.started_on or taken
    delivered = [line for line in invoice.lines if line.outcome is ServiceOutcome.DELIVERED]
    missed = [line for line in invoice.lines if line.outcome is not ServiceOutcome.DELIVERED]
    last = max(line.service_date for line in invoice.lines)
    too_early = any(agreement.issued_on <= _began(line) < begin for line in delivered)
    missed_early = any(agreement.issued_on <= _began(line) < taken for line in missed)
    passed = not too_early and not missed_early and last <= (agreement.ended_on or date.max)
    facts = {"first": _first_day(invoice.lines).isoformat(), "last": last.isoformat(), "begin": begin.isoformat()}
    end = {"end": agreement.ended_on.isoformat()} if agreement.ended_on else {}
    return CheckResult(CheckCode.WITHIN_RUNNING, passed, facts | end)


def _registration_valid(invoice: SubmittedInvoice, agreement: Agreement) -> CheckResult:
    """Who may not do the work any more cannot bill it (R30)."""
    last = max(line.service_date for line in invoice.lines)
    through = agreement.registered_through
    named = {"through": through.isoformat()} if date.min < through < date.max else {}
    return CheckResult(CheckCode.REGISTRATION_VALID, last <= through, {"last": last.isoformat()} | named)


def _units_left(invoice: SubmittedInvoice, agreement: Agreement) -> CheckResult:
    """A missed session uses up what was agreed too, so that a referral never costs more than it said it would."""
    asked = sum((line.quantity for line in invoice.lines), Decimal(0))
    left = agreement.units - agreement.billed_units
    positive = all(line.quantity > 0 for line in invoice.lines)
    facts = {"asked": _plain(asked), "left": _plain(max(left, Decimal(0)))}
    return CheckResult(CheckCode.UNITS_LEFT, positive and asked <= left, facts)


def _missed_as_agreed(invoice: SubmittedInvoice, agreement: Agreement) -> CheckResult:
    """The contract says what a missed session costs, and how many of them a referral can come to."""
    missed = [line for line in invoice.lines if line.outcome is not ServiceOutcome.DELIVERED]
    asked = sum((line.quantity for line in missed), Decimal(0))
    most = min((terms_on(agreement.missed_terms, line.service_date).most for line in missed), default=0)
    left = max(most - agreement.missed_units, Decimal(0)) if missed else Decimal(0)
    priced = all(0 < line.unit_price_cents <= whole_cents(agreement.most_for(line)) for line in missed)
    facts = {"asked": _plain(asked), "left": _plain(left)}
    return CheckResult(CheckCode.MISSED_AS_AGREED, not missed or (priced and asked <= left), facts)


def _price_valid(_invoice: SubmittedInvoice, agreement: Agreement) -> CheckResult:
    """The referral froze a price that was valid when it was issued; from then on it stays that price (R35)."""
    since = agreement.price_from or agreement.issued_on
    in_time = agreement.price_until is None or agreement.issued_on <= agreement.price_until
    passed = in_time and since <= agreement.issued_on
    return CheckResult(
        CheckCode.PRICE_VALID, passed, {"since": since.isoformat(), "issued": agreement.issued_on.isoformat()}
    )


def _agreed_price(invoice: SubmittedInvoice, agreement: Agreement) -> CheckResult:
    """The amount is at most the agreed price (R39): for each unit, and in all, so that no surcharge slips in."""
    delivered = [line.unit_price_cents for line in invoice.lines if line.outcome is ServiceOutcome.DELIVERED]
    highest = max(delivered, default=0)
    exact = sum((line.quantity * agreement.most_for(line) for line in invoice.lines), Decimal(0))
    rounding = min(Decimal(len(invoice.lines)) / 2, MOST_ROUNDING)
    passed = (
        highest <= agreement.unit_price_cents
        and 0 < invoice.net_cents <= exact + rounding
        and all(line.net_cents > 0 for line in invoice.lines)
    )
    facts = {"asked": str(highest), "agreed": str(agreement.unit_price_cents)}
    return CheckResult(CheckCode.AGREED_PRICE, passed, facts)


def _vat_as_agreed(invoice: SubmittedInvoice, agreement: Agreement) -> CheckResult:
    """The rate is the agreed one, and nothing but exempt stands for none (rules 6.2)."""
    other = sorted({line.vat_rate for line in invoice.lines} - {agreement.vat_rate})
    allowed = EXEMPT if agreement.vat_rate == 0 else {"S"}
    treated = all(line.vat_category is None or line.vat_category in allowed for line in invoice.lines)
    facts = {"agreed": str(agreement.vat_rate), "asked": ", ".join(map(str, other)) or str(agreement.vat_rate)}
    return CheckResult(CheckCode.VAT_AS_AGREED, treated and not other, facts)


def _began(line: SubmittedLine) -> date:
    return line.started_on or line.service_date


def _first_day(lines: Sequence[SubmittedLine]) -> date:
    return min(_began(line) for line in lines)


def _plain(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


AGAINST_AGREEMENT: Mapping[CheckCode, Callable[[SubmittedInvoice, Agreement], CheckResult]] = MappingProxyType(
    {
        CheckCode.BILLABLE_STATE: _billable_state,
        CheckCode.NOT_BEFORE_ISSUE: _not_before_issue,
        CheckCode.WITHIN_RUNNING: _within_running,
        CheckCode.REGISTRATION_VALID: _registration_valid,
        CheckCode.UNITS_LEFT: _units_left,
        CheckCode.MISSED_AS_AGREED: _missed_as_agreed,
        CheckCode.PRICE_VALID: _price_valid,
        CheckCode.AGREED_PRICE: _agreed_price,
        CheckCode.VAT_AS_AGREED: _vat_as_agreed,
    }
)
