"""Finding offerings in the database itself: for who sees more than is indexed, and for when there is no index.

The filters mean what they mean to an engine; words are looked for as they are written, and the order is plainer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select, text
from sqlmodel import Session, col

from identity.tables import Organisation
from network.offering_view import name_reveals_care
from network.tables import Offering, OrganisationProfile
from network.taxonomy import Disclosure, interventions
from search.gateway import Facets
from search.query import SearchQuery
from search.stored_filters import filters, order

# Waits are counted cumulatively, as the filter takes them: at most so many days.
WAIT_LIMITS = (7, 14, 28, 56)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """How many offerings match, the ids on the page that was asked for, and counts per filter."""

    total: int
    offering_ids: tuple[UUID, ...]
    facets: Facets


def search_stored(session: Session, query: SearchQuery, within: ColumnElement[bool], on: date) -> StoredAnswer:
    """Answer a question from the database, among the offerings for which `within` holds, as things stand on a day."""
    chosen = filters(query)
    matching = (within, *chosen.values())
    total = session.scalar(_of_offerings(func.count()).where(*matching)) or 0
    page = _of_offerings(col(Offering.id)).where(*matching).order_by(*order(query, on), col(Offering.id))
    offering_ids = tuple(session.scalars(page.limit(query.page_size).offset(query.offset)))
    return StoredAnswer(total, offering_ids, _facets(session, within, chosen))


def _facets(session: Session, within: ColumnElement[bool], chosen: Mapping[str, ColumnElement[bool]]) -> Facets:
    """Return the counts per filter: how many there would be with that value, and all other filters as they are."""
    counts = {name: _count(session, value, _others(name, within, chosen)) for name, value in _values().items()}
    return counts | {"wait": _count_waits(session, _others("wait", within, chosen))}


def _others(
    name: str, within: ColumnElement[bool], chosen: Mapping[str, ColumnElement[bool]]
) -> tuple[ColumnElement[bool], ...]:
    return (within, *(condition for other, condition in chosen.items() if other != name))


def _values() -> Mapping[str, Any]:
    codes = [code for code, kind in interventions().items() if kind.disclosure is Disclosure.OPEN]
    is_open = and_(col(Offering.intervention).in_(codes), ~name_reveals_care())
    return {
        "cause": func.unnest(col(Offering.causes)),
        "intervention": col(Offering.intervention),
        "sickness_year": func.unnest(col(Offering.sickness_years)),
        "online": case((col(Offering.online), "true"), else_="false"),
        "disclosure": case((is_open, Disclosure.OPEN.value), else_=Disclosure.CONF.value),
    }


def _count(session: Session, value: Any, conditions: Sequence[ColumnElement[bool]]) -> Mapping[str, int]:
    counted = _of_offerings(value.label("value"), func.count()).where(*conditions).group_by(text("1"))
    return {str(found): count for found, count in session.execute(counted)}


def _count_waits(session: Session, conditions: Sequence[ColumnElement[bool]]) -> Mapping[str, int]:
    wait = col(Offering.stated_wait_days)
    counted = _of_offerings(*(func.count().filter(wait <= limit) for limit in WAIT_LIMITS)).where(*conditions)
    return dict(zip(map(str, WAIT_LIMITS), session.execute(counted).one(), strict=True))


def _of_offerings(*values: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*values)
        .select_from(Offering)
        .join(Organisation, col(Organisation.id) == col(Offering.provider_id))
        .outerjoin(OrganisationProfile, col(OrganisationProfile.organisation_id) == col(Offering.provider_id))
    )
