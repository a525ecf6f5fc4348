"""The providers of the network."""

from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.clock import today
from core.routing import Section
from core.validation import OneLine
from identity.guard import Work, open_side
from identity.policy import Permission
from network.providers_read import list_providers
from portal.forms import parse
from portal.open.show import show

router = Section(prefix="/providers")
PAGE_SIZE = 25


class ProviderFilters(BaseModel):
    """What the address bar says of which providers to list."""

    q: Annotated[OneLine, Field(max_length=100)] | None = None
    loose: bool = False  # only those with whom no contract runs
    page: int = Field(default=1, ge=1, le=100_000)


@router.get("")
def provider_list(request: Request, work: Annotated[Work, open_side(Permission.MANAGE_NETWORK)]) -> Response:
    """List providers by name."""
    form = parse(ProviderFilters, request.query_params)
    chosen = form.value or ProviderFilters()
    found = list_providers(
        work.session, work.actor, chosen.q or "", chosen.page, PAGE_SIZE, without_contract=chosen.loose
    )
    return show(
        request,
        work,
        "open/network_manager/providers.html",
        status=422 if form.value is None else 200,
        form=form,
        found=found,
        today=today(),
    )
