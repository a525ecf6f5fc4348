"""The audit trail: who did what and when, with its filters in the address, and as a file."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field, ValidationInfo, field_validator
from starlette.responses import Response

from cases.emergencies import list_emergencies
from core.clock import AMSTERDAM, now, today
from core.errors import FieldError, Invalid
from core.language import _
from core.routing import Section
from core.validation import OneLine
from identity.audit import record
from identity.audit_read import EventFilter, EventView, list_events
from identity.guard import Work, open_side
from identity.policy import Permission
from identity.roles import Role
from portal.audit_words import event_words, ground_words, subject_words
from portal.emergency_words import reason_words, verdict_words
from portal.forms import Form, parse
from portal.open.auditor.navigation import TRAIL
from portal.open.show import show
from portal.page import Here
from portal.sides import role_name
from portal.typed import TypedDay

router = Section(prefix=TRAIL)
PAGE_SIZE = 50
MOST_EXPORTED = 10_000
PIECE = 1_000
MOST_EMERGENCIES = 5
FILE = f"{TRAIL}/logboek.csv"

# An employee may read the trail too, but what concerns himself, on a page of his own; this one is the officer's.
Officer = Annotated[Work, open_side(Permission.VERIFY_AUDIT)]
Exporter = Annotated[Work, open_side(Permission.VERIFY_AUDIT, fresh=True)]


class TrailFilters(BaseModel):
    """What is looked for; `tag` is the beginning of a tag, and both days belong to the period."""

    tag: Annotated[OneLine, Field(max_length=80)] | None = None
    role: Role | None = None
    emergency: UUID | None = None
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
            tag=self.tag,
            role=self.role,
            since=_midnight(self.since) if self.since else None,
            until=_midnight(self.until + timedelta(days=1)) if self.until else None,
            emergency_id=self.emergency,
        )


@router.get("")
def trail(request: Request, work: Officer) -> Response:
    """Show the trail, the newest event first."""
    form = parse(TrailFilters, request.query_params)
    wanted = form.value or TrailFilters()
    found = list_events(work.session, work.actor, wanted.events, wanted.page, PAGE_SIZE) if form.value else None
    here = Here(request.url.path, tuple(request.query_params.multi_items()))
    return show(
        request,
        work,
        "open/auditor/trail.html",
        status=200 if form.value else 422,
        form=form,
        found=found,
        subjects=_subjects(form),
        roles=[(role.value, role_name(role)) for role in Role],
        chips=_chips(form, here),
        words=event_words,
        grounds=ground_words(),
        emergencies=list_emergencies(work.session, work.actor, page_size=MOST_EMERGENCIES),
        reason_words=reason_words,
        verdict_words=verdict_words,
        file=Here(FILE, here.query).url(page=None),
        most=MOST_EXPORTED,
    )


@router.get("/logboek.csv")
def export(request: Request, work: Exporter) -> Response:
    """Hand over the filtered trail as a file, at most the newest MOST_EXPORTED events; this is an event too."""
    form = parse(TrailFilters, request.query_params)
    if form.value is None:
        raise Invalid(_("Deze filters kloppen niet."), [FieldError(*fault) for fault in form.errors.items()])
    text = StringIO()
    # The mark at the beginning and the semicolons are what a spreadsheet in Dutch expects.
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_head())
    writer.writerows(_cells(event) for event in _newest(work, form.value.events))
    record(work.session, work.actor, "identity:audit:exported")
    name = f"logboek-{today().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _newest(work: Work, wanted: EventFilter) -> Iterator[EventView]:
    # What happens meanwhile stays out, so that no event moves to the next piece and is written twice.
    until_now = replace(wanted, until=min(wanted.until or now(), now()))
    for page in range(1, MOST_EXPORTED // PIECE + 1):
        found = list_events(work.session, work.actor, until_now, page, PIECE)
        yield from found.items
        if page >= found.pages:
            return


def _head() -> list[str]:
    return [
        _("Moment"),
        _("Code"),
        _("Gebeurtenis"),
        _("Wie"),
        _("Rol"),
        _("Organisatie"),
        _("Namens"),
        _("Soort"),
        _("Kenmerk"),
        _("Reden"),
        _("Grond"),
        _("Noodtoegang"),
        _("Programma"),
    ]


def _cells(event: EventView) -> list[str]:
    cells = [
        event.at.astimezone(AMSTERDAM).isoformat(timespec="seconds"),
        event.tag,
        event_words(event.tag),
        event.name,
        role_name(event.role),
        event.organisation,
        event.responsible,
        event.subject_kind,
        str(event.subject_id or ""),
        event.reason or "",
        ground_words()[event.ground],
        str(event.emergency_id or ""),
        event.client or "",
    ]
    return [_harmless(cell) for cell in cells]


def _harmless(cell: str) -> str:
    """Return a cell that a spreadsheet does not take for a formula: what a browser calls itself is typed by anybody."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)


def _subjects(form: Form[TrailFilters]) -> list[tuple[str, str]]:
    """Return the choices for the tag; one that came in with the address and is not among them is added."""
    known = list(subject_words().items())
    typed = form.of("tag")
    return known if not typed or typed in dict(known) else [(typed, event_words(typed)), *known]


def _chips(form: Form[TrailFilters], here: Here) -> list[tuple[str, str]]:
    wanted = form.value
    if wanted is None:
        return []
    shown = {
        "tag": subject_words().get(wanted.tag, event_words(wanted.tag)) if wanted.tag else "",
        "role": role_name(wanted.role) if wanted.role else "",
        "emergency": _("In noodtoegang") if wanted.emergency else "",
    }
    return [(label, here.url(**{name: None, "page": None})) for name, label in shown.items() if label]
