"""The calendar of one membership, for whoever knows its secret address: a program elsewhere, which cannot sign in."""

from hashlib import sha256

from fastapi import Request
from starlette.responses import Response

from cases.agenda import AgendaItem, agenda
from core.calendar_file import Entry, calendar_file
from core.clock import now
from core.database import Door
from core.errors import NotFound
from core.language import _, speaking
from core.routing import Section
from identity.actor import Actor
from identity.authentication import actor_of_calendar
from identity.guard import client_of, database_of, public, settings_of
from identity.roles import Role
from portal.homes import home_of

router = Section(prefix="/agenda")
CASE_PAGES = {
    Role.PHYSICIAN: "/arts/dossiers",
    Role.DELEGATE: "/arts/dossiers",
    Role.CASE_MANAGER: "/regie/dossiers",
    Role.EMPLOYER: "/werkgever/stappen",
}
HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


@router.get("/{secret}.ics")
@public
def feed(request: Request, secret: str) -> Response:
    """Return the dates of whoever's address this is; one that is unknown or was revoked is not there."""
    with database_of(request).transaction(Door.OPEN) as session:
        actor = actor_of_calendar(session, Door.OPEN, secret, client_of(request))
        if actor is None:
            raise NotFound(_("Niet gevonden."))
        with speaking(actor.language):
            base = settings_of(request).base_url
            entries = [_entry(actor, item, base) for item in agenda(session, actor)]
            content = calendar_file("Providerboog", entries, now())
    return Response(content, media_type="text/calendar; charset=utf-8", headers=HEADERS)


def _entry(actor: Actor, item: AgendaItem, base: str) -> Entry:
    thing = sha256(f"{actor.membership_id}/{item.day}/{item.step}".encode()).hexdigest()[:32]
    many = _("%(title)s (%(n)s keer)") % {"title": item.title, "n": item.count}
    return Entry(
        uid=f"{thing}@providerboog",
        day=item.day,
        summary=item.title if item.count == 1 else many,
        url=base + _page_of(actor, item),
    )


def _page_of(actor: Actor, item: AgendaItem) -> str:
    if item.case_id is None or actor.role not in CASE_PAGES:
        return home_of(actor.role)
    return f"{CASE_PAGES[actor.role]}/{item.case_id}"
