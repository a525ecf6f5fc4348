"""One case without any health data: its weeks, its steps and its open interventions; and recovery, which closes it."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from billing.budget.requests import BudgetRequestView, list_budget_requests
from billing.budget_tables import BudgetState
from cases.cases_read import CaseView, get_case
from cases.cases_recovery import Recovery, record_recovery
from cases.clock import StepView, Timeline
from cases.liability import Liability, mark_liability
from cases.progress import open_progress
from cases.requests import RequestFilter, list_requests
from cases.timelines import get_timeline
from cases.warnings import Warned, warnings_of
from core.clock import today
from core.language import _
from core.routing import Section
from identity.guard import Work
from network.taxonomy import interventions
from portal import case_words as words
from portal import flash
from portal.attempts import attempt
from portal.budget_words import refusal_words
from portal.forms import Form, FormFields, blank, parse
from portal.missing import search_for
from portal.open.case_manager.cases import Manager
from portal.open.case_manager.navigation import HOME
from portal.open.case_manager.ribbon import ribbon_of
from portal.open.show import show

router = Section(prefix=f"{HOME}/dossiers/{{case_id}}")
NEAR = timedelta(weeks=6)
MOST_REQUESTS = 25


@dataclass(frozen=True)
class Steps:
    """The steps of a case as the page shows them: what is to be done now, and the rest on demand."""

    now: tuple[StepView, ...]
    later: tuple[StepView, ...]
    when_it_happens: tuple[StepView, ...]
    done: tuple[StepView, ...]


@router.get("")
def case_page(request: Request, work: Manager, case_id: UUID) -> Response:
    """Show a case."""
    return _case(request, work, case_id)


@router.post("/aansprakelijk")
def mark_liable(request: Request, work: Manager, case_id: UUID, data: FormFields) -> Response:
    """Mark whether somebody else is liable for the absence."""
    tried = attempt(
        work.session,
        parse(Liability, data),
        lambda known: mark_liability(work.session, work.actor, case_id, known),
    )
    if tried.done is None:
        return _case(request, work, case_id, tried.form, tried.status)
    said = _("Bewaard. De werkgever kan zien wat hij kan verhalen.") if tried.done.liable_party else _("Bewaard.")
    return flash.redirect(request, f"{HOME}/dossiers/{case_id}", said)


def _case(
    request: Request, work: Work, case_id: UUID, liability: Form[Liability] | None = None, status: int = 200
) -> Response:
    case = get_case(work.session, work.actor, case_id)
    clock = get_timeline(work.session, work.actor, case_id)
    progress = open_progress(work.session, work.actor, case_id)
    asked = list_requests(work.session, work.actor, RequestFilter(case_id=case_id), 1, MOST_REQUESTS)
    return show(
        request,
        work,
        "open/case_manager/case.html",
        status=status,
        case=case,
        clock=clock,
        steps=sorted_steps(clock),
        ribbon=ribbon_of(case, clock, progress),
        progress=progress,
        warnings=[(each, _found_by(each)) for each in warnings_of(work.session, work.actor, case_id)],
        liability=liability or blank(liable_party="on" if case.liable_party else ""),
        # What was granted stands among the interventions, so that nothing is shown twice.
        requests=[each for each in asked.items if each.state != "granted"],
        interventions=interventions(),
        not_followed=_not_followed(work, case_id),
        refusal_words=refusal_words,
        words=words,
    )


def _not_followed(work: Work, case_id: UUID) -> tuple[BudgetRequestView, ...]:
    """Return the advice that the employer did not follow (R12)."""
    return list_budget_requests(work.session, work.actor, state=BudgetState.REFUSED, case_id=case_id).items


@router.get("/herstel")
def recovery_page(request: Request, work: Manager, case_id: UUID) -> Response:
    """Ask from which day on the employee is no longer sick."""
    case = get_case(work.session, work.actor, case_id)
    return _recovery(request, work, case, blank(recovered_on=today()))


@router.post("/herstel")
def recover(request: Request, work: Manager, case_id: UUID, data: FormFields) -> Response:
    """Close the case."""
    case = get_case(work.session, work.actor, case_id)
    tried = attempt(
        work.session,
        parse(Recovery, data),
        lambda typed: record_recovery(work.session, work.actor, case_id, typed.recovered_on),
    )
    if tried.done is None:
        return _recovery(request, work, case, tried.form, tried.status)
    said = _("Het herstel is vastgelegd. Het dossier is gesloten.")
    return flash.redirect(request, f"{HOME}/dossiers/{case_id}", said)


def _found_by(warned: Warned) -> str:
    return f"{HOME}/dossiers/{warned.case.id}/zoeken?{search_for(warned)}"


def sorted_steps(clock: Timeline) -> Steps:
    """Return the steps of a timeline, parted by when they ask for something."""
    undone = [step for step in clock.steps if not step.done]
    now = [step for step in undone if _is_near(step)]
    done = [(step.done_on, step.nr, step) for step in clock.steps if step.done_on is not None]
    latest_first = sorted(done, key=lambda each: each[:2], reverse=True)
    return Steps(
        now=tuple(now),
        later=tuple(step for step in undone if not step.on_event and step not in now and _is_to_come(step)),
        when_it_happens=tuple(step for step in undone if step.on_event),
        done=tuple(step for _day, _nr, step in latest_first),
    )


def _is_near(step: StepView) -> bool:
    return step.overdue or (step.due_on is not None and today() <= step.due_on <= today() + NEAR)


def _is_to_come(step: StepView) -> bool:
    return step.due_on is not None and step.due_on > today()


def _recovery(request: Request, work: Work, case: CaseView, form: Form[Recovery], status: int = 200) -> Response:
    return show(request, work, "open/case_manager/case_recovery.html", status=status, case=case, form=form)
