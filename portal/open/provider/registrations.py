"""The registers in which the provider stands, each with its last day; kept by the network manager (R30, R31)."""

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.clock import today
from core.routing import Section
from network.registrations import list_registrations
from portal.forms import parse
from portal.network_words import registration_words
from portal.open.provider.navigation import EXPIRES_WITHIN, REGISTRATIONS
from portal.open.provider.work import Publisher
from portal.open.show import show

router = Section(prefix=REGISTRATIONS)
PAGE_SIZE = 50


class Place(BaseModel):
    """Which page of the list."""

    page: int = Field(default=1, ge=1, le=1_000)


@router.get("")
def registration_list(request: Request, work: Publisher) -> Response:
    """List the provider's registrations, the one that ends first on top."""
    place = parse(Place, request.query_params).value or Place()
    actor = work.actor
    return show(
        request,
        work,
        "open/provider/registrations.html",
        registrations=list_registrations(work.session, actor, actor.organisation_id, place.page, PAGE_SIZE),
        registration_words=registration_words,
        today=today(),
        soon=EXPIRES_WITHIN,
    )
