"""How an offering is written over JSON: in short among results, in full by itself; and what a provider sends."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.money import Money
from identity.actor import Actor
from identity.roles import Role
from network.offering_acts import OfferingAct, possible_acts
from network.offering_values import OfferingFacts, OfferingValues, PriceCents, WaitDays
from network.offering_view import OfferingView
from network.offering_visibility import Obstacle
from network.tables import Evidence, Gender, OfferingState, PriceUnit, RegistrationKind, RejectionReason
from network.taxonomy import Disclosure, ReferralClass


class PriceOut(Money):
    """A price for one unit, without VAT."""

    unit: PriceUnit


class WaitOut(BaseModel):
    """The wait in days as the provider stated it, `stale` after 30 days, beside what was measured (R32).

    Measured over the `n` referrals of half a year, in which who still waits counts too; nothing below six.
    """

    stated_days: int
    stated_on: date
    stale: bool
    median_days: int | None
    p80_days: int | None
    n: int | None


class OutcomeOut(BaseModel):
    """How many per cent reached what was agreed, over `n` completed referrals, and between what that lies (R34)."""

    reached_percent: int
    low_percent: int
    high_percent: int
    n: int


class ProviderRefOut(BaseModel):
    """Who offers it."""

    id: UUID
    name: str


class OfferingShortOut(BaseModel):
    """What people weigh when they choose; `own_organisation` tells that it is of the arbodienst's own group (R36)."""

    id: UUID
    title: str
    intervention: str
    provider: ProviderRefOut
    own_organisation: bool
    causes: list[str]
    sickness_years: list[int]
    online: bool
    nationwide: bool
    region: str | None
    languages: list[str]
    genders: list[Gender]
    marks: list[RegistrationKind]
    accepts_new: bool
    wait: WaitOut
    outcome: OutcomeOut | None
    price: PriceOut
    vat_rate: int
    evidence: Evidence
    disclosure: Disclosure
    referral_class: ReferralClass
    state: OfferingState


class ObstacleOut(BaseModel):
    """Why an offering cannot be found now."""

    code: Obstacle
    message: str


class OfferingOut(OfferingShortOut):
    """An offering in full; `possible` are the acts that the caller may do with it."""

    description: str
    postcode: str | None
    radius_km: int
    price_valid_from: date
    price_valid_until: date | None
    programme_weeks: int
    version: int
    submitted_at: datetime
    decided_at: datetime | None
    rejection_reason: RejectionReason | None
    obstacles: list[ObstacleOut]
    possible: list[OfferingAct]


class PriceIn(BaseModel):
    """A price for one unit, without VAT."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cents: PriceCents
    currency: Literal["EUR"] = "EUR"
    unit: PriceUnit


class WaitIn(BaseModel):
    """How many days somebody waits who is referred today."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stated_days: WaitDays


class IntakeIn(BaseModel):
    """Whether somebody who is referred today is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    accepts_new: bool


class OfferingIn(OfferingFacts):
    """An offering as a provider publishes it; its texts are read by all who refer, so nothing about persons."""

    price: PriceIn
    wait: WaitIn

    @property
    def values(self) -> OfferingValues:
        """The same as the network room takes it."""
        facts = self.model_dump(include=set(OfferingFacts.model_fields))
        return OfferingValues(
            **facts, price_cents=self.price.cents, price_unit=self.price.unit, stated_wait_days=self.wait.stated_days
        )


class OfferingChangeIn(OfferingIn):
    """All values of an offering anew; with the `version` that was read, nobody else's change is overwritten."""

    version: int | None = Field(default=None, ge=1)


def short_values(view: OfferingView) -> dict[str, object]:
    """Return the values of `OfferingShortOut`, of which each list makes what it shows."""
    return {
        **{name: getattr(view, name) for name in _AS_THEY_ARE},
        "provider": ProviderRefOut(id=view.provider_id, name=view.provider_name),
        "outcome": _outcome(view),
        "wait": WaitOut(
            stated_days=view.stated_wait_days,
            stated_on=view.stated_on,
            stale=view.wait_is_stale,
            median_days=view.median_wait_days,
            p80_days=view.p80_wait_days,
            n=view.measured_n,
        ),
        "price": PriceOut(cents=view.price_cents, unit=view.price_unit),
    }


def full(view: OfferingView, actor: Actor) -> OfferingOut:
    """Return an offering in full; why it is hidden is the business of its provider and the network manager only."""
    hidden = view.obstacles if actor.role in (Role.PROVIDER, Role.NETWORK_MANAGER) else ()
    return OfferingOut.model_validate(
        {
            **{name: getattr(view, name) for name in OfferingOut.model_fields if hasattr(view, name)},
            **short_values(view),
            "obstacles": [ObstacleOut(code=obstacle, message=obstacle.sentence) for obstacle in hidden],
            "possible": possible_acts(actor.role, view.state),
        }
    )


def _outcome(view: OfferingView) -> OutcomeOut | None:
    bounds = view.outcome_bounds
    if view.reached_percent is None or view.outcome_n is None or bounds is None:
        return None
    return OutcomeOut(
        reached_percent=view.reached_percent, low_percent=bounds.low, high_percent=bounds.high, n=view.outcome_n
    )


_AS_THEY_ARE = tuple(name for name in OfferingShortOut.model_fields if name in OfferingView.__dataclass_fields__)
