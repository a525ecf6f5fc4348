"""Favourites over JSON: the caller's own, and nobody else's."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from api.open.offering_out import OfferingShortOut, short_values
from api.paged import Paged, PageQuery
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from network.favourites import list_favourites, star_offering, unstar_offering
from network.offering_view import OfferingView

router = Section(prefix="/favourites", tags=["favourites"])
Keeper = Annotated[Work, care(Permission.KEEP_SHORTLIST)]


class FavouriteOut(OfferingShortOut):
    """A favourite; `findable` tells whether it can be found and referred to now."""

    findable: bool


class FavouritesOut(Paged[FavouriteOut]):
    """A page of favourites, the latest first."""


@router.get("")
def favourites(work: Keeper, query: Annotated[PageQuery, Query()]) -> FavouritesOut:
    """Return the caller's favourites."""
    found = list_favourites(work.session, work.actor, query.page, query.page_size)
    return FavouritesOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[_out(view) for view in found.items]
    )


@router.put("/{offering_id}", status_code=204)
def starred(work: Keeper, offering_id: UUID) -> None:
    """Keep an offering at hand; it then stands somewhat higher in the caller's own results."""
    star_offering(work.session, work.actor, offering_id)


@router.delete("/{offering_id}", status_code=204)
def unstarred(work: Keeper, offering_id: UUID) -> None:
    """Let go of a favourite."""
    unstar_offering(work.session, work.actor, offering_id)


def _out(view: OfferingView) -> FavouriteOut:
    return FavouriteOut.model_validate({**short_values(view), "findable": view.is_visible})
