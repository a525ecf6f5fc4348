"""Who looked in my file: the events of the audit trail that concern the employee himself, in plain words (R27, R68)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field, ValidationInfo, field_validator
from starlette.responses import Response

from core.clock import AMSTERDAM
from core.language import _
from core.routing import Section
from identity.audit_read import EventFilter, EventView, list_events
from identity.guard import Work, open_side
from identity.policy import Permission
from identity.roles import Role
from portal.forms import parse
from portal.open.employee.navigation import LOOKED
from portal.open.employee.words import looked_words
from portal.open.show import show
from portal.sides import role_name
from portal.typed import TypedDay

router = Section(prefix=LOOKED)
PAGE_SIZE = 25
WHO = (
    Role.PHYSICIAN,
    Role.DELEGATE,
    Role.SECRETARY,
    Role.PROVIDER,
    Role.CASE_MANAGER,
    Role.EMPLOYEE,
    Role.SYSTEM,
)
"""The roles whose acts can concern an employee."""


class LookFilters(BaseModel):
    """What the address bar says of which events to list; both days belong to the period."""

    role: Role | None = None
    since: TypedDay | None = None
    until: TypedDay | None = None
    page: int = Field(default=1, ge=1, le=10_000)

    @field_validator("until")
    @classmethod
    def _after_since(cls, until: date | None, info: ValidationInfo) -> date | None:
        since = info.data.get("since")
        if until is not None and since is not None and until < since:
            raise ValueError(_("De periode eindigt voordat zij begint."))
        return until

    @property
    def events(self) -> EventFilter:
        """The same as the trail is asked: from midnight to midnight in the Netherlands."""
        return EventFilter(
            role=self.role,
            since=_midnight(self.since) if self.since else None,
            until=_midnight(self.until + timedelta(days=1)) if self.until else None,
        )


@dataclass(frozen=True)
class Look:
    """One event as the employee reads it."""

    at: datetime
    who: str
    where: str
    what: str
    in_emergency: bool = False


@router.get("")
def looked(request: Request, work: Annotated[Work, open_side(Permission.SEE_OWN_FILE)]) -> Response:
    """Show who did or read something that concerns the employee, the latest first."""
    form = parse(LookFilters, request.query_params)
    chosen = form.value
    found = None
    if chosen is not None:
        found = list_events(work.session, work.actor, chosen.events, chosen.page, PAGE_SIZE).map(_look)
    return show(
        request,
        work,
        "open/employee/looked.html",
        status=422 if chosen is None else 200,
        form=form,
        found=found,
        filtered=chosen is not None and bool(chosen.role or chosen.since or chosen.until),
        roles=[(role.value, _("Uzelf") if role is Role.EMPLOYEE else role_name(role)) for role in WHO],
    )


def _look(event: EventView) -> Look:
    what = looked_words(event.tag)
    if event.role is Role.EMPLOYEE:
        return Look(event.at, _("Uzelf"), "", what)
    if event.role is Role.SYSTEM:
        return Look(event.at, _("Het systeem"), _("vanzelf, zonder dat iemand meekeek"), what)
    where = ", ".join(part for part in (role_name(event.role) if event.name else "", event.organisation) if part)
    in_emergency = event.emergency_id is not None
    return Look(event.at, event.name or role_name(event.role), where, what, in_emergency)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)
