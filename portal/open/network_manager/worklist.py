"""The worklist of the network manager: what waits, of each kind the oldest first."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from core.language import _, ngettext
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from network.offering_view import OfferingView
from network.offerings_read import OfferingFilter, list_offerings
from network.providers_read import ProviderView, list_providers
from network.registrations import RegistrationView, list_expiring
from network.tables import OfferingState
from network.taxonomy import interventions
from network.waits import list_stale_waits
from portal.blocks import Task
from portal.network_words import registration_words
from portal.open.network_manager.navigation import EXPIRES_WITHIN, HOME
from portal.open.show import show

router = Section(prefix=HOME)
MOST = 5  # of each kind; the rest is one click away


@router.get("")
def worklist(request: Request, work: Annotated[Work, open_side(Permission.MANAGE_NETWORK)]) -> Response:
    """Show what waits for the network manager."""
    session, actor = work.session, work.actor
    submitted = list_offerings(session, actor, OfferingFilter(state=OfferingState.SUBMITTED), 1, MOST)
    expiring = list_expiring(session, actor, EXPIRES_WITHIN, 1, MOST)
    stale = list_stale_waits(session, actor, 1, MOST)
    loose = list_providers(session, actor, "", 1, MOST, without_contract=True)
    return show(
        request,
        work,
        "open/network_manager/worklist.html",
        submitted=submitted,
        expiring=expiring,
        stale=stale,
        loose=loose,
        sections=[
            (_("Aanbod om te beoordelen"), submitted.map(_submitted), "/netwerk/aanbod?state=submitted"),
            (_("Registraties die aflopen"), expiring.map(_expiring), "/netwerk/registraties"),
            (_("Providers zonder contract"), loose.map(_loose), "/netwerk/providers?loose=on"),
            (_("Wachttijden om na te vragen"), stale.map(_stale), "/netwerk/wachttijden"),
        ],
    )


def _submitted(offering: OfferingView) -> Task:
    return Task(
        offering.title,
        f"/netwerk/aanbod/{offering.id}",
        _("Beoordeel"),
        f"{offering.provider_name} · {interventions()[offering.intervention].name}",
        since=offering.submitted_at.date(),
    )


def _expiring(registration: RegistrationView) -> Task:
    return Task(
        registration.provider_name,
        f"/netwerk/providers/{registration.provider_id}/registraties/{registration.id}",
        _("Verleng"),
        f"{registration_words(registration.kind)} {registration.number}",
        due=registration.valid_until,
        tag="" if registration.is_valid else _("Verlopen"),
        tone="bad",
    )


def _loose(provider: ProviderView) -> Task:
    return Task(
        provider.name,
        f"/netwerk/providers/{provider.id}",
        _("Sluit een contract"),
        provider.city,
        tag=_lost(provider.offerings) if provider.offerings else "",
        tone="warn",
    )


def _lost(offerings: int) -> str:
    template = ngettext("%(n)s aanbod niet te vinden", "%(n)s keer aanbod niet te vinden", offerings)
    return template % {"n": offerings}


def _stale(offering: OfferingView) -> Task:
    return Task(
        offering.title,
        f"/netwerk/aanbod/{offering.id}",
        _("Bekijk"),
        offering.provider_name,
        since=offering.stated_on,
    )
