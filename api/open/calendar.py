"""The secret address at which a calendar elsewhere fetches the caller's own dates, over JSON."""

from datetime import datetime
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel

from core.routing import Section
from identity.calendar_addresses import calendar_path, calendar_since, make_calendar_address, revoke_calendar_address
from identity.guard import Work, open_side, settings_of
from identity.policy import Permission

router = Section(prefix="/calendar", tags=["account"])
Keeper = Annotated[Work, open_side(Permission.KEEP_CALENDAR)]


class CalendarOut(BaseModel):
    """Since when there is an address, if there is one; the address itself is told when it is made."""

    since: datetime | None


class AddressOut(BaseModel):
    """A new address, in the form that calendar programs subscribe to."""

    url: str


@router.get("")
def calendar(work: Keeper) -> CalendarOut:
    """Say whether the caller has an address."""
    return CalendarOut(since=calendar_since(work.session, work.actor))


@router.post("", status_code=201)
def made(request: Request, work: Keeper) -> AddressOut:
    """Make an address, which is told this once; the one that there was before works no more."""
    secret = make_calendar_address(work.session, work.actor)
    return AddressOut(url=settings_of(request).base_url + calendar_path(work.actor, secret))


@router.delete("", status_code=204)
def revoked(work: Keeper) -> None:
    """End the address; without one nothing happens."""
    revoke_calendar_address(work.session, work.actor)
