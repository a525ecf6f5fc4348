"""An offering as people see it: the frozen value, and the one query that makes it."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select, true
from sqlmodel import col

from core.clock import AMSTERDAM, today
from identity.tables import Organisation
from network.measured import Interval, interval, likely_outcome, likely_wait
from network.offering_visibility import Obstacle, contracts, free_of, registers
from network.tables import (
    Evidence,
    Gender,
    MeasuredOutcome,
    MeasuredWait,
    Offering,
    OfferingState,
    OrganisationProfile,
    PriceUnit,
    RegistrationKind,
    RejectionReason,
)
from network.taxonomy import Disclosure, ReferralClass, interventions, stricter

STALE_AFTER_DAYS = 30  # a wait that was stated longer ago is flagged, and counts no more (R32)


@dataclass(frozen=True, slots=True)
class OfferingView:
    """An offering as it stands today, with what is known of its provider, its wait and its outcome.

    `disclosure` is the stricter of intervention and provider (rules 2.1); measured waits (in days) are there
    from n >= 6 on and outcomes from 10 (R32, R34); `marks` are the registers in which the provider stands today;
    `provider_numbers` its KvK number and AGB code; `obstacles` says why it cannot be found now, empty when it can.
    """

    id: UUID
    provider_id: UUID
    provider_name: str
    provider_numbers: tuple[str, ...]
    own_organisation: bool
    title: str
    description: str
    intervention: str
    causes: tuple[str, ...]
    sickness_years: tuple[int, ...]
    disclosure: Disclosure
    referral_class: ReferralClass
    online: bool
    nationwide: bool
    radius_km: int
    postcode: str | None
    region: str | None
    languages: tuple[str, ...]
    genders: tuple[Gender, ...]
    marks: tuple[RegistrationKind, ...]
    price_cents: int
    price_unit: PriceUnit
    vat_rate: int
    price_valid_from: date
    price_valid_until: date | None
    programme_weeks: int
    evidence: Evidence
    stated_wait_days: int
    stated_on: date
    accepts_new: bool
    median_wait_days: int | None
    p80_wait_days: int | None
    measured_n: int | None
    measured_on: date | None
    reached_percent: int | None
    outcome_n: int | None
    state: OfferingState
    version: int
    submitted_at: datetime
    decided_at: datetime | None
    rejection_reason: RejectionReason | None
    obstacles: tuple[Obstacle, ...]

    @property
    def wait_is_stale(self) -> bool:
        """Whether the stated wait is too old to rely on (R32)."""
        return not is_fresh(self.stated_on, today())

    @property
    def wait_is_measured(self) -> bool:
        """Whether the wait that counts is the measured one: there is one, and it is not too old (R32)."""
        return is_fresh(self.measured_on, today())

    @property
    def wait_days(self) -> int:
        """The wait that counts in days: as measured, the more careful the fewer were measured; else as stated."""
        if self.median_wait_days is None or self.p80_wait_days is None or not self.measured_n:
            return self.stated_wait_days
        if not self.wait_is_measured:
            return self.stated_wait_days
        return likely_wait(self.median_wait_days, self.p80_wait_days, self.measured_n)

    @property
    def likely_outcome(self) -> int | None:
        """The percentage that reaches what was agreed, on the careful side for few; None when not measured (R34)."""
        if self.reached_percent is None or self.outcome_n is None:
            return None
        return likely_outcome(self.reached_percent, self.outcome_n)

    @property
    def outcome_bounds(self) -> Interval | None:
        """Between which percentages the outcome lies, given how few were measured; None when not measured (R34)."""
        if self.reached_percent is None or self.outcome_n is None:
            return None
        return interval(self.reached_percent, self.outcome_n)

    @property
    def is_visible(self) -> bool:
        """Whether it can be found and referred to now."""
        return not self.obstacles


def is_fresh(known_on: date | None, on: date) -> bool:
    """Tell whether a wait was known recently enough to count on a day (R32)."""
    return known_on is not None and (on - known_on).days <= STALE_AFTER_DAYS


@cache
def select_views() -> Select[*tuple[Any, ...]]:
    """Return the query of which each row makes a view, as things stand today; kept, as it takes long to put up."""
    contract, register = contracts(), registers()
    return (
        select(
            *(getattr(Offering, name) for name in _AS_STORED),
            col(MeasuredWait.median_days).label("median_wait_days"),
            col(MeasuredWait.p80_days).label("p80_wait_days"),
            col(MeasuredWait.n).label("measured_n"),
            col(MeasuredWait.measured_at),
            col(MeasuredOutcome.reached_percent),
            col(MeasuredOutcome.n).label("outcome_n"),
            register.c.marks,
            col(OrganisationProfile.kvk),
            col(OrganisationProfile.agb),
            col(Organisation.name).label("provider_name"),
            name_reveals_care().label("reveals_care"),
            contract.c.own_organisation,
            *(condition.label(obstacle.value) for obstacle, condition in free_of(contract, register).items()),
        )
        .join(Organisation, col(Organisation.id) == col(Offering.provider_id))
        .join(contract, true())
        .join(register, true())
        .outerjoin(OrganisationProfile, col(OrganisationProfile.organisation_id) == col(Offering.provider_id))
        .outerjoin(MeasuredWait, col(MeasuredWait.offering_id) == col(Offering.id))
        .outerjoin(MeasuredOutcome, col(MeasuredOutcome.offering_id) == col(Offering.id))
    )


def name_reveals_care() -> ColumnElement[bool]:
    """Return whether the provider's name tells of care; of a provider without a profile it is taken to."""
    return func.coalesce(col(OrganisationProfile.name_reveals_care), true())


def view_of(row: Row[Any]) -> OfferingView:
    """Return the view of one row of `select_views`."""
    found = dict(zip(_names(), row, strict=True))
    kind = interventions()[found["intervention"]]
    return OfferingView(
        **{name: found[name] for name in _AS_SELECTED},
        causes=tuple(found["causes"]),
        sickness_years=tuple(found["sickness_years"]),
        languages=tuple(found["languages"]),
        genders=tuple(map(Gender, found["genders"])),
        provider_numbers=tuple(number for number in (found["kvk"], found["agb"]) if number),
        marks=tuple(kind for kind in _MARKS if kind in found["marks"]),
        disclosure=stricter(kind.disclosure, Disclosure.CONF if found["reveals_care"] else Disclosure.OPEN),
        referral_class=kind.referral_class,
        measured_on=found["measured_at"].astimezone(AMSTERDAM).date() if found["measured_at"] else None,
        obstacles=tuple(obstacle for obstacle in _OBSTACLES if not found[obstacle]),
    )


@cache
def _names() -> tuple[str, ...]:
    return tuple(str(column.key) for column in select_views().selected_columns)


_OBSTACLES, _MARKS = tuple(Obstacle), tuple(RegistrationKind)
_AS_STORED = tuple(field.name for field in fields(OfferingView) if field.name in Offering.model_fields)
_AS_SELECTED = (
    *(name for name in _AS_STORED if name not in ("causes", "sickness_years", "languages", "genders")),
    *("provider_name", "own_organisation", "median_wait_days", "p80_wait_days", "measured_n"),
    *("reached_percent", "outcome_n"),
)
