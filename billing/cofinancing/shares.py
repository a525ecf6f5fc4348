"""Who pays what of a price: what an insurer may grant, and the shares, which always add up to the price (R51, R59).

An insurer's part is rounded down and the employer pays the cent that is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from pydantic import BaseModel, Field

from core.errors import FieldError, Invalid
from core.language import _
from core.money import CENT, at_most_percentage


class PercentageRule(BaseModel, frozen=True, extra="forbid"):
    """A line of a policy that sets another percentage: 75% for `ADO` before week 35 (R61).

    Only an intervention whose kind the insurer may know can be named; a confidential one falls under rules without.
    """

    percentage: int = Field(ge=0, le=100)
    intervention: str | None = None
    before_week: int | None = Field(default=None, ge=1)

    def applies(self, intervention: str | None, week: int) -> bool:
        """Tell whether the rule is about this intervention (None: one that is confidential) in this week."""
        named = self.intervention is None or self.intervention == intervention
        return named and (self.before_week is None or week < self.before_week)


class PolicyTerms(BaseModel, frozen=True, extra="forbid"):
    """What a policy pays: a percentage, exceptions of which the first that applies counts, and a cap per request."""

    percentage: int = Field(ge=0, le=100)
    cap_cents: int | None = Field(default=None, ge=0)
    rules: tuple[PercentageRule, ...] = ()
    interventions: tuple[str, ...] = ()
    """The open ones that are covered; none named means all."""
    confidential: bool = True
    """Whether confidential ones are covered, all of them: to name some would tell which."""

    def covers(self, intervention: str | None) -> bool:
        """Tell whether an intervention (None: one that is confidential) falls under the policy at all."""
        if intervention is None:
            return self.confidential
        return not self.interventions or intervention in self.interventions

    def percentage_for(self, intervention: str | None, week: int) -> int:
        """Return the percentage for an intervention (None: one that is confidential) in a week of sickness."""
        if not self.covers(intervention):
            return 0
        applying = (rule.percentage for rule in self.rules if rule.applies(intervention, week))
        return next(applying, self.percentage)

    def most_cents(self, price_cents: int, intervention: str | None, week: int) -> int:
        """Return the most that can be asked of this policy for a price: never over its percentage or cap (R59)."""
        share = at_most_percentage(price_cents, Decimal(self.percentage_for(intervention, week)))
        return share if self.cap_cents is None else min(share, self.cap_cents)


class Outcome(StrEnum):
    """What an insurer decides."""

    APPROVED = "approved"
    PARTIAL = "partial"
    DECLINED = "declined"


def granted_cents(outcome: Outcome, requested_cents: int, amount_cents: int | None, reason: str | None) -> int:
    """Return what a decision grants: all, part or none of what was requested (R59).

    Raises Invalid with every fault: an amount that is not the outcome's, or no reason where nothing is granted.
    """
    errors = []
    granted = _amount(outcome, requested_cents, amount_cents)
    if granted is None:
        errors.append(FieldError("amount_cents", _amount_message(outcome)))
    if outcome is Outcome.DECLINED and not reason:
        errors.append(FieldError("reason", _("Kies een reden.")))
    if errors or granted is None:
        raise Invalid(_("Dit besluit kan niet zo worden genomen."), errors)
    return granted


def _amount(outcome: Outcome, requested: int, amount: int | None) -> int | None:
    """Return the amount that the outcome means, or None where the amount given does not fit it."""
    if outcome is Outcome.PARTIAL:
        return amount if amount is not None and 0 < amount < requested else None
    whole = requested if outcome is Outcome.APPROVED else 0
    return whole if amount in (None, whole) else None


def _amount_message(outcome: Outcome) -> str:
    return {
        Outcome.APPROVED: _("Bij volledig toekennen is het bedrag het gevraagde bedrag."),
        Outcome.PARTIAL: _("Vul een bedrag in dat hoger is dan nul en lager dan het gevraagde bedrag."),
        Outcome.DECLINED: _("Bij afwijzen wordt geen bedrag toegekend."),
    }[outcome]


@dataclass(frozen=True)
class Shares:
    """A price in cents and what each insurer contributes to it; the employer pays the rest.

    Raises ValueError when contributions are below zero or together above the price.
    """

    price_cents: int
    contributions: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.employer_cents < 0 or any(cents < 0 for cents in self.contributions):
            raise ValueError("contributions are not below zero and together not above the price")

    @property
    def employer_cents(self) -> int:
        """What the employer pays."""
        return self.price_cents - sum(self.contributions)


def share(price_cents: int, granted: Sequence[int]) -> Shares:
    """Share a price between the employer and the insurers that granted these amounts, the earliest first.

    What was granted beyond the price, because less was charged than was foreseen or others came first, is not used.
    """
    left = price_cents
    contributions = []
    for cents in granted:
        contributions.append(min(cents, left))
        left -= contributions[-1]
    return Shares(price_cents, tuple(contributions))


def shares_of_part(whole: Shares, before_cents: int, part_cents: int) -> Shares:
    """Return who pays what of a part of a price, of which `before_cents` was shared out earlier.

    Parts that make up the whole give everybody exactly his share of the whole. What a credit note gives back is the
    last part of what was charged: of 400 charged, 100 back is `shares_of_part(whole, 300, 100)`.
    """
    before, after = _up_to(whole, before_cents), _up_to(whole, before_cents + part_cents)
    parts = (later - earlier for earlier, later in zip(before, after, strict=True))
    return Shares(part_cents, tuple(parts))


def _up_to(whole: Shares, cents: int) -> list[int]:
    """Return the contributions to the first `cents` of a price, in proportion.

    Each insurer takes his part of what the ones before him left. So nobody's part shrinks when `cents` grows, which
    rounding all parts at once cannot promise.
    """
    if not 0 <= cents <= whole.price_cents:
        raise ValueError("a part lies within the price")
    price_left, left = whole.price_cents, cents
    parts = []
    for contribution in whole.contributions:
        part = contribution * left // price_left if price_left else 0
        parts.append(part)
        price_left, left = price_left - contribution, left - part
    return parts


EMPLOYERS_COSTS = Decimal("1.3")
"""What an employer pays for every euro of wage: holiday allowance, premiums and pension (rules 5.2)."""

WORKING_DAYS = 220
"""Days that somebody with a full week works in a year, holidays taken off (rules 5.2)."""


def daily_cost_of(annual_wage_cents: int) -> int:
    """Return what a day of absence costs: annual wage x 1.3 / 220, in cents (rules 5.2)."""
    return int((annual_wage_cents * EMPLOYERS_COSTS / WORKING_DAYS).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True)
class CostBenefit:
    """Whether an intervention is worth its price: avoided days of absence at the daily cost against it (R60).

    The days are the occupational physician's estimate. A loss is a warning and never a refusal.
    """

    expected_days: int
    daily_cost_cents: int
    price_cents: int

    @property
    def benefit_cents(self) -> int:
        """What the avoided days would have cost."""
        return self.expected_days * self.daily_cost_cents

    @property
    def net_cents(self) -> int:
        """The benefit less the price."""
        return self.benefit_cents - self.price_cents

    @property
    def ratio(self) -> Decimal | None:
        """The benefit per euro of price, to two decimals; None for what costs nothing."""
        if self.price_cents == 0:
            return None
        return (Decimal(self.benefit_cents) / self.price_cents).quantize(CENT, rounding=ROUND_HALF_UP)

    @property
    def is_loss(self) -> bool:
        """Whether the price is higher than the benefit."""
        return self.net_cents < 0
