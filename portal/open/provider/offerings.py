"""The provider's own offerings: where each stands, as an occupational physician sees it, and taking one out."""

from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.language import _
from core.routing import Section
from identity.roles import Role
from network.offering_acts import possible_acts
from network.offerings_publish import withdraw_offering
from network.offerings_read import OfferingFilter, get_offering, list_offerings
from network.tables import OfferingState
from network.taxonomy import interventions
from portal import flash
from portal.blocks import Recipient
from portal.forms import blank, parse
from portal.network_words import TONES, reason_words
from portal.offering_words import offering_facts, price_words
from portal.open.provider.navigation import OFFERINGS
from portal.open.provider.words import offering_state_words, preview
from portal.open.provider.work import Publisher
from portal.open.show import show

router = Section(prefix=OFFERINGS)
PAGE_SIZE = 25


class OfferingFilters(BaseModel):
    """What the address bar says of which offerings to list."""

    state: OfferingState | None = None
    page: int = Field(default=1, ge=1, le=100_000)


@router.get("")
def offering_list(request: Request, work: Publisher) -> Response:
    """List the provider's offerings, by title."""
    chosen = parse(OfferingFilters, request.query_params).value or OfferingFilters()
    wanted = OfferingFilter(state=chosen.state)
    return show(
        request,
        work,
        "open/provider/offerings.html",
        chosen=chosen,
        offerings=list_offerings(work.session, work.actor, wanted, chosen.page, PAGE_SIZE),
        states=list(OfferingState),
        state_words=offering_state_words,
        tones=TONES,
        kinds=interventions(),
        price_words=price_words,
    )


@router.get("/{offering_id}")
def offering_page(request: Request, work: Publisher, offering_id: UUID) -> Response:
    """Show one offering, with what stands in its way and how others see it."""
    offering = get_offering(work.session, work.actor, offering_id)
    return show(
        request,
        work,
        "open/provider/offering.html",
        offering=offering,
        base=f"{OFFERINGS}/{offering.id}",
        possible={act.value for act in possible_acts(Role.PROVIDER, offering.state)},
        state_words=offering_state_words,
        tones=TONES,
        reason_words=reason_words,
        facts=offering_facts(offering),
        seen=preview(offering),
    )


@router.get("/{offering_id}/intrekken")
def withdraw_page(request: Request, work: Publisher, offering_id: UUID) -> Response:
    """Say what happens when an offering is taken out, before it is."""
    offering = get_offering(work.session, work.actor, offering_id)
    return show(
        request,
        work,
        "open/provider/withdraw.html",
        offering=offering,
        base=f"{OFFERINGS}/{offering.id}",
        form=blank(),
        recipients=_told_of_withdrawal(),
    )


@router.post("/{offering_id}/intrekken")
def withdraw(request: Request, work: Publisher, offering_id: UUID) -> Response:
    """Take an offering out of the network; again changes nothing."""
    offering = get_offering(work.session, work.actor, offering_id)
    if offering.state is not OfferingState.WITHDRAWN:
        withdraw_offering(work.session, work.actor, offering_id)
    return flash.redirect(request, f"{OFFERINGS}/{offering_id}", _("Het aanbod is ingetrokken."))


def _told_of_withdrawal() -> list[Recipient]:
    return [
        Recipient(_("Bedrijfsartsen en wie voor hen zoekt"), "care", (), (_("Dit aanbod tussen de resultaten"),)),
        Recipient(_("Wie al naar u is verwezen"), "care", (_("Uw hulp, voor de prijs die is afgesproken"),)),
    ]
