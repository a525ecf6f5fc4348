"""The questions that every provider invoice is asked, and the shape of an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class CheckCode(StrEnum):
    """A question to which an invoice that is charged on must answer yes; in the order in which they are shown."""

    KNOWN_REFERRAL = "known_referral"
    KNOWN_INVOICE = "known_invoice"  # of a credit note
    INVOICE_RELEASED = "invoice_released"  # of a credit note
    SAME_PROVIDER = "same_provider"
    ADDRESSED_TO_US = "addressed_to_us"
    BILLABLE_STATE = "billable_state"
    NOT_BEFORE_ISSUE = "not_before_issue"
    WITHIN_RUNNING = "within_running"
    DATES_PLAUSIBLE = "dates_plausible"
    REGISTRATION_VALID = "registration_valid"
    UNITS_LEFT = "units_left"
    MISSED_AS_AGREED = "missed_as_agreed"
    PRICE_VALID = "price_valid"
    AGREED_PRICE = "agreed_price"
    VAT_AS_AGREED = "vat_as_agreed"
    CREDIT_LEFT = "credit_left"  # of a credit note
    SUMS_RIGHT = "sums_right"
    IN_EUROS = "in_euros"
    NOT_SEEN_BEFORE = "not_seen_before"


@dataclass(frozen=True)
class CheckResult:
    """The answer to one check; `facts` are the numbers and days that a sentence about it needs."""

    code: CheckCode
    passed: bool
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
