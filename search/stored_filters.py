"""The filters and the order of a question, as conditions on rows of `Offering` joined with providers and waits."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, and_, case, cast, false, func, or_
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlmodel import col

from core.clock import AMSTERDAM
from identity.tables import Organisation
from network.measured import NINE_IN_TEN, SPREAD_OF_P80, UNCERTAINTY_OF_MEDIAN
from network.offering_view import STALE_AFTER_DAYS, name_reveals_care
from network.postcodes import EARTH_RADIUS_KM, Place, regions
from network.registers import valid_marks
from network.tables import MeasuredWait, Offering, OrganisationProfile
from network.taxonomy import Disclosure, causes, interventions
from search.analysis import fold
from search.query import SearchQuery, Sort


def filters(query: SearchQuery, on: date) -> Mapping[str, ColumnElement[bool]]:
    """Return the filters that are chosen, by the name of their facet."""
    chosen: dict[str, ColumnElement[bool]] = {}
    if asked := query.words:
        chosen["text"] = and_(*(_mentions(word.text) for word in asked))
    if query.cause:
        chosen["cause"] = _for_one_of(query.cause)
    if query.intervention:
        chosen["intervention"] = col(Offering.intervention).in_(query.intervention)
    if query.sickness_year is not None:
        chosen["sickness_year"] = col(Offering.sickness_years).contains([query.sickness_year])
    if query.online is not None:
        chosen["online"] = col(Offering.online).is_(query.online)
    if query.disclosure is not None:
        chosen["disclosure"] = is_open() if query.disclosure is Disclosure.OPEN else ~is_open()
    return {**chosen, **_of_people(query, on), **_of_place(query), **_limits(query, on)}


def order(query: SearchQuery, on: date) -> tuple[Any, ...]:
    """Return the order that was asked for; "fit" puts advised interventions first, then recent and short waits."""
    if query.sort is Sort.DISTANCE and query.origin is not None:
        return (_distance(query.origin).nulls_last(),)
    if query.sort is Sort.PRICE:
        return (col(Offering.price_cents),)
    if query.sort is Sort.WAIT:
        return (wait_days(on),)
    stale = ~_is_measured(on) & (col(Offering.stated_on) < on - timedelta(days=STALE_AFTER_DAYS))
    ranks = dict(query.advised)
    best = (case(ranks, value=col(Offering.intervention), else_=len(ranks)),) if ranks else ()
    return (*best, ~col(Offering.accepts_new), stale, wait_days(on), col(Offering.price_cents))


def wait_days(on: date) -> ColumnElement[int]:
    """Return the wait that counts, as OfferingView.wait_days tells it."""
    median, p80, n = col(MeasuredWait.median_days), col(MeasuredWait.p80_days), col(MeasuredWait.n)
    careful = NINE_IN_TEN * UNCERTAINTY_OF_MEDIAN / SPREAD_OF_P80
    measured = cast(func.ceil(median + careful * (p80 - median) / func.sqrt(n)), Integer)
    return case((_is_measured(on), measured), else_=col(Offering.stated_wait_days))


def in_regions() -> ColumnElement[list[str]]:
    """Return the provinces in which an offering can be had."""
    here = case((col(Offering.region).is_(None), cast([], ARRAY(Text))), else_=array([col(Offering.region)]))
    return case((_everywhere(), cast(list(regions()), ARRAY(Text))), else_=here)


def is_open() -> ColumnElement[bool]:
    """Return whether employer and insurer may know of an offering, name and kind (rules 2.1)."""
    codes = [code for code, kind in interventions().items() if kind.disclosure is Disclosure.OPEN]
    return and_(col(Offering.intervention).in_(codes), ~name_reveals_care())


def _is_measured(on: date) -> ColumnElement[bool]:
    since = datetime.combine(on - timedelta(days=STALE_AFTER_DAYS), time.min, AMSTERDAM)
    return func.coalesce(col(MeasuredWait.measured_at) >= since, false())


def _everywhere() -> ColumnElement[bool]:
    return or_(col(Offering.online), col(Offering.nationwide))


def _of_people(query: SearchQuery, on: date) -> Mapping[str, ColumnElement[bool]]:
    """Return the filters on who does it: in which language, of which register, and whether he takes anybody."""
    found: dict[str, ColumnElement[bool]] = {}
    if query.language:
        found["language"] = col(Offering.languages).bool_op("&&")(list(query.language))
    if query.mark:
        found["mark"] = valid_marks(on).bool_op("&&")(cast([mark.value for mark in query.mark], ARRAY(Text)))
    if query.gender is not None:
        found["gender"] = col(Offering.genders).contains([query.gender.value])
    if query.accepts_now is not None:
        found["accepts_now"] = col(Offering.accepts_new).is_(query.accepts_now)
    return found


def _of_place(query: SearchQuery) -> Mapping[str, ColumnElement[bool]]:
    found: dict[str, ColumnElement[bool]] = {}
    if query.region:
        found["region"] = or_(_everywhere(), col(Offering.region).in_(query.region))
    if query.at_employee is not None:
        travels = col(Offering.radius_km) > 0
        comes = travels if query.origin is None else travels & (_distance(query.origin) <= col(Offering.radius_km))
        found["at_employee"] = func.coalesce(comes, false()).is_(query.at_employee)
    return found


def _limits(query: SearchQuery, on: date) -> Mapping[str, ColumnElement[bool]]:
    found: dict[str, ColumnElement[bool]] = {}
    if query.max_wait_days is not None:
        found["wait"] = wait_days(on) <= query.max_wait_days
    if query.max_price_cents is not None:
        found["price"] = col(Offering.price_cents) <= query.max_price_cents
    if query.radius_km is not None and query.origin is not None:
        distance = _distance(query.origin)
        # Where the provider comes to the employee or works at a distance, the distance does not matter.
        near = or_(distance <= query.radius_km, distance <= col(Offering.radius_km))
        found["distance"] = or_(_everywhere(), near)
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
        col(OrganisationProfile.kvk) == word,
        col(OrganisationProfile.agb) == word,
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
