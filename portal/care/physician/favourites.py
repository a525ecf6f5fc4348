"""Favourites: starred beside an offering, and listed to compare or refer from."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.errors import Invalid
from core.language import _
from core.routing import Section
from core.validation import OneLine
from identity.guard import Work, care
from identity.policy import Permission
from network.favourites import list_favourites, star_offering, unstar_offering
from portal import flash
from portal.care.physician.search_way import FAVOURITES, RESULTS, way_of
from portal.care.show import show
from portal.forms import FormFields, parse
from portal.offering_words import price_words

router = Section()
Keeper = Annotated[Work, care(Permission.KEEP_SHORTLIST)]
PAGE_SIZE = 20


class Place(BaseModel):
    """Which page of the list."""

    page: int = Field(default=1, ge=1, le=1_000)


class Star(BaseModel):
    """Whether to keep an offering, and the page on which that was said."""

    keep: Literal["yes", "no"]
    next: Annotated[OneLine, Field(max_length=64_000)] = FAVOURITES


@router.get("/zoeken/favorieten")
def favourites_page(request: Request, work: Keeper) -> Response:
    """List the favourites, the latest first, each with its way to a referral."""
    place = parse(Place, request.query_params).value or Place()
    found = list_favourites(work.session, work.actor, place.page, PAGE_SIZE)
    return show(
        request,
        work,
        "care/physician/favourites.html",
        found=found,
        way=way_of(request),
        price_words=price_words,
    )


@router.post("/zoeken/favorieten/{offering_id}")
def star(request: Request, work: Keeper, offering_id: UUID, data: FormFields) -> Response:
    """Keep an offering, or let it go, and return to where that was said."""
    wanted = parse(Star, data).value
    if wanted is None:
        raise Invalid(_("Wat u stuurde, was niet te lezen of niet volledig."))
    if wanted.keep == "yes":
        star_offering(work.session, work.actor, offering_id)
        said = _("Het aanbod staat bij uw favorieten. Alleen u ziet dat.")
    else:
        unstar_offering(work.session, work.actor, offering_id)
        said = _("Het aanbod is geen favoriet meer.")
    back = wanted.next if wanted.next.startswith(RESULTS) else FAVOURITES
    return flash.redirect(request, f"{back}#aanbod-{offering_id}", said)
