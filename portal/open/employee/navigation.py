"""Where an employee can go; nothing is counted, for nothing has to be done here by a certain day."""

from sqlmodel import Session

from core.language import _
from identity.actor import Actor
from portal.page import NavItem

HOME = "/werknemer"
INTERVENTIONS = f"{HOME}/interventies"
CONSENTS = f"{HOME}/toestemming"
SHARED = f"{HOME}/gedeeld"
LOOKED = f"{HOME}/inzage"


def navigation(_session: Session, _actor: Actor) -> tuple[NavItem, ...]:
    """Return the places of an employee."""
    return (
        NavItem(_("Mijn verzuim"), HOME),
        NavItem(_("Mijn interventies"), INTERVENTIONS),
        NavItem(_("Toestemming"), CONSENTS),
        NavItem(_("Wat is gedeeld"), SHARED),
        NavItem(_("Wie keek"), LOOKED),
    )
