"""The offerings of the whole network, in every state."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.language import _
from core.paging import Page
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from network.offering_values import InterventionCode
from network.offering_view import OfferingView
from network.offerings_read import OfferingFilter, list_offerings
from network.providers_read import find_provider
from network.tables import OfferingState
from network.taxonomy import interventions
from portal.forms import parse
from portal.network_words import TONES, state_words
from portal.open.show import show
from portal.page import Here

router = Section(prefix="/aanbod")
PAGE_SIZE = 25


class OfferingFilters(BaseModel):
    """What the address bar says of which offerings to list."""

    state: OfferingState | None = None
    intervention: InterventionCode | None = None
    provider: UUID | None = None
    page: int = Field(default=1, ge=1, le=100_000)

    @property
    def wanted(self) -> OfferingFilter:
        """What the network understands."""
        return OfferingFilter(state=self.state, provider_id=self.provider, intervention=self.intervention)


@router.get("")
def offering_list(request: Request, work: Annotated[Work, open_side(Permission.DECIDE_OFFERING)]) -> Response:
    """List offerings, those that wait longest for a decision first where the list is of those."""
    form = parse(OfferingFilters, request.query_params)
    chosen = form.value
    found: Page[OfferingView] | None = None
    if chosen is not None:
        found = list_offerings(work.session, work.actor, chosen.wanted, chosen.page, PAGE_SIZE)
    return show(
        request,
        work,
        "open/network_manager/offerings.html",
        status=422 if chosen is None else 200,
        form=form,
        chosen=chosen or OfferingFilters(),
        found=found,
        states=[(state, state_words(state)) for state in OfferingState],
        tones=TONES,
        state_words=state_words,
        interventions=interventions(),
        choices=sorted(((kind.code, kind.name) for kind in interventions().values()), key=lambda each: each[1]),
        chips=_chips(request, work, chosen),
    )


def _chips(request: Request, work: Work, chosen: OfferingFilters | None) -> list[tuple[str, str]]:
    here = Here(request.url.path, tuple(request.query_params.multi_items()))
    chips = []
    if chosen and chosen.provider:
        name = find_provider(work.session, work.actor, chosen.provider).name
        chips.append((_("Van %(name)s") % {"name": name}, here.url(provider=None, page=None)))
    if chosen and chosen.intervention:
        chips.append((interventions()[chosen.intervention].name, here.url(intervention=None, page=None)))
    return chips
