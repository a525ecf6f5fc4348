"""What a provider states of an offering: each value checked, every fault named with its field."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from core.clock import today
from core.language import _
from core.validation import Day, OneLine, Prose
from network.postcodes import places, read_postcode
from network.spoken import SPOKEN, read_language
from network.tables import Evidence, Gender, PriceUnit
from network.taxonomy import causes, interventions, unknown_code

LONGEST_TITLE = 160
LONGEST_DESCRIPTION = 2_000
LONGEST_WAIT_DAYS = 730
HIGHEST_PRICE_CENTS = 10_000_000
VAT_RATES = (0, 9, 21)  # per cent; 0 means exempt


def free_text_warning() -> str:
    """Return what stands beside the free text of an offering (R9)."""
    return _("Iedereen die verwijst leest deze tekst. Schrijf niets over personen of hun gezondheid.")


def _intervention(code: str) -> str:
    if code not in interventions():
        raise ValueError(unknown_code(code, interventions()))
    return code


def _causes(codes: tuple[str, ...]) -> tuple[str, ...]:
    for code in codes:
        if code not in causes():
            raise ValueError(unknown_code(code, causes()))
    # Kept in the order of the taxonomy, so that the same choice is the same value.
    return tuple(code for code in causes() if code in codes)


def _languages(codes: tuple[str, ...]) -> tuple[str, ...]:
    chosen = {read_language(code) for code in codes}
    return tuple(code for code in SPOKEN if code in chosen)


def _genders(chosen: tuple[Gender, ...]) -> tuple[Gender, ...]:
    return tuple(gender for gender in Gender if gender in chosen)


def _four_digits(postcode: str) -> str:
    return read_postcode(postcode).postcode


def _vat_rate(percent: int) -> int:
    if percent not in VAT_RATES:
        raise ValueError(_("Kies een btw-tarief van 0, 9 of 21 procent."))
    return percent


InterventionCode = Annotated[str, AfterValidator(_intervention)]
CauseCodes = Annotated[tuple[str, ...], Field(min_length=1, max_length=28), AfterValidator(_causes)]
LanguageCodes = Annotated[tuple[str, ...], Field(min_length=1, max_length=len(SPOKEN)), AfterValidator(_languages)]
Genders = Annotated[tuple[Gender, ...], Field(max_length=2), AfterValidator(_genders)]
FourDigits = Annotated[str, AfterValidator(_four_digits)]
Year = Annotated[int, Field(ge=1, le=2)]
VatRate = Annotated[int, AfterValidator(_vat_rate)]
WaitDays = Annotated[int, Field(ge=0, le=LONGEST_WAIT_DAYS)]
PriceCents = Annotated[int, Field(gt=0, le=HIGHEST_PRICE_CENTS)]


class OfferingFacts(BaseModel):
    """An offering without its price and its wait, which each door writes in its own way.

    `radius_km` is how far the provider travels to the employee, 0 when the employee comes to him. The causes are a
    proposal (R37). A postcode may be left out only when distance does not matter.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    title: Annotated[OneLine, Field(max_length=LONGEST_TITLE)]
    description: Annotated[Prose, Field(max_length=LONGEST_DESCRIPTION)]
    intervention: InterventionCode
    causes: CauseCodes
    sickness_years: Annotated[tuple[Year, ...], Field(max_length=2)]
    online: bool = False
    nationwide: bool = False
    radius_km: int = Field(default=0, ge=0, le=300)
    postcode: Annotated[FourDigits | None, Field(validate_default=True)] = None
    languages: LanguageCodes = ("nl",)
    genders: Genders = ()
    vat_rate: VatRate
    price_valid_from: Day = Field(default_factory=today)
    price_valid_until: Day | None = None
    programme_weeks: int = Field(default=1, ge=1, le=104)
    evidence: Evidence = Evidence.PRACTICE

    @field_validator("sickness_years")
    @classmethod
    def _years_of_the_intervention(cls, years: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        if not years:
            raise ValueError(_("Kies ten minste één ziektejaar."))
        kind = interventions().get(info.data.get("intervention", ""))
        if kind is not None and not set(years) <= set(kind.sickness_years):
            raise ValueError(
                _("Deze interventie past alleen in ziektejaar %(year)s.") % {"year": kind.sickness_years[0]}
            )
        return tuple(sorted(set(years)))

    @field_validator("postcode")
    @classmethod
    def _somewhere(cls, postcode: str | None, info: ValidationInfo) -> str | None:
        if postcode is None and not (info.data.get("online") or info.data.get("nationwide")):
            raise ValueError(_("Vul de postcode in waar u werkt, of kies online of heel Nederland."))
        return postcode

    @field_validator("price_valid_until")
    @classmethod
    def _not_before_it_begins(cls, until: date | None, info: ValidationInfo) -> date | None:
        begins = info.data.get("price_valid_from")
        if until is not None and begins is not None and until < begins:
            raise ValueError(_("De prijs eindigt voordat hij begint."))
        return until

    @property
    def location(self) -> dict[str, float | str | None]:
        """Latitude, longitude and province of the postcode, by column."""
        if self.postcode is None:
            return {"latitude": None, "longitude": None, "region": None}
        place = places()[self.postcode]
        return {"latitude": place.lat, "longitude": place.lon, "region": place.province}


class OfferingValues(OfferingFacts):
    """A whole offering: its price in cents for one unit without VAT, and the wait in days that holds today (R32)."""

    price_cents: PriceCents
    price_unit: PriceUnit
    stated_wait_days: WaitDays
