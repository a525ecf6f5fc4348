"""Where physician and delegate can go, and how much waits there."""

from sqlmodel import Session

from core.language import _
from identity.actor import Actor
from identity.policy import Permission, allows
from medical.cases.counts import count_unjudged_cases, count_waiting_referrals
from portal.page import NavItem

HOME = "/arts"
UNJUDGED = f"{HOME}/zonder-oordeel"


def navigation(session: Session, actor: Actor) -> tuple[NavItem, ...]:
    """Return the places of physician and delegate, with how much waits for him; a judgement waits for no delegate."""
    judges = allows(actor.role, Permission.JUDGE_CAUSE)
    return places_of(
        actor, count_waiting_referrals(session, actor), count_unjudged_cases(session, actor) if judges else 0
    )


def places_of(actor: Actor, waiting: int, unjudged: int) -> tuple[NavItem, ...]:
    """Return the same places with counts that somebody knows already."""
    judges = allows(actor.role, Permission.JUDGE_CAUSE)
    places = [
        NavItem(_("Werklijst"), HOME, waiting),
        NavItem(_("Zonder oordeel"), UNJUDGED, unjudged if judges else None),
        NavItem(_("Zoeken"), f"{HOME}/zoeken"),
        NavItem(_("Dossiers"), f"{HOME}/dossiers"),
        NavItem(_("Verwijzingen"), f"{HOME}/verwijzingen"),
        NavItem(_("Mandaten"), f"{HOME}/mandaten"),
    ]
    if allows(actor.role, Permission.SEE_REPORTS):
        places.append(NavItem(_("Rapport"), f"{HOME}/rapport"))
    return tuple(places)
