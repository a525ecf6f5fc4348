"""The checks that a provider's invoice or credit note must pass before it may be released (R38-R40); pure.

Each has its own result. What is held against a referral stands in `invoice_checks_agreed`, what is held against the
invoice that a credit note gives back of in `invoice_checks_credit`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from medical.invoice_tables import ProviderDocument
from medical.invoices.check_codes import CheckCode, CheckResult
from medical.invoices.checks_agreed import AGAINST_AGREEMENT, BILLABLE, Agreement
from medical.invoices.checks_credit import AGAINST_INVOICE, Corrected
from medical.invoices.input import PartyNumbers, SubmittedInvoice

__all__ = ("BILLABLE", "Agreement", "CheckCode", "CheckResult", "Corrected", "Known", "check_invoice")


@dataclass(frozen=True)
class Known:
    """What an invoice is held against: what was agreed or invoiced, who sends it, to whom, and whether it came before.

    `agreement` is that of the referral, for an invoice; `corrected` the invoice that a credit note gives back of.
    """

    sender: PartyNumbers
    house: PartyNumbers
    agreement: Agreement | None = None
    corrected: Corrected | None = None
    seen_as: str | None = None  # the number under which the same lines were sent before


def check_invoice(invoice: SubmittedInvoice, known: Known, today: date) -> tuple[CheckResult, ...]:
    """Return the result of every check, in their order.

    Without an agreement everything that has to be held against one fails: nothing may pass for want of a referral.
    Whether a referral is unknown or another provider's is one answer, for a provider may not find out which (R20).
    """
    held = _held_credit(invoice, known) if invoice.kind is ProviderDocument.CREDIT_NOTE else _held(invoice, known)
    rest = (check(invoice, known) for check in OF_EVERY_DOCUMENT)
    order = list(CheckCode)
    found = (*held, *rest, _dates_plausible(invoice, known, today))
    return tuple(sorted(found, key=lambda result: order.index(result.code)))


def _held(invoice: SubmittedInvoice, known: Known) -> list[CheckResult]:
    first = CheckResult(CheckCode.KNOWN_REFERRAL, known.agreement is not None)
    if known.agreement is None:
        return [first, *(CheckResult(code, passed=False) for code in AGAINST_AGREEMENT)]
    return [first, *(check(invoice, known.agreement) for check in AGAINST_AGREEMENT.values())]


def _held_credit(invoice: SubmittedInvoice, known: Known) -> list[CheckResult]:
    first = CheckResult(CheckCode.KNOWN_INVOICE, known.corrected is not None)
    if known.corrected is None:
        return [first, *(CheckResult(code, passed=False) for code in AGAINST_INVOICE)]
    return [first, *(check(invoice, known.corrected) for check in AGAINST_INVOICE.values())]


def _same_provider(invoice: SubmittedInvoice, known: Known) -> CheckResult:
    """A document tells by its numbers who sells: one must be the sender's, and none may be somebody else's."""
    return CheckResult(CheckCode.SAME_PROVIDER, _is_party(invoice.seller, known.sender))


def _addressed_to_us(invoice: SubmittedInvoice, known: Known) -> CheckResult:
    """The buyer is the arbodienst, and nobody's employer (R38); its name will do where no number is given."""
    buyer = invoice.buyer
    if buyer is not None and buyer.kvk is None and buyer.vat_id is None:
        return CheckResult(CheckCode.ADDRESSED_TO_US, _words(buyer.name) == _words(known.house.name) != "")
    return CheckResult(CheckCode.ADDRESSED_TO_US, _is_party(buyer, known.house))


def _is_party(told: PartyNumbers | None, own: PartyNumbers) -> bool:
    if told is None:
        return True
    pairs = ((told.kvk, own.kvk), (told.vat_id, own.vat_id))
    named = [left == right for left, right in pairs if left is not None and right is not None]
    return bool(named) and all(named)


def _words(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _dates_plausible(invoice: SubmittedInvoice, known: Known, today: date) -> CheckResult:
    """Nobody bills tomorrow's service, writes an invoice before the service, or gives back what he has yet to ask."""
    is_credit = invoice.kind is ProviderDocument.CREDIT_NOTE
    last = max(line.service_date for line in invoice.lines)
    if is_credit:
        last = known.corrected.invoice_date if known.corrected else invoice.invoice_date
    return CheckResult(
        CheckCode.DATES_PLAUSIBLE,
        last <= invoice.invoice_date <= today,
        {"corrected" if is_credit else "last": last.isoformat(), "invoiced": invoice.invoice_date.isoformat()},
    )


def _sums_right(invoice: SubmittedInvoice, _known: Known) -> CheckResult:
    where = ", ".join(dict.fromkeys(fault.field for fault in invoice.faults))
    return CheckResult(CheckCode.SUMS_RIGHT, not invoice.faults, {"where": where[:200]})


def _in_euros(invoice: SubmittedInvoice, _known: Known) -> CheckResult:
    return CheckResult(CheckCode.IN_EUROS, invoice.is_in_euros)


def _not_seen_before(_invoice: SubmittedInvoice, known: Known) -> CheckResult:
    """The same lines under another number ask twice for the same work (R40)."""
    if known.seen_as is None:
        return CheckResult(CheckCode.NOT_SEEN_BEFORE, passed=True)
    return CheckResult(CheckCode.NOT_SEEN_BEFORE, passed=False, facts={"number": known.seen_as})


OF_EVERY_DOCUMENT: tuple[Callable[[SubmittedInvoice, Known], CheckResult], ...] = (
    _same_provider,
    _addressed_to_us,
    _sums_right,
    _in_euros,
    _not_seen_before,
)
NEEDS: Mapping[CheckCode, ProviderDocument] = {
    **dict.fromkeys(AGAINST_AGREEMENT, ProviderDocument.INVOICE),
    **dict.fromkeys(AGAINST_INVOICE, ProviderDocument.CREDIT_NOTE),
}
"""Checks that cannot be made without what they are held against: a referral, or an invoice."""
