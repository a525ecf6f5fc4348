"""Calendars for programs elsewhere: the steps and days of somebody as entries of a file."""

from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256

from starlette.responses import Response

from cases.agenda import AgendaItem
from core.calendar_file import Entry, calendar_file
from core.clock import now
from core.language import _
from identity.actor import Actor
from identity.roles import Role
from portal.homes import home_of

CASE_PAGES = {
    Role.PHYSICIAN: "/arts/dossiers",
    Role.DELEGATE: "/arts/dossiers",
    Role.CASE_MANAGER: "/regie/dossiers",
    Role.EMPLOYER: "/werkgever/stappen",
}
HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


def answered(entries: Iterable[Entry]) -> Response:
    """Return a calendar as programs fetch it."""
    content = calendar_file("Providerboog", entries, now())
    return Response(content, media_type="text/calendar; charset=utf-8", headers=HEADERS)


def step_entries(actor: Actor, items: Iterable[AgendaItem], base: str) -> Iterator[Entry]:
    """Yield the steps of somebody."""
    for item in items:
        one = item.case_id is not None and actor.role in CASE_PAGES
        page = f"{CASE_PAGES[actor.role]}/{item.case_id}" if one else home_of(actor.role)
        yield entry(actor, item.day, str(item.step), item.title, item.count, base + page)


def entry(actor: Actor, day: date, thing: str, title: str, count: int, url: str) -> Entry:
    """Return an entry that is known again as long as it is the same thing on the same day for the same person."""
    uid = sha256(f"{actor.membership_id}/{day}/{thing}".encode()).hexdigest()[:32]
    many = _("%(title)s (%(n)s keer)") % {"title": title, "n": count}
    return Entry(f"{uid}@providerboog", day, title if count == 1 else many, url)
