"""What enters the index: published facts of an offering, allow-listed; no person, no case, no referral."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from core.language import _
from network.postcodes import Place, places, read_postcode, regions
from network.spoken import read_language
from network.tables import Gender, PriceUnit, RegistrationKind
from network.taxonomy import Disclosure, causes, interventions, unknown_code

# How far a provider travels is kept in these steps, rounded down, so that an engine can ask for it quickly.
TRAVEL_STEPS_KM = (5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 100, 150, 200, 300)


def _known_intervention(code: str) -> str:
    if code not in interventions():
        raise ValueError(unknown_code(code, interventions()))
    return code


def _known_cause(code: str) -> str:
    if code not in causes():
        raise ValueError(unknown_code(code, causes()))
    return code


def _four_digits(postcode: str) -> str:
    return read_postcode(postcode).postcode


def _known_region(name: str) -> str:
    if name not in regions():
        raise ValueError(_("Kies een van deze provincies: %(names)s.") % {"names": ", ".join(regions())})
    return name


CauseCode = Annotated[str, AfterValidator(_known_cause)]
InterventionCode = Annotated[str, AfterValidator(_known_intervention)]
FourDigits = Annotated[str, AfterValidator(_four_digits)]
LanguageCode = Annotated[str, AfterValidator(read_language)]
Region = Annotated[str, AfterValidator(_known_region)]
Year = Annotated[int, Field(ge=1, le=2)]


def weeks_of(days: int) -> int:
    """Return the weeks that a wait takes, a part of a week for a whole one."""
    return -(-days // 7)


class OfferingDocument(BaseModel):
    """An approved offering as it may be found.

    `disclosure` is the stricter of intervention and provider (rules 2.1); `travel_radius_km` is how far the provider
    comes to the employee, 0 when the employee comes to him. `wait_days` is the wait that counts, as known on `wait_on`:
    measured over `wait_n` people, else as the provider stated it (R32). `outcome_percent` is how many reach what was
    agreed, on the careful side (R34); `numbers` are the provider's own in public registers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant_id: UUID
    offering_id: UUID
    provider_id: UUID
    provider_name: str
    title: str
    summary: str = ""
    intervention: InterventionCode
    disclosure: Disclosure
    causes: tuple[CauseCode, ...] = ()
    sickness_years: tuple[Year, ...]
    week_from: int = Field(ge=0, le=104)
    week_until: int = Field(ge=0, le=104)
    online: bool = False
    nationwide: bool = False
    postcode: FourDigits | None = None
    travel_radius_km: int = Field(default=0, ge=0)
    languages: tuple[LanguageCode, ...] = ()
    genders: tuple[Gender, ...] = ()
    marks: tuple[RegistrationKind, ...] = ()
    numbers: tuple[str, ...] = ()
    wait_days: int | None = Field(default=None, ge=0)
    wait_on: date | None = None
    wait_n: int | None = Field(default=None, ge=1)
    accepts_now: bool = True
    outcome_percent: int | None = Field(default=None, ge=0, le=100)
    price_cents: int = Field(gt=0)
    price_unit: PriceUnit

    @model_validator(mode="after")
    def _window_in_order(self) -> Self:
        if self.week_from > self.week_until:
            raise ValueError("the advised window ends before it begins")
        return self

    @property
    def place(self) -> Place | None:
        """Where the provider works; None for an offering that is only online."""
        return None if self.postcode is None else places()[self.postcode]

    @property
    def in_regions(self) -> tuple[str, ...]:
        """The provinces in which it can be had: where the provider works, or all where that does not matter."""
        if self.online or self.nationwide:
            return regions()
        return () if self.place is None else (self.place.province,)

    @property
    def last_week_in_time(self) -> int:
        """The last week of absence in which a referral still starts inside the advised window; 0 when in none."""
        return max(0, self.week_until - weeks_of(self.wait_days or 0))

    @property
    def kind(self) -> str:
        """What its price is compared with: the same intervention for the same unit."""
        return f"{self.intervention}:{self.price_unit}"

    @property
    def travel_step_km(self) -> int:
        """How far the provider comes to the employee, rounded down to a step; 0 when not, or when he has no place."""
        if self.postcode is None:
            return 0
        return max((step for step in TRAVEL_STEPS_KM if step <= self.travel_radius_km), default=0)

    @property
    def heading(self) -> tuple[str, ...]:
        """The texts that count most when searching: the title, the kind of intervention, who offers it."""
        kind = interventions()[self.intervention]
        return (self.title, kind.label, kind.label_en, kind.code, self.provider_name, *self.numbers)

    @property
    def body(self) -> tuple[str, ...]:
        """The other searchable texts: summary, place and the causes in both languages."""
        where = (self.place.place, self.place.province) if self.place else ()
        named = (text for code in self.causes for text in (causes()[code].label, causes()[code].label_en))
        return (self.summary, *where, *named)
