"""Where physician and delegate can go, and how much waits there."""

from sqlmodel import Session

from core.language import _
from identity.actor import Actor
from medical.referrals_list import worklist
from portal.page import NavItem

HOME = "/arts"


def navigation(session: Session, actor: Actor) -> tuple[NavItem, ...]:
    """Return the places of physician and delegate, with how much waits for him."""
    return (
        NavItem(_("Werklijst"), HOME, worklist(session, actor, page_size=1).total),
        NavItem(_("Zoeken"), f"{HOME}/zoeken"),
        NavItem(_("Dossiers"), f"{HOME}/dossiers"),
        NavItem(_("Verwijzingen"), f"{HOME}/verwijzingen"),
        NavItem(_("Mandaten"), f"{HOME}/mandaten"),
    )
