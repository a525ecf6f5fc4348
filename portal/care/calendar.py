"""The calendar of somebody on the medical side, at its secret address: his steps, and the days of his referrals."""

from collections.abc import Iterator

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from cases.agenda import agenda
from core.calendar_file import Entry
from core.database import Door
from core.errors import NotFound
from core.language import _, speaking
from core.routing import Section
from identity.actor import Actor
from identity.authentication import actor_of_calendar
from identity.guard import client_of, database_of, public, settings_of
from identity.policy import Permission, allows
from identity.roles import CARE
from medical.cases.agenda import referral_days
from portal.calendar_entries import answered, entry, step_entries
from portal.homes import home_of

router = Section(prefix="/agenda/zorg")


@router.get("/{secret}.ics")
@public
def feed(request: Request, secret: str) -> Response:
    """Return the days of whoever's address this is; one that is unknown, revoked or of the other side is not there."""
    with database_of(request).transaction(Door.CARE) as session:
        actor = actor_of_calendar(session, Door.CARE, secret, client_of(request))
        if actor is None or actor.role not in CARE:
            raise NotFound(_("Niet gevonden."))
        with speaking(actor.language):
            return answered(_entries(session, actor, settings_of(request).base_url))


def _entries(session: Session, actor: Actor, base: str) -> Iterator[Entry]:
    if allows(actor.role, Permission.SEE_TIMELINE) or allows(actor.role, Permission.SEE_OWN_FILE):
        yield from step_entries(actor, agenda(session, actor), base)
    if allows(actor.role, Permission.ACT_ON_REFERRAL):
        for each in referral_days(session, actor):
            yield entry(actor, each.day, each.occasion.value, each.title, each.count, base + home_of(actor.role))
