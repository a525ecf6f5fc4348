"""One case: its weeks, what is missing, the judgement, the consents, the referrals and the steps still to be done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from cases.cases_read import get_case
from cases.clock import StepView, Timeline
from cases.steps import DoneOn, clear_step, mark_step
from cases.timelines import get_timeline
from cases.warnings import Warned
from core.clock import today
from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.guard import Work
from medical.cases.read import read_medical_case
from medical.cases.warnings import medical_warnings_of
from medical.referrals.reasons import state_label
from medical.referrals.recovered import referrals_to_close
from portal import case_words, flash
from portal.attempts import attempt
from portal.care.physician.case_ribbon import ribbon_of
from portal.care.physician.consents import consent_rows
from portal.care.physician.guards import Referrer
from portal.care.physician.search_way import RESULTS
from portal.care.physician.words import cause_choices, condition_label, state_tone
from portal.care.show import show
from portal.case_words import year_words
from portal.forms import Form, FormFields, blank, parse
from portal.missing import search_for

router = Section(prefix="/dossiers/{case_id}")
SOON = timedelta(weeks=6)


@dataclass(frozen=True)
class Steps:
    """The steps of a case as the page shows them: what is to be done now, and the rest on demand."""

    mine: tuple[StepView, ...]
    of_others: tuple[StepView, ...]
    later: tuple[StepView, ...]
    when_it_happens: tuple[StepView, ...]
    done: tuple[StepView, ...]


@router.get("")
def case_page(request: Request, work: Referrer, case_id: UUID) -> Response:
    """Show a case."""
    found = read_medical_case(work.session, work.actor, case_id)
    clock = get_timeline(work.session, work.actor, case_id)
    return show(
        request,
        work,
        "care/physician/case.html",
        case=found.case,
        clock=clock,
        steps=_sorted(clock),
        ribbon=ribbon_of(found, clock),
        judged=found.judged,
        referrals=found.referrals,
        warnings=[(each, _found_by(each)) for each in medical_warnings_of(work.session, work.actor, case_id)],
        to_close=len(referrals_to_close(work.session, work.actor, case_id)) if found.case.closed else 0,
        consents=consent_rows(work.session, work.actor, case_id),
        causes=cause_choices(),
        condition_label=condition_label,
        state_label=state_label,
        state_tone=state_tone,
        year_words=year_words,
        words=case_words,
        form=blank(),
    )


@router.get("/stappen/{nr}")
def step_page(request: Request, work: Referrer, case_id: UUID, nr: int) -> Response:
    """Ask on which day a step was done."""
    return _step(request, work, case_id, nr, blank(done_on=today()))


@router.post("/stappen/{nr}")
def step_done(request: Request, work: Referrer, case_id: UUID, nr: int, data: FormFields) -> Response:
    """Say that a step was done, today or on the day that is named."""
    tried = attempt(
        work.session,
        parse(DoneOn, data),
        lambda typed: mark_step(work.session, work.actor, case_id, nr, typed.done_on),
    )
    if tried.done is None:
        return _step(request, work, case_id, nr, tried.form, tried.status)
    return flash.redirect(request, f"/arts/dossiers/{case_id}#stappen", _("De stap is gedaan."))


@router.post("/stappen/{nr}/{week}/ongedaan")
def step_cleared(request: Request, work: Referrer, case_id: UUID, nr: int, week: int) -> Response:
    """Say that a step was marked as done by mistake."""
    clear_step(work.session, work.actor, case_id, nr, week)
    return flash.redirect(request, f"/arts/dossiers/{case_id}#stappen", _("De stap staat weer open."))


def _found_by(warned: Warned) -> str:
    return f"{RESULTS}?{search_for(warned, dossier=warned.case.id)}"


def _step(request: Request, work: Work, case_id: UUID, nr: int, form: Form[DoneOn], status: int = 200) -> Response:
    case = get_case(work.session, work.actor, case_id)
    clock = get_timeline(work.session, work.actor, case_id)
    step = next((step for step in clock.steps if step.nr == nr and not step.done), None)
    if step is None:
        raise NotFound(_("Deze stap is niet gevonden."))
    return show(request, work, "care/physician/case_step.html", status=status, case=case, step=step, form=form)


def _sorted(clock: Timeline) -> Steps:
    undone = [step for step in clock.steps if not step.done]
    now = [step for step in undone if _is_of_now(step)]
    return Steps(
        mine=tuple(step for step in now if step.markable),
        of_others=tuple(step for step in now if not step.markable),
        later=tuple(step for step in undone if not step.on_event and step not in now),
        when_it_happens=tuple(step for step in undone if step.on_event),
        done=tuple(_latest_first(clock)),
    )


def _is_of_now(step: StepView) -> bool:
    """Tell whether a step is late, or comes due within some weeks."""
    return step.overdue or (step.due_on is not None and today() <= step.due_on <= today() + SOON)


def _latest_first(clock: Timeline) -> Iterator[StepView]:
    done = [(step.done_on, step.nr, step) for step in clock.steps if step.done_on is not None]
    return (step for _day, _nr, step in sorted(done, key=lambda each: each[:2], reverse=True))
