"""Saved searches: filters that somebody who refers keeps under a name. Of a search, nothing else is kept anywhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func
from sqlmodel import Session, col, select

from core.clock import now
from core.errors import Conflict, NotFound
from core.language import _
from core.locks import take_turn
from core.paging import Page, offset
from core.validation import OneLine
from identity.actor import Actor
from identity.policy import Permission, require
from network.tables import SavedSearch
from search.gateway import SearchEngine
from search.query import SearchFilters
from search.searches_watch import filters_of, top_of

MOST_SAVED = 50

# Where one is in the results is not part of a search; the week is that of one employee, and another one tomorrow.
NOT_KEPT = frozenset({"week", "page", "page_size"})


class SearchName(BaseModel):
    """How a search is called, without anybody's name or health in it, and whether it warns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[OneLine, Field(max_length=80)]
    warns: bool = False


class NewSearch(SearchName):
    """A search to keep: the filters alone; there is no room for a case or an employee."""

    filters: SearchFilters


@dataclass(frozen=True, slots=True)
class SavedSearchView:
    """A search that is kept; `filters` is None when they mean nothing any more, `has_news` until its owner looks."""

    id: UUID
    name: str
    filters: SearchFilters | None
    warns: bool
    has_news: bool
    created_at: datetime


def save_search(session: Session, actor: Actor, engine: SearchEngine, new: NewSearch) -> SavedSearchView:
    """Keep filters under a name; with `warns`, what stands on top now counts as seen. Conflict when there are many."""
    require(actor, Permission.KEEP_SHORTLIST)
    take_turn(session, "search.saved", actor.account)
    kept = select(func.count()).select_from(SavedSearch).where(*_mine(actor))
    if session.exec(kept).one() >= MOST_SAVED:
        sentence = _("U bewaart al %(n)s zoekopdrachten. Verwijder er eerst een.")
        raise Conflict(sentence % {"n": MOST_SAVED}, code="too_many")
    saved = SavedSearch(
        tenant_id=actor.tenant_id,
        account_id=actor.account,
        name=new.name,
        filters=what_is_kept(new.filters),
        warns=new.warns,
    )
    return _stored(session, actor, engine, saved)


def list_saved_searches(session: Session, actor: Actor, page: int, page_size: int) -> Page[SavedSearchView]:
    """Return the actor's searches by name."""
    require(actor, Permission.KEEP_SHORTLIST)
    total = session.exec(select(func.count()).select_from(SavedSearch).where(*_mine(actor))).one()
    by_name = select(SavedSearch).where(*_mine(actor)).order_by(col(SavedSearch.name), col(SavedSearch.id))
    rows = session.exec(by_name.limit(page_size).offset(offset(page, page_size)))
    return Page(tuple(_view(saved) for saved in rows), total, page, page_size)


def get_saved_search(session: Session, actor: Actor, search_id: UUID) -> SavedSearchView:
    """Return one of the actor's searches. Raises NotFound."""
    require(actor, Permission.KEEP_SHORTLIST)
    return _view(_one(session, actor, search_id))


def rename_search(
    session: Session, actor: Actor, engine: SearchEngine, search_id: UUID, given: SearchName
) -> SavedSearchView:
    """Give a search another name, and let it warn from now on, or no longer."""
    require(actor, Permission.KEEP_SHORTLIST)
    saved = _one(session, actor, search_id)
    saved.name = given.name
    if saved.warns == given.warns:
        return _view(saved)
    saved.warns = given.warns
    return _stored(session, actor, engine, saved)


def remove_search(session: Session, actor: Actor, search_id: UUID) -> None:
    """Let go of a search. Raises NotFound."""
    require(actor, Permission.KEEP_SHORTLIST)
    _one(session, actor, search_id).removed_at = now()


def look_at_search(session: Session, actor: Actor, engine: SearchEngine, search_id: UUID) -> SavedSearchView:
    """Return a search to run it; what stands on top now has been seen, and is no news any more."""
    require(actor, Permission.KEEP_SHORTLIST)
    return _stored(session, actor, engine, _one(session, actor, search_id))


def what_is_kept(filters: SearchFilters) -> dict[str, Any]:
    """Return what is kept of filters: those that were chosen, without what belongs to one employee or one page."""
    chosen = filters.model_dump(mode="json", exclude_unset=True, exclude=set(NOT_KEPT))
    return {name: value for name, value in chosen.items() if value not in (None, "", [])}


def _stored(session: Session, actor: Actor, engine: SearchEngine, saved: SavedSearch) -> SavedSearchView:
    """Keep a search of which its owner sees the results now."""
    filters = filters_of(saved)
    saved.seen = list(top_of(session, actor, engine, filters)) if saved.warns and filters else []
    saved.news_id = saved.news_on = None
    session.add(saved)
    session.flush()
    return _view(saved)


def _mine(actor: Actor) -> tuple[Any, ...]:
    return (col(SavedSearch.account_id) == actor.account, col(SavedSearch.removed_at).is_(None))


def _one(session: Session, actor: Actor, search_id: UUID) -> SavedSearch:
    query = select(SavedSearch).where(SavedSearch.id == search_id, *_mine(actor)).with_for_update()
    saved = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if saved is None:
        raise NotFound(_("Deze zoekopdracht is niet gevonden."))
    return saved


def _view(saved: SavedSearch) -> SavedSearchView:
    return SavedSearchView(
        saved.id, saved.name, filters_of(saved), saved.warns, saved.news_id is not None, saved.created_at
    )
