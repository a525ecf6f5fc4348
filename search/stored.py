"""Finding offerings in the database itself: for who sees more than is indexed, and for when there is no index.

The filters mean what they mean to an engine; words are looked for as they are written, and the order is plainer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, Text, case, cast, func, literal, select, text, union_all
from sqlmodel import Session, col

from identity.tables import Organisation
from network.registers import valid_marks
from network.tables import MeasuredWait, Offering, OrganisationProfile
from network.taxonomy import Disclosure
from search.gateway import Facets
from search.query import LIMITED, LIMITS, SearchQuery
from search.stored_filters import filters, in_regions, is_open, order, wait_days

TOTAL = "total"

# A plan that is made to fit every question is several times slower here than one that is made for this question.
PLAN_FOR_THIS_QUESTION = text("SET LOCAL plan_cache_mode = force_custom_plan")

Conditions = Mapping[str, ColumnElement[bool]]
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """How many offerings match, the ids on the page that was asked for, and counts per filter."""

    total: int
    offering_ids: tuple[UUID, ...]
    facets: Facets


def search_stored(session: Session, query: SearchQuery, within: ColumnElement[bool], on: date) -> StoredAnswer:
    """Answer a question from the database, among the offerings for which `within` holds, as things stand on a day."""
    session.execute(PLAN_FOR_THIS_QUESTION)
    chosen = filters(query, on)
    counts = _count(session, within, chosen, on)
    matching = _of_offerings(col(Offering.id)).where(within, *chosen.values())
    page = matching.order_by(*order(query, on), col(Offering.id)).limit(query.page_size).offset(query.offset)
    offering_ids = tuple(session.scalars(page))
    return StoredAnswer(counts.pop(TOTAL)[TOTAL], offering_ids, counts)


def _count(session: Session, within: ColumnElement[bool], chosen: Conditions, on: date) -> dict[str, dict[str, int]]:
    """Return how many match, and per filter how many would with that value and all other filters as they are."""
    found = _facts(within, chosen, on)
    fits = {name: found.c[_fits(name)] for name in chosen}
    counts: dict[str, dict[str, int]] = {name: {} for name in _values(found)}
    for name, value, count in session.execute(union_all(*_counted(found, fits))):
        counts.setdefault(name, {})[value] = count
    return counts


def _facts(within: ColumnElement[bool], chosen: Conditions, on: date) -> CTE:
    """Return what is counted of each offering, and which filters it fits; worked out once for all counts."""
    listed = (Offering.causes, Offering.sickness_years, Offering.languages, Offering.genders)
    return (
        _of_offerings(
            *(col(column) for column in (*listed, Offering.intervention, Offering.price_cents)),
            wait_days(on).label("wait_days"),
            in_regions().label("regions"),
            valid_marks(on).label("marks"),
            case((col(Offering.online), "true"), else_="false").label("online"),
            case((col(Offering.accepts_new), "true"), else_="false").label("accepts_now"),
            case((is_open(), Disclosure.OPEN.value), else_=Disclosure.CONF.value).label("disclosure"),
            *(condition.label(_fits(name)) for name, condition in chosen.items()),
        )
        .where(within)
        .cte("found")
    )


def _values(found: CTE) -> Mapping[str, ColumnElement[Any]]:
    return {
        "cause": func.unnest(found.c.causes),
        "intervention": found.c.intervention,
        "sickness_year": func.unnest(found.c.sickness_years),
        "online": found.c.online,
        "disclosure": found.c.disclosure,
        "region": func.unnest(found.c.regions),
        "language": func.unnest(found.c.languages),
        "mark": func.unnest(found.c.marks),
        "gender": func.unnest(found.c.genders),
        "accepts_now": found.c.accepts_now,
    }


def _counted(found: CTE, fits: Conditions) -> Iterator[Rows]:
    """Yield for each filter the counts of its values; a filter that is chosen does not narrow its own."""
    yield _rows(TOTAL, literal(TOTAL), found, fits.values())
    for name, value in _values(found).items():
        yield _rows(name, value, found, _others(name, fits)).group_by(text("2"))
    for name, field in LIMITED.items():
        for limit in LIMITS[name]:
            yield _rows(name, literal(str(limit)), found, (*_others(name, fits), found.c[field] <= limit))


def _rows(name: str, value: ColumnElement[Any], found: CTE, conditions: Iterable[ColumnElement[bool]]) -> Rows:
    counted = select(literal(name, Text), cast(value, Text), func.count())
    return counted.select_from(found).where(*conditions)


def _others(name: str, fits: Conditions) -> tuple[ColumnElement[bool], ...]:
    return tuple(condition for other, condition in fits.items() if other != name)


def _fits(name: str) -> str:
    return f"fits_{name}"


def _of_offerings(*values: Any) -> Rows:
    return (
        select(*values)
        .select_from(Offering)
        .join(Organisation, col(Organisation.id) == col(Offering.provider_id))
        .outerjoin(OrganisationProfile, col(OrganisationProfile.organisation_id) == col(Offering.provider_id))
        .outerjoin(MeasuredWait, col(MeasuredWait.offering_id) == col(Offering.id))
    )
