"""Calendar files for programs elsewhere (RFC 5545, RFC 7986): whole days, and nothing else that could be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

DAY = timedelta(days=1)
ASK_AGAIN = timedelta(hours=6)


@dataclass(frozen=True)
class Entry:
    """Something on a day. `uid` stays the same as long as it is the same thing; `url` leads to where it is done."""

    uid: str
    day: date
    summary: str
    url: str


def calendar_file(name: str, entries: Iterable[Entry], made_at: datetime) -> bytes:
    """Return a calendar; its days take nobody's time, for they are last days and no appointments."""
    calendar = Calendar()
    calendar.add("prodid", "-//Providerboog//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, made_at))
    return bytes(calendar.to_ical())


def _event(entry: Entry, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", made_at)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + DAY)
    event.add("summary", entry.summary)
    event.add("url", entry.url)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
