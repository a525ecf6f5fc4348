"""The calendar of one membership, for whoever knows its secret address: a program elsewhere, which cannot sign in."""

from fastapi import Request
from starlette.responses import Response

from cases.agenda import agenda
from core.database import Door
from core.errors import NotFound
from core.language import _, speaking
from core.routing import Section
from identity.authentication import actor_of_calendar
from identity.guard import client_of, database_of, public, settings_of
from identity.roles import CARE
from portal.calendar_entries import answered, step_entries

router = Section(prefix="/agenda")


@router.get("/{secret}.ics")
@public
def feed(request: Request, secret: str) -> Response:
    """Return the steps of whoever's address this is; one that is unknown, revoked or of the other side is not there."""
    with database_of(request).transaction(Door.OPEN) as session:
        actor = actor_of_calendar(session, Door.OPEN, secret, client_of(request))
        if actor is None or actor.role in CARE:
            raise NotFound(_("Niet gevonden."))
        with speaking(actor.language):
            return answered(step_entries(actor, agenda(session, actor), settings_of(request).base_url))
