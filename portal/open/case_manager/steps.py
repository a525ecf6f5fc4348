"""Saying that a step of the Poortwachter process was done, at once or on another day, and taking it back (R65)."""

from typing import Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from cases.cases_read import get_case
from cases.clock import StepView
from cases.poortwachter import DECISION_RECORDED
from cases.steps import clear_step, mark_step
from cases.timelines import get_timeline
from core.clock import today
from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.guard import Work
from portal import flash
from portal.attempts import attempt
from portal.forms import Form, FormFields, blank, parse
from portal.open.case_manager.cases import Manager
from portal.open.case_manager.navigation import HOME
from portal.open.show import show
from portal.typed import TypedDay

router = Section(prefix=f"{HOME}/dossiers/{{case_id}}/stappen")
From = Literal["werklijst", "dossier"]


class Marked(BaseModel, extra="forbid"):
    """On which day the step was done, and from which page it was asked."""

    done_on: TypedDay | None = None
    van: From = "dossier"


class Origin(BaseModel):
    """From which page one came."""

    van: From = "dossier"


@router.get("/{nr}")
def step_page(request: Request, work: Manager, case_id: UUID, nr: int) -> Response:
    """Ask on which day a step was done."""
    origin = parse(Origin, request.query_params).value or Origin()
    return _page(request, work, case_id, nr, blank(done_on=today(), van=origin.van))


@router.post("/{nr}")
def mark(request: Request, work: Manager, case_id: UUID, nr: int, data: FormFields) -> Response:
    """Record that a step was done, today or on the day that was given."""
    form = parse(Marked, data)
    tried = attempt(work.session, form, lambda typed: mark_step(work.session, work.actor, case_id, nr, typed.done_on))
    if tried.done is None or form.value is None:
        return _page(request, work, case_id, nr, tried.form, tried.status)
    back = HOME if form.value.van == "werklijst" else f"{HOME}/dossiers/{case_id}#stappen"
    return flash.redirect(request, back, _("De stap is gedaan."))


@router.post("/{nr}/{week}/ongedaan")
def clear(request: Request, work: Manager, case_id: UUID, nr: int, week: int) -> Response:
    """Say that a step was marked as done by mistake."""
    clear_step(work.session, work.actor, case_id, nr, week)
    return flash.redirect(request, f"{HOME}/dossiers/{case_id}#stappen", _("De stap staat weer open."))


def _page(request: Request, work: Work, case_id: UUID, nr: int, form: Form[Marked], status: int = 200) -> Response:
    return show(
        request,
        work,
        "open/case_manager/step.html",
        status=status,
        case=get_case(work.session, work.actor, case_id),
        step=_step(work, case_id, nr),
        form=form,
        latest=today(),
        decision=DECISION_RECORDED,
    )


def _step(work: Work, case_id: UUID, nr: int) -> StepView:
    """Return the step that is to be done next under this number."""
    of_this_number = [step for step in get_timeline(work.session, work.actor, case_id).steps if step.nr == nr]
    found = next((step for step in of_this_number if not step.done), None)
    if found is None:
        raise NotFound(_("Deze stap is niet gevonden, of is al gedaan."))
    return found
