"""Where the data protection officer can go."""

from sqlmodel import Session

from core.language import _
from identity.actor import Actor
from portal.page import NavItem

TRAIL = "/toezicht"
CHAIN = "/toezicht/keten"
EMERGENCIES = "/toezicht/noodtoegang"
REMOVED = "/toezicht/verwijderd"


def navigation(_session: Session, _actor: Actor) -> tuple[NavItem, ...]:
    """Return the places of the data protection officer; nothing is counted there, for nothing waits for him."""
    return (
        NavItem(_("Logboek"), TRAIL),
        NavItem(_("Noodtoegang"), EMERGENCIES),
        NavItem(_("Is de keten heel?"), CHAIN),
        NavItem(_("Wat is verwijderd"), REMOVED),
    )
