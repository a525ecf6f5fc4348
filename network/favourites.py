"""Favourites: offerings that somebody who refers keeps at hand. They are his own; nobody else sees or notices them."""

from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from core.clock import now
from core.errors import Conflict
from core.language import _
from core.paging import Page, offset
from core.rows import ask
from identity.actor import Actor
from identity.policy import Permission, allows, require
from network.offering_view import OfferingView, select_views, view_of
from network.offerings_read import get_offering
from network.tables import Favourite, Offering

MOST_FAVOURITES = 200

# Asked with every search: as text it needs no putting together.
KEPT = text("SELECT offering_id FROM network.favourite WHERE account_id = :account AND removed_at IS NULL LIMIT :most")


def star_offering(session: Session, actor: Actor, offering_id: UUID) -> None:
    """Keep an offering at hand; a second time changes nothing.

    Raises NotFound for one that cannot be found now, and Conflict when there are too many.
    """
    require(actor, Permission.KEEP_SHORTLIST)
    get_offering(session, actor, offering_id)
    kept = favourite_ids(session, actor)
    if offering_id not in kept and len(kept) >= MOST_FAVOURITES:
        sentence = _("U hebt al %(n)s favorieten. Haal er eerst een weg.")
        raise Conflict(sentence % {"n": MOST_FAVOURITES}, code="too_many")
    new = Favourite(tenant_id=actor.tenant_id, account_id=actor.account, offering_id=offering_id)
    session.execute(insert(Favourite).values(**new.model_dump()).on_conflict_do_nothing())


def unstar_offering(session: Session, actor: Actor, offering_id: UUID) -> None:
    """Let go of a favourite; of what is none, nothing changes."""
    require(actor, Permission.KEEP_SHORTLIST)
    mine = (col(Favourite.account_id) == actor.account, col(Favourite.offering_id) == offering_id)
    session.execute(update(Favourite).where(*mine, col(Favourite.removed_at).is_(None)).values(removed_at=now()))


def favourite_ids(session: Session, actor: Actor) -> frozenset[UUID]:
    """Return which offerings are favourites of the actor; none for a role that keeps none."""
    if not allows(actor.role, Permission.KEEP_SHORTLIST):
        return frozenset()
    return frozenset(ask(session, KEPT, account=actor.account, most=MOST_FAVOURITES).scalars())


def list_favourites(session: Session, actor: Actor, page: int, page_size: int) -> Page[OfferingView]:
    """Return the actor's favourites, the latest first, also those that cannot be found now: `obstacles` says why."""
    require(actor, Permission.KEEP_SHORTLIST)
    mine = (col(Favourite.account_id) == actor.account, col(Favourite.removed_at).is_(None))
    total = session.scalar(select(func.count()).select_from(Favourite).where(*mine)) or 0
    rows = session.execute(
        select_views()
        .join(Favourite, col(Favourite.offering_id) == col(Offering.id))
        .where(*mine)
        .order_by(col(Favourite.created_at).desc(), col(Favourite.id))
        .limit(page_size)
        .offset(offset(page, page_size))
    )
    return Page(tuple(map(view_of, rows)), total, page, page_size)
