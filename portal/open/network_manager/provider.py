"""One provider: its numbers, its contract, its registrations and what it offers."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from core.clock import today
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from network.contracts import list_contracts
from network.offerings_read import OfferingFilter, list_offerings
from network.providers_read import find_provider
from network.registrations import list_registrations
from network.taxonomy import interventions
from portal.network_words import TONES, registration_words, state_words
from portal.open.show import show

router = Section(prefix="/providers/{provider_id}")
MOST = 50
MOST_OFFERINGS = 8


@router.get("")
def provider_page(
    request: Request, work: Annotated[Work, open_side(Permission.MANAGE_NETWORK)], provider_id: UUID
) -> Response:
    """Show a provider."""
    provider = find_provider(work.session, work.actor, provider_id)
    offered = OfferingFilter(provider_id=provider_id)
    return show(
        request,
        work,
        "open/network_manager/provider.html",
        provider=provider,
        contracts=list_contracts(work.session, work.actor, provider_id, 1, MOST).items,
        registrations=list_registrations(work.session, work.actor, provider_id, 1, MOST).items,
        offerings=list_offerings(work.session, work.actor, offered, 1, MOST_OFFERINGS),
        registration_words=registration_words,
        interventions=interventions(),
        tones=TONES,
        state_words=state_words,
        today=today(),
    )
