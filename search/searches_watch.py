"""Watching saved searches: once a day, whether something has come that is better than what the owner has seen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session, col, select

from core.clock import today
from identity.actor import Actor
from identity.policy import Permission, require
from identity.tables import Account, Membership
from network.offering_view import OfferingView
from network.offerings_read import describe_offerings
from network.tables import SavedSearch
from search.gateway import SearchEngine
from search.offerings_find import FoundOffering, FoundOfferings, find_offerings, query_for
from search.offerings_weigh import weigh_offerings
from search.query import LARGEST_PAGE, SearchFilters, Sort


@dataclass(frozen=True, slots=True)
class WatchedSearch:
    """A search that warns, and its owner, as whom it is run."""

    id: UUID
    owner: Actor


@dataclass(frozen=True, slots=True)
class News:
    """What has come on top of a saved search since its owner looked, and on which day that was noticed."""

    search_id: UUID
    name: str
    offering: OfferingView
    since: date


def list_news(session: Session, actor: Actor) -> tuple[News, ...]:
    """Return what is new on top of the actor's searches, the latest first; what cannot be found now is no news."""
    require(actor, Permission.KEEP_SHORTLIST)
    waiting = select(SavedSearch).where(
        SavedSearch.account_id == actor.account,
        col(SavedSearch.removed_at).is_(None),
        col(SavedSearch.news_id).is_not(None),
    )
    rows = session.exec(waiting.order_by(col(SavedSearch.news_on).desc(), col(SavedSearch.name))).all()
    views = describe_offerings(session, [row.news_id for row in rows if row.news_id]) if rows else {}
    told = ((row, views.get(row.news_id)) for row in rows if row.news_id)
    return tuple(
        News(row.id, row.name, view, row.news_on) for row, view in told if view and view.is_visible and row.news_on
    )


def watched_searches(session: Session, actor: Actor) -> tuple[WatchedSearch, ...]:
    """Return all searches that warn, of those who still refer for this arbodienst; for the daily round alone."""
    keepers = Permission.KEEP_SHORTLIST.roles
    rows = session.exec(
        select(SavedSearch.id, Membership)
        .join(Membership, col(Membership.account_id) == SavedSearch.account_id)
        .join(Account, col(Account.id) == SavedSearch.account_id)
        .where(
            col(SavedSearch.removed_at).is_(None),
            col(SavedSearch.warns),
            col(Membership.tenant_id) == actor.tenant_id,
            col(Membership.role).in_(keepers),
            col(Membership.ended_at).is_(None),
            col(Account.disabled_at).is_(None),
        )
        .order_by(col(SavedSearch.id), col(Membership.id))
    )
    # Who refers in two roles is one person, and looks once.
    owners = dict(rows.all())
    return tuple(WatchedSearch(search_id, _owner(membership)) for search_id, membership in owners.items())


def refresh_news(session: Session, actor: Actor, engine: SearchEngine, search_id: UUID) -> None:
    """Run a search of the actor's and keep what stands on top of it when that is new and better than what he saw.

    Without an index nothing is said: the order would be another one.
    """
    require(actor, Permission.KEEP_SHORTLIST)
    saved = session.exec(select(SavedSearch).where(SavedSearch.id == search_id).with_for_update()).one_or_none()
    if saved is None or not saved.warns or saved.removed_at is not None:
        return
    filters = filters_of(saved)
    if filters is None or (found := _top(session, actor, engine, filters)).degraded:
        return
    news_id = _news(session, actor, filters, found.page.items, saved.seen)
    if news_id != saved.news_id:
        saved.news_id, saved.news_on = news_id, today() if news_id else None


def filters_of(saved: SavedSearch) -> SearchFilters | None:
    """Return the filters of a search; None when a code in them is no longer known."""
    try:
        return SearchFilters.model_validate(saved.filters)
    except ValidationError:
        return None


def top_of(session: Session, actor: Actor, engine: SearchEngine, filters: SearchFilters) -> tuple[UUID, ...]:
    """Return what stands on top of a search for the actor now."""
    return tuple(one.offering.id for one in _top(session, actor, engine, filters).page.items)


def _top(session: Session, actor: Actor, engine: SearchEngine, filters: SearchFilters) -> FoundOfferings:
    return find_offerings(session, actor, engine, filters.model_copy(update={"page": 1, "page_size": LARGEST_PAGE}))


def _news(
    session: Session, actor: Actor, filters: SearchFilters, found: tuple[FoundOffering, ...], seen: Collection[UUID]
) -> UUID | None:
    """Return the best result when its owner has not seen it and it is better than the best that he has seen.

    Equals take turns on top, so being first is not enough; and what he made his favourite he knows.
    """
    if not found or found[0].offering.id in seen or found[0].favourite:
        return None
    best, known = found[0], next((one for one in found if one.offering.id in seen), None)
    if known is None or _measures(session, actor, filters, best) != _measures(session, actor, filters, known):
        return best.offering.id
    return None


def _measures(session: Session, actor: Actor, filters: SearchFilters, one: FoundOffering) -> object:
    """Return what places a result in the order that was asked for; equal for those that take turns."""
    offering = one.offering
    if filters.sort is Sort.PRICE:
        return offering.price_cents
    if filters.sort is Sort.WAIT:
        return (offering.wait_days, offering.accepts_new)
    if filters.sort is Sort.DISTANCE:
        return one.distance_km
    if filters.q:
        return offering.id  # words hardly ever weigh the same
    (weighed,) = weigh_offerings(session, query_for(session, actor, filters), [offering])
    return weighed.points


def _owner(membership: Membership) -> Actor:
    return Actor(
        role=membership.role,
        tenant_id=membership.tenant_id,
        organisation_id=membership.organisation_id,
        account_id=membership.account_id,
        membership_id=membership.id,
    )
