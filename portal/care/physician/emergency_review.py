"""Emergency accesses: the own ones of a delegate, and for a physician those that he is told of and looks at (R22)."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from cases.emergencies import (
    EmergencyView,
    emergencies_to_look_at,
    get_emergency,
    list_emergencies,
    review_emergency,
)
from cases.emergency_tables import EmergencyVerdict
from core.clock import AMSTERDAM
from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.cases.emergencies import emergency_words
from portal import flash
from portal.attempts import attempt
from portal.blocks import Task
from portal.care.show import show
from portal.emergency_words import reason_words, verdict_words
from portal.forms import Form, FormFields, blank, parse

PAGE = "/arts/noodtoegang"
PAGE_SIZE = 25
router = Section(prefix="/noodtoegang")

Seer = Annotated[Work, care(Permission.BREAK_GLASS, Permission.REVIEW_EMERGENCY)]
Reviewer = Annotated[Work, care(Permission.REVIEW_EMERGENCY)]


class Place(BaseModel):
    """Which page of the list."""

    page: int = Field(default=1, ge=1, le=1_000)


class Verdict(BaseModel):
    """What was found."""

    verdict: EmergencyVerdict


@router.get("")
def emergencies_page(request: Request, work: Seer) -> Response:
    """List them: of a delegate his own, to a physician those of the arbodienst."""
    place = parse(Place, request.query_params).value or Place()
    return show(
        request,
        work,
        "care/physician/emergencies.html",
        found=list_emergencies(work.session, work.actor, place.page, PAGE_SIZE),
        reason_words=reason_words,
        verdict_words=verdict_words,
    )


@router.get("/{emergency_id}")
def emergency_page(request: Request, work: Seer, emergency_id: UUID) -> Response:
    """Show one, with why it was opened."""
    return _page(request, work, emergency_id, blank())


@router.post("/{emergency_id}")
def look_at(request: Request, work: Reviewer, emergency_id: UUID, data: FormFields) -> Response:
    """Say what was found."""

    def act(typed: Verdict) -> bool:
        review_emergency(work.session, work.actor, emergency_id, typed.verdict)
        return True

    tried = attempt(work.session, parse(Verdict, data), act)
    if tried.done is None:
        return _page(request, work, emergency_id, tried.form, tried.status)
    return flash.redirect(request, PAGE, _("Nagekeken."))


def emergency_tasks(work: Work) -> list[Task]:
    """Return the accesses at which the physician has to look."""
    return [_task(each) for each in emergencies_to_look_at(work.session, work.actor)]


def _task(found: EmergencyView) -> Task:
    return Task(
        title=_("Noodtoegang van %(name)s") % {"name": found.name},
        href=f"{PAGE}/{found.id}",
        act=_("Bekijk") if found.is_open else _("Kijk na"),
        about=f"{found.employer_name}. {reason_words(found.reason)}.",
        since=found.opened_at.astimezone(AMSTERDAM).date(),
        due=found.look_by.astimezone(AMSTERDAM).date(),
        tag=_("Loopt nu") if found.is_open else "",
        tone="bad",
    )


def _page(request: Request, work: Work, emergency_id: UUID, form: Form[Verdict], status: int = 200) -> Response:
    return show(
        request,
        work,
        "care/physician/emergency.html",
        status=status,
        form=form,
        emergency=get_emergency(work.session, work.actor, emergency_id),
        why=emergency_words(work.session, work.actor, emergency_id),
        verdicts=[(each.value, verdict_words(each)) for each in EmergencyVerdict],
        reason_words=reason_words,
        verdict_words=verdict_words,
    )
