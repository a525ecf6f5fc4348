"""Offerings side by side over JSON."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from api.money import Money, money_or_none
from api.open.offering_out import OfferingShortOut, short_values
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from search.offerings_compare import ComparedOffering, compare_offerings
from search.query import SearchFilters

router = Section(prefix="/offerings", tags=["offerings"])


class CompareQuery(SearchFilters):
    """Which offerings, three at most, and the question for which they are weighed; nothing of it is kept."""

    offering: tuple[UUID, ...] = Field(default=(), max_length=20)

    @property
    def filters(self) -> SearchFilters:
        """The question without the offerings."""
        return SearchFilters(**self.model_dump(exclude_unset=True, exclude={"offering"}))


class ComparedOut(OfferingShortOut):
    """A column: the offering, and what else people weigh.

    `distance_km` is in kilometres, `median_price` the middle of what is comparable, `price_percent` how far the price
    lies above it; the weeks are the advised ones.
    """

    distance_km: float | None
    median_price: Money | None
    price_percent: int | None
    week_from: int
    week_until: int
    programme_weeks: int
    favourite: bool
    reasons: list[str]


class ComparisonOut(BaseModel):
    """The columns in the order that was asked for; `gone` counts those that cannot be found any more."""

    offerings: list[ComparedOut]
    gone: int


@router.get("/compare")
def compared(
    work: Annotated[Work, open_side(Permission.SEARCH_OFFERINGS)], query: Annotated[CompareQuery, Query()]
) -> ComparisonOut:
    """Set up to three offerings side by side."""
    found = compare_offerings(work.session, work.actor, query.offering, query.filters)
    return ComparisonOut(offerings=[_column(one) for one in found.offerings], gone=found.gone)


def _column(one: ComparedOffering) -> ComparedOut:
    return ComparedOut.model_validate(
        {
            **short_values(one.offering),
            "distance_km": None if one.distance_km is None else round(one.distance_km, 1),
            "median_price": money_or_none(one.median_cents),
            "price_percent": one.price_percent,
            "week_from": one.week_from,
            "week_until": one.week_until,
            "programme_weeks": one.offering.programme_weeks,
            "favourite": one.favourite,
            "reasons": [reason.sentence for reason in one.reasons],
        }
    )
