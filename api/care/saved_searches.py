"""Saved searches over JSON: filters under a name, the caller's own, never with a case or an employee."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel

from api.paged import Paged, PageQuery
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from search.engines import engine_of
from search.saved_searches import (
    NewSearch,
    SavedSearchView,
    SearchName,
    get_saved_search,
    list_saved_searches,
    look_at_search,
    remove_search,
    rename_search,
    save_search,
    what_is_kept,
)

router = Section(prefix="/saved-searches", tags=["saved searches"])
Keeper = Annotated[Work, care(Permission.KEEP_SHORTLIST)]


class SavedSearchOut(BaseModel):
    """A search: `filters` are parameters of GET /offerings, or null when a code in them is no longer known.

    `has_news` says that since the caller last looked something better has come on top; it `warns` of that, or not.
    """

    id: UUID
    name: str
    filters: dict[str, Any] | None
    warns: bool
    has_news: bool
    created_at: datetime


class SavedSearchesOut(Paged[SavedSearchOut]):
    """A page of searches, by name."""


@router.get("")
def saved_searches(work: Keeper, query: Annotated[PageQuery, Query()]) -> SavedSearchesOut:
    """Return the caller's searches."""
    found = list_saved_searches(work.session, work.actor, query.page, query.page_size)
    return SavedSearchesOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[_out(view) for view in found.items]
    )


@router.post("", status_code=201)
def saved(work: Keeper, request: Request, body: NewSearch) -> SavedSearchOut:
    """Keep filters under a name; the week and the page are left out. Name nobody, and nothing about health."""
    return _out(save_search(work.session, work.actor, engine_of(request), body))


@router.get("/{search_id}")
def saved_search(work: Keeper, search_id: UUID) -> SavedSearchOut:
    """Return one search, without looking at its results."""
    return _out(get_saved_search(work.session, work.actor, search_id))


@router.put("/{search_id}")
def renamed(work: Keeper, request: Request, search_id: UUID, body: SearchName) -> SavedSearchOut:
    """Give a search another name, and let it warn or not."""
    return _out(rename_search(work.session, work.actor, engine_of(request), search_id, body))


@router.post("/{search_id}/look")
def looked_at(work: Keeper, request: Request, search_id: UUID) -> SavedSearchOut:
    """Say that the caller looks at the results now: what stands on top is no news any more."""
    return _out(look_at_search(work.session, work.actor, engine_of(request), search_id))


@router.delete("/{search_id}", status_code=204)
def removed(work: Keeper, search_id: UUID) -> None:
    """Let go of a search."""
    remove_search(work.session, work.actor, search_id)


def _out(view: SavedSearchView) -> SavedSearchOut:
    return SavedSearchOut(
        id=view.id,
        name=view.name,
        filters=None if view.filters is None else what_is_kept(view.filters),
        warns=view.warns,
        has_news=view.has_news,
        created_at=view.created_at,
    )
