"""Where a provider can go, and how much waits there."""

from sqlmodel import Session

from core.language import _
from identity.actor import Actor
from network.registrations import list_expiring
from network.waits import list_stale_waits
from portal.page import NavItem

HOME = "/provider"
REFERRALS = f"{HOME}/verwijzingen"
INVOICES = f"{HOME}/facturen"
OFFERINGS = f"{HOME}/aanbod"
REGISTRATIONS = f"{HOME}/registraties"
EXPIRES_WITHIN = 60
"""Days before its end from which a registration waits to be renewed."""


def navigation(session: Session, actor: Actor) -> tuple[NavItem, ...]:
    """Return the places of a provider; what waits on the medical side is not counted from here."""
    return places(session, actor)


def places(
    session: Session, actor: Actor, waiting: int | None = None, sent_back: int | None = None
) -> tuple[NavItem, ...]:
    """Return the places of a provider, with the counts of the medical side that the caller knows."""
    stale = list_stale_waits(session, actor, 1, 1).total
    expiring = list_expiring(session, actor, EXPIRES_WITHIN, 1, 1).total
    return (
        NavItem(_("Werklijst"), HOME, waiting),
        NavItem(_("Verwijzingen"), REFERRALS),
        NavItem(_("Facturen"), INVOICES, sent_back),
        NavItem(_("Aanbod"), OFFERINGS, stale),
        NavItem(_("Registraties"), REGISTRATIONS, expiring),
    )
