"""Where the network manager can go, and how much waits there."""

from sqlmodel import Session

from core.language import _
from identity.actor import Actor
from network.offerings_read import OfferingFilter, list_offerings
from network.registrations import list_expiring
from network.tables import OfferingState
from network.waits import list_stale_waits
from portal.page import NavItem

HOME = "/netwerk"
EXPIRES_WITHIN = 60
"""Days before its end from which a registration waits to be renewed."""


def navigation(session: Session, actor: Actor) -> tuple[NavItem, ...]:
    """Return the places of the network manager."""
    submitted = list_offerings(session, actor, OfferingFilter(state=OfferingState.SUBMITTED), 1, 1).total
    expiring = list_expiring(session, actor, EXPIRES_WITHIN, 1, 1).total
    stale = list_stale_waits(session, actor, 1, 1).total
    return (
        NavItem(_("Werklijst"), HOME),
        NavItem(_("Aanbod"), f"{HOME}/aanbod", submitted),
        NavItem(_("Providers"), f"{HOME}/providers"),
        NavItem(_("Registraties"), f"{HOME}/registraties", expiring),
        NavItem(_("Polissen"), f"{HOME}/polissen"),
        NavItem(_("Wachttijden"), f"{HOME}/wachttijden", stale),
        NavItem(_("Zoekwoorden"), f"{HOME}/zoekwoorden"),
        NavItem(_("Termijnen"), f"{HOME}/termijnen"),
    )
