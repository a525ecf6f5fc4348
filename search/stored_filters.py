"""The filters and the order of a question, as conditions on rows of `Offering` joined with their providers."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import col

from identity.tables import Organisation
from network.offering_view import STALE_AFTER_DAYS
from network.postcodes import EARTH_RADIUS_KM, Place
from network.tables import Offering
from network.taxonomy import causes, interventions
from search.analysis import fold, words
from search.query import SearchQuery, Sort
from search.terms import MOST_WORDS


def filters(query: SearchQuery) -> Mapping[str, ColumnElement[bool]]:
    """Return the filters that are chosen, by the name of their facet."""
    chosen: dict[str, ColumnElement[bool]] = {}
    if asked := words(query.q)[:MOST_WORDS]:
        chosen["text"] = and_(*(_mentions(word.text) for word in asked))
    if query.cause:
        chosen["cause"] = _for_one_of(query.cause)
    if query.intervention:
        chosen["intervention"] = col(Offering.intervention).in_(query.intervention)
    if query.sickness_year is not None:
        chosen["sickness_year"] = col(Offering.sickness_years).contains([query.sickness_year])
    if query.online is not None:
        chosen["online"] = col(Offering.online).is_(query.online)
    return {**chosen, **_limits(query)}


def order(query: SearchQuery, on: date) -> tuple[Any, ...]:
    """Return the order that was asked for; "fit" puts advised interventions first, then recent and short waits."""
    if query.sort is Sort.DISTANCE and query.origin is not None:
        return (_distance(query.origin).nulls_last(),)
    if query.sort is Sort.PRICE:
        return (col(Offering.price_cents),)
    if query.sort is Sort.WAIT:
        return (col(Offering.stated_wait_days),)
    stale = col(Offering.stated_on) < on - timedelta(days=STALE_AFTER_DAYS)
    ranks = dict(query.advised)
    best = (case(ranks, value=col(Offering.intervention), else_=len(ranks)),) if ranks else ()
    return (*best, stale, col(Offering.stated_wait_days), col(Offering.price_cents))


def _limits(query: SearchQuery) -> Mapping[str, ColumnElement[bool]]:
    found: dict[str, ColumnElement[bool]] = {}
    if query.max_wait_days is not None:
        found["wait"] = col(Offering.stated_wait_days) <= query.max_wait_days
    if query.max_price_cents is not None:
        found["price"] = col(Offering.price_cents) <= query.max_price_cents
    if query.radius_km is not None and query.origin is not None:
        distance = _distance(query.origin)
        # Where the provider comes to the employee or works at a distance, the distance does not matter.
        near = or_(distance <= query.radius_km, distance <= col(Offering.radius_km))
        found["distance"] = or_(col(Offering.online), col(Offering.nationwide), near)
    return found


def _mentions(word: str) -> ColumnElement[bool]:
    """Return whether an offering mentions a word in its texts, its provider's name or its part of the taxonomy."""
    texts = (Offering.title, Offering.description, Organisation.name)
    kinds = [
        kind.code for kind in interventions().values() if word in fold(f"{kind.code} {kind.label} {kind.label_en}")
    ]
    reasons = [cause.code for cause in causes().values() if word in fold(f"{cause.label} {cause.label_en}")]
    return or_(
        *(col(text).icontains(word, autoescape=True) for text in texts),
        col(Offering.intervention).in_(kinds),
        _for_one_of(reasons),
    )


def _for_one_of(codes: Sequence[str]) -> ColumnElement[bool]:
    return col(Offering.causes).bool_op("&&")(list(codes))


def _distance(origin: Place) -> ColumnElement[float]:
    """Return the great-circle distance in kilometres (haversine); NULL for an offering without a place."""
    latitude, longitude = col(Offering.latitude), col(Offering.longitude)
    half_latitude = func.sin(func.radians(latitude - origin.lat) / 2)
    half_longitude = func.sin(func.radians(longitude - origin.lon) / 2)
    square = func.pow(half_latitude, 2) + (
        func.cos(func.radians(origin.lat)) * func.cos(func.radians(latitude)) * func.pow(half_longitude, 2)
    )
    distance: ColumnElement[float] = 2 * EARTH_RADIUS_KM * func.asin(func.least(1.0, func.sqrt(square)))
    return distance
