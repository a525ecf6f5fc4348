"""The form of an offering: what is typed, what it means to the network, and what there is to choose from."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from core.clock import today
from core.language import _, language
from network.offering_values import HIGHEST_PRICE_CENTS, OfferingFacts, OfferingValues, WaitDays
from network.offering_view import OfferingView
from network.spoken import SPOKEN, language_name
from network.tables import Evidence, Gender, PriceUnit
from network.taxonomy import Cause, causes, interventions
from portal.offering_words import evidence_words, gender_words, unit_words
from portal.typed import Euros, TypedDay, typed_euros


class TypedOffering(OfferingFacts):
    """An offering as a provider types it: days and the price the way people write them."""

    price_valid_from: TypedDay = Field(default_factory=today)
    price_valid_until: TypedDay | None = None
    price: Annotated[Euros, Field(gt=0, le=HIGHEST_PRICE_CENTS)]
    price_unit: PriceUnit
    stated_wait_days: WaitDays
    version: int | None = Field(default=None, ge=1)

    @property
    def values_typed(self) -> OfferingValues:
        """The same as the network takes it."""
        facts = self.model_dump(exclude={"price", "version"})
        return OfferingValues(**facts, price_cents=self.price)


def first_values(offering: OfferingView) -> Mapping[str, object]:
    """Return the fields of an offering that is to be changed, as a person would type them."""
    same = {name: getattr(offering, name) for name in OfferingFacts.model_fields}
    return same | {
        "price": typed_euros(offering.price_cents),
        "price_unit": offering.price_unit,
        "stated_wait_days": offering.stated_wait_days,
    }


def choices() -> dict[str, Any]:
    """Return what there is to choose from."""
    kinds = sorted(interventions().values(), key=lambda kind: kind.name)
    return {
        "kinds": [(kind.code, kind.name) for kind in kinds],
        "cause_groups": _cause_groups(),
        "years": [(1, _("Eerste ziektejaar")), (2, _("Tweede ziektejaar"))],
        "units": [(unit.value, unit_words(unit)) for unit in PriceUnit],
        "vat_rates": [(0, _("Vrij van btw")), (9, "9%"), (21, "21%")],
        "languages": [(code, language_name(code)) for code in SPOKEN],
        "genders": [(gender.value, gender_words(gender)) for gender in Gender],
        "grounds": [(evidence.value, evidence_words(evidence)) for evidence in Evidence],
    }


def _cause_groups() -> dict[str, list[Cause]]:
    groups: dict[str, list[Cause]] = {}
    for cause in causes().values():
        groups.setdefault(cause.group_en if language() == "en" else cause.group, []).append(cause)
    return groups
