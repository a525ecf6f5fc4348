"""Where a provider can go from the medical side, and how much waits there."""

from sqlmodel import Session

from identity.actor import Actor
from medical.cases.counts import count_sent_back, count_waiting_referrals
from network.slots import count_slot_asks
from portal.open.provider.navigation import OnMedicalSide, counted
from portal.page import NavItem


def navigation(session: Session, actor: Actor) -> tuple[NavItem, ...]:
    """Return the places of a provider, with how many referrals, questions and invoices wait."""
    there = OnMedicalSide(
        count_waiting_referrals(session, actor), count_sent_back(session, actor), count_slot_asks(session, actor)
    )
    return counted(session, actor, there)
