"""Where the insurer can go, and how much waits there."""

from sqlmodel import Session

from billing.cofinancing.read import list_cofinancing
from billing.invoicing.invoices_read import list_invoices
from core.language import _
from identity.actor import Actor
from portal.page import NavItem

HOME = "/verzekeraar"
REQUESTS = f"{HOME}/aanvragen"
DECISIONS = f"{HOME}/besluiten"
POLICIES = f"{HOME}/polissen"
REPORT = f"{HOME}/rapport"
INVOICES = f"{HOME}/facturen"
STATEMENT = f"{HOME}/rekeningoverzicht"


def navigation(session: Session, actor: Actor) -> tuple[NavItem, ...]:
    """Return the places of the insurer, with how many requests and invoices wait."""
    return (
        NavItem(_("Aanvragen"), HOME, list_cofinancing(session, actor, waiting=True, page_size=1).total),
        NavItem(_("Besluiten"), DECISIONS),
        NavItem(_("Polissen"), POLICIES),
        NavItem(_("Rapport"), REPORT),
        NavItem(_("Facturen"), INVOICES, list_invoices(session, actor, page_size=1, open_only=True).total),
        NavItem(_("Rekeningoverzicht"), STATEMENT),
    )
