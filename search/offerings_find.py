"""Finding offerings: what the engine answers, held against the database; nothing of the question is kept anywhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, and_, any_, bindparam
from sqlmodel import Session, col

from core.clock import today
from core.errors import FieldError, Invalid
from core.language import _
from core.paging import Page
from core.rows import ask
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import Role
from network.favourites import favourite_ids
from network.offering_view import OfferingView, select_views, view_of
from network.offering_visibility import visible
from network.offerings_read import part_of
from network.tables import Offering, OfferingState
from search import ranking
from search.deadlines import deadline_reasons
from search.gateway import Facets, IndexUnavailable, SearchAnswer, SearchEngine
from search.indexing import document_of
from search.query import SearchFilters, SearchQuery
from search.reasons import Reason, reasons
from search.stored import search_stored
from search.synonym_groups import synonyms_of
from search.synonyms import BUILT_IN

# These see offerings in every state, of which the index holds only those that are visible.
SEES_EVERY_STATE = frozenset({Role.PROVIDER, Role.NETWORK_MANAGER})

MOST_LEFT_OUT = 3
"""Words that are left out at most, when no offering holds all: each takes another search."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class FoundOffering:
    """A result: the offering as it stands now, how far away (km) from the asked postcode, and why it stands here.

    `favourite` tells that it is one of whoever asks.
    """

    offering: OfferingView
    distance_km: float | None
    reasons: tuple[Reason, ...]
    favourite: bool = False


@dataclass(frozen=True, slots=True)
class FoundOfferings:
    """One page of results with counts per filter.

    With `ignored_words` there would have been no result, so they were left out. `degraded` says that the index was not
    there: words were looked for as written, and the order is plainer.
    """

    page: Page[FoundOffering]
    facets: Facets
    ignored_words: tuple[str, ...] = ()
    degraded: bool = False


def find_offerings(
    session: Session,
    actor: Actor,
    engine: SearchEngine,
    filters: SearchFilters,
    state: OfferingState | None = None,
) -> FoundOfferings:
    """Find visible offerings (R28-R31); a case manager finds OPEN ones only (R18).

    A provider finds its own and the network manager all, in every state or in `state`; for others Invalid is raised
    when they ask for a state.
    """
    require(actor, Permission.SEARCH_OFFERINGS)
    query = query_for(session, actor, filters)
    if actor.role in SEES_EVERY_STATE:
        return _find_stored(session, actor, query, _in_state(state))
    if state is not None:
        sentence = _("Alleen de aanbieder zelf en netwerkbeheer zoeken op status.")
        raise Invalid(sentence, (FieldError("state", sentence),))
    try:
        answer = _search(engine, query)
    except IndexUnavailable:
        log.warning("search_without_index")
        return _find_stored(session, actor, query, visible(), degraded=True)
    return _held_against_database(session, actor, query, answer)


def query_for(session: Session, actor: Actor, filters: SearchFilters) -> SearchQuery:
    """Return the question as this actor asks it: of which network, of what part, and with which favourites."""
    query = filters.for_tenant(
        actor.tenant_id,
        open_only=actor.role is Role.CASE_MANAGER,
        provider_id=actor.organisation_id if actor.role is Role.PROVIDER else None,
        synonyms=synonyms_of(session, actor.tenant_id) if filters.q else BUILT_IN,
    )
    return query.model_copy(update={"favourites": favourite_ids(session, actor)})


def _search(engine: SearchEngine, query: SearchQuery) -> SearchAnswer:
    """Ask the engine; when no offering holds all words, leave the last ones out one by one, and say so.

    What stands in quotes is meant as it stands: then nothing is left out.
    """
    answer = engine.search(query)
    words = tuple(word.text for word in query.words)
    if answer.total or any(word.exact for word in query.words):
        return answer
    for end in range(len(words) - 1, max(0, len(words) - 1 - MOST_LEFT_OUT), -1):
        fewer = engine.search(query.saying(" ".join(words[:end])))
        if fewer.total:
            return replace(fewer, ignored_words=(*fewer.ignored_words, *words[end:]))
    return answer


def _in_state(state: OfferingState | None) -> ColumnElement[bool]:
    return col(Offering.state).in_(OfferingState if state is None else (state,))


def _held_against_database(session: Session, actor: Actor, query: SearchQuery, answer: SearchAnswer) -> FoundOfferings:
    """Drop what the index does not know to be hidden by now, and take every value that is shown from the database."""
    views = _views(session, actor, (hit.offering_id for hit in answer.hits))
    found = tuple(
        FoundOffering(
            view, hit.distance_km, (*hit.reasons, *deadline_reasons(query.week, view)), view.id in query.favourites
        )
        for hit in answer.hits
        if (view := views.get(hit.offering_id)) is not None and view.is_visible
    )
    total = answer.total - (len(answer.hits) - len(found))
    return FoundOfferings(Page(found, total, query.page, query.page_size), answer.facets, answer.ignored_words)


def _find_stored(
    session: Session, actor: Actor, query: SearchQuery, which: ColumnElement[bool], *, degraded: bool = False
) -> FoundOfferings:
    answer = search_stored(session, query, and_(part_of(actor.role), which), today())
    views = _views(session, actor, answer.offering_ids)
    found = tuple(_explained(actor, query, views[offering_id]) for offering_id in answer.offering_ids)
    return FoundOfferings(Page(found, answer.total, query.page, query.page_size), answer.facets, degraded=degraded)


def _explained(actor: Actor, query: SearchQuery, view: OfferingView) -> FoundOffering:
    # How a price compares is left unsaid: the medians live in the index.
    about = ranking.facts(document_of(actor.tenant_id, view), query, lambda _kind: None, today())
    said = (*reasons(about), *deadline_reasons(query.week, view))
    return FoundOffering(view, about.distance_km, said, about.favourite)


def _views(session: Session, actor: Actor, offering_ids: Iterable[UUID]) -> Mapping[UUID, OfferingView]:
    rows = ask(session, _select_by_ids(actor.role), ids=list(offering_ids))
    return {view.id: view for view in map(view_of, rows)}


@cache
def _select_by_ids(role: Role) -> Select[*tuple[Any, ...]]:
    # One value for all ids: the question stays the same however many there are, so that it is put up and planned once.
    return select_views().where(col(Offering.id) == any_(bindparam("ids", type_=ARRAY(Uuid))), part_of(role))
