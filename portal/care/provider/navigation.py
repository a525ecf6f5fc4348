"""Where a provider can go from the medical side, and how much waits there."""

from sqlmodel import Session

from identity.actor import Actor
from medical.provider_invoices_read import list_sent_back
from medical.referrals_list import worklist
from portal.open.provider.navigation import OnMedicalSide, counted
from portal.page import NavItem


def navigation(session: Session, actor: Actor) -> tuple[NavItem, ...]:
    """Return the places of a provider, with how many referrals and invoices wait."""
    waiting = worklist(session, actor, page_size=1).total
    return counted(session, actor, OnMedicalSide(waiting, list_sent_back(session, actor, page_size=1).total))
