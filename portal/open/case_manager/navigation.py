"""Where the case manager on the employer's side can go, and how much waits there."""

from sqlmodel import Session

from billing.cofinancing.read import list_cofinancing
from core.language import _
from identity.actor import Actor
from portal.page import NavItem

HOME = "/regie"


def navigation(session: Session, actor: Actor) -> tuple[NavItem, ...]:
    """Return the places of the case manager; what waits is what he can send to an insurer."""
    to_send = list_cofinancing(session, actor, waiting=True, page_size=1).total
    return (
        NavItem(_("Werklijst"), HOME),
        NavItem(_("Dossiers"), f"{HOME}/dossiers"),
        NavItem(_("Aanvragen"), f"{HOME}/aanvragen"),
        NavItem(_("Cofinanciering"), f"{HOME}/cofinanciering", to_send),
    )
