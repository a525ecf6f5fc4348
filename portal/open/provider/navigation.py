"""Where a provider can go, and how much waits there."""

from dataclasses import dataclass

from sqlmodel import Session

from core.language import _
from identity.actor import Actor
from network.registrations import list_expiring
from network.waits import list_stale_waits
from portal.page import NavItem

HOME = "/provider"
REFERRALS = f"{HOME}/verwijzingen"
SLOTS = f"{HOME}/plekken"
INVOICES = f"{HOME}/facturen"
PAYOUTS = f"{HOME}/uitbetalingen"
SPECIFICATIONS = f"{HOME}/specificaties"
OFFERINGS = f"{HOME}/aanbod"
FIGURES = f"{HOME}/cijfers"
REGISTRATIONS = f"{HOME}/registraties"
EXPIRES_WITHIN = 60
"""Days before its end from which a registration waits to be renewed."""


@dataclass(frozen=True)
class OnMedicalSide:
    """How much waits where only the medical side can look."""

    referrals: int
    sent_back: int
    slots: int


def navigation(session: Session, actor: Actor) -> tuple[NavItem, ...]:
    """Return the places of a provider; what waits on the medical side is not counted from here."""
    return counted(session, actor, None)


def counted(session: Session, actor: Actor, there: OnMedicalSide | None) -> tuple[NavItem, ...]:
    """Return the places of a provider, with the counts of the medical side where somebody knows them."""
    stale = list_stale_waits(session, actor, 1, 1).total
    return places(there, stale, list_expiring(session, actor, EXPIRES_WITHIN, 1, 1).total)


def places(there: OnMedicalSide | None, stale: int, expiring: int) -> tuple[NavItem, ...]:
    """Return the places with how much waits at each; on the worklist stands all of it but the waits to confirm."""
    return (
        NavItem(_("Werklijst"), HOME, there.referrals + there.sent_back + there.slots + expiring if there else None),
        NavItem(_("Verwijzingen"), REFERRALS),
        NavItem(_("Plekken"), SLOTS, there.slots if there else None),
        NavItem(_("Facturen"), INVOICES, there.sent_back if there else None),
        NavItem(_("Uitbetalingen"), PAYOUTS),
        NavItem(_("Specificaties"), SPECIFICATIONS),
        NavItem(_("Aanbod"), OFFERINGS, stale),
        NavItem(_("Registraties"), REGISTRATIONS, expiring),
        NavItem(_("Cijfers"), FIGURES),
    )
