"""What may be asked: the filters as they stand in the address bar, and the question that an engine answers."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from core.language import _
from network.postcodes import Place, places
from network.tables import Gender, RegistrationKind
from network.taxonomy import Disclosure, causes
from search.document import CauseCode, FourDigits, InterventionCode, LanguageCode, Region
from search.meant import Meant, meant_by
from search.places_asked import place_in
from search.synonyms import BUILT_IN, Synonyms
from search.terms import AskedWord, asked_words

LONGEST_TEXT = 2_000
LARGEST_PAGE = 100
LAST_PAGE = 100_000
LIMITS: Mapping[str, tuple[int, ...]] = {"wait": (7, 14, 28, 56), "price": (150_00, 500_00, 1_500_00, 3_000_00)}
"""Days and cents for which is counted how many ask no more: cumulatively, as the filters take them."""

LIMITED = {"wait": "wait_days", "price": "price_cents"}
"""The fields that these limits are about."""

SEVERAL = ("cause", "intervention", "region", "language", "mark")
SINGLE = ("sickness_year", "disclosure", "online", "gender", "accepts_now")
"""Filters that want a field of their own name to hold one of some values, or one."""


class Sort(StrEnum):
    """In which order results stand; none of them can be bought (R33)."""

    FIT = "fit"
    WAIT = "wait"
    DISTANCE = "distance"
    PRICE = "price"


def _with_place_of_text(chosen: dict[str, Any]) -> dict[str, Any]:
    """Take a postcode or the name of a place that stands in the text for the place to measure from."""
    text = chosen.get("q")
    if not isinstance(text, str):
        return chosen
    postcode, rest = place_in(text)
    return chosen if postcode is None else {**chosen, "q": rest, "postcode": postcode}


class SearchFilters(BaseModel):
    """What a person can choose. Empty values of a form count as not chosen; every fault names its field."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    q: str = Field(default="", max_length=LONGEST_TEXT)
    cause: Annotated[tuple[CauseCode, ...], Field(max_length=28)] = ()
    sickness_year: int | None = Field(default=None, ge=1, le=2)
    week: int | None = Field(default=None, ge=1, le=520)
    intervention: Annotated[tuple[InterventionCode, ...], Field(max_length=28)] = ()
    disclosure: Disclosure | None = None
    postcode: FourDigits | None = None
    radius_km: float | None = Field(default=None, gt=0, le=500)
    region: Annotated[tuple[Region, ...], Field(max_length=12)] = ()
    online: bool | None = None
    at_employee: bool | None = None
    language: Annotated[tuple[LanguageCode, ...], Field(max_length=10)] = ()
    mark: Annotated[tuple[RegistrationKind, ...], Field(max_length=14)] = ()
    gender: Gender | None = None
    accepts_now: bool | None = None
    max_wait_days: int | None = Field(default=None, ge=0, le=730)
    max_price_cents: int | None = Field(default=None, ge=0, le=100_000_000)
    sort: Sort = Sort.FIT
    page: int = Field(default=1, ge=1, le=LAST_PAGE)
    page_size: int = Field(default=20, ge=1, le=LARGEST_PAGE)

    @model_validator(mode="before")
    @classmethod
    def _without_empty_values(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        chosen = {name: value for name, value in data.items() if value not in ("", [""], None)}
        return chosen if "postcode" in chosen else _with_place_of_text(chosen)

    @field_validator("radius_km", "sort")
    @classmethod
    def _distance_needs_a_postcode(cls, value: float | Sort | None, info: ValidationInfo) -> float | Sort | None:
        # A postcode that was refused is missing from the data; it then has its own sentence.
        about_distance = value is Sort.DISTANCE or (info.field_name == "radius_km" and value is not None)
        if about_distance and info.data.get("postcode", "refused") is None:
            raise ValueError(_("Vul een postcode in om op afstand te zoeken."))
        return value

    def for_tenant(
        self,
        tenant_id: UUID,
        *,
        open_only: bool = False,
        provider_id: UUID | None = None,
        synonyms: Synonyms = BUILT_IN,
    ) -> "SearchQuery":
        """Return the question in the network of one arbodienst; `open_only` for who may not see CONF offerings."""
        return SearchQuery(
            **self.model_dump(exclude_unset=True),
            tenant_id=tenant_id,
            open_only=open_only,
            provider_id=provider_id,
            synonyms=synonyms,
        )


class SearchQuery(SearchFilters):
    """A question to an engine: the filters, whose network they are asked of, and what means the same there.

    `favourites` are the asker's own; they weigh in the order "fit" and nowhere else, and filter nothing.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    tenant_id: UUID
    favourites: frozenset[UUID] = frozenset()
    synonyms: Synonyms = Field(default=BUILT_IN, exclude=True)
    open_only: bool = False
    provider_id: UUID | None = None

    @property
    def origin(self) -> Place | None:
        """The place from which distances are measured."""
        return None if self.postcode is None else places()[self.postcode]

    @property
    def chosen(self) -> Mapping[str, tuple[str | int | bool, ...]]:
        """The values of which a field must hold one, by the name of the field, which is that of its facet."""
        several = {name: getattr(self, name) for name in SEVERAL}
        single = {name: (getattr(self, name),) for name in SINGLE if getattr(self, name) is not None}
        return {name: values for name, values in (several | single).items() if values}

    @property
    def counted_by(self) -> str:
        """All on which the counts of a question without words depend."""
        return self.model_dump_json(exclude={"page", "page_size", "sort", "week", "favourites"})

    def saying(self, text: str) -> "SearchQuery":
        """Return the same question with other words."""
        return SearchQuery(**(self.model_dump(exclude_unset=True) | {"q": text}), synonyms=self.synonyms)

    @cached_property
    def words(self) -> tuple[AskedWord, ...]:
        """What the text asks for."""
        return asked_words(self.q, self.synonyms)

    @cached_property
    def meant(self) -> Mapping[str, Meant]:
        """The interventions that the text means, by their own name or by the name of a cause."""
        return meant_by(self.words, self.sickness_year)

    @property
    def offset(self) -> int:
        """How many results stand on the pages before this one."""
        return (self.page - 1) * self.page_size

    @cached_property
    def advised(self) -> Mapping[str, int]:
        """The interventions that fit the chosen causes in the chosen year, with their best place in a list, from 0."""
        years = (1, 2) if self.sickness_year is None else (self.sickness_year,)
        ranks: dict[str, int] = {}
        for code in self.cause:
            for year in years:
                for rank, intervention in enumerate(causes()[code].interventions_in(year)):
                    ranks[intervention] = min(rank, ranks.get(intervention, rank))
        return ranks

    @property
    def compared(self) -> tuple[str, ...]:
        """The interventions among which prices are compared: those asked for, else those advised."""
        return self.intervention or tuple(self.advised)
