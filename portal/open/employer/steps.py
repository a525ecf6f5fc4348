"""The Poortwachter steps in which the employer has a part: his cases, and the steps of one."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from billing.charging.recourse import recourse_costs, recourse_csv
from cases.cases_read import CaseFilter, get_case, list_cases
from cases.clock import StepView, Timeline
from cases.progress import ProgressView, open_progress
from cases.timelines import get_timeline, timelines
from core.clock import today
from core.downloads import download
from core.language import _
from core.routing import Section
from core.validation import OneLine
from identity.guard import Work, open_side
from identity.policy import Permission
from network.taxonomy import interventions
from portal.case_words import PROGRESS_TONES, progress_words, year_words
from portal.figures.poortwachter import terms_of
from portal.figures.ribbon import Ribbon
from portal.forms import parse
from portal.open.employer.navigation import STEPS
from portal.open.show import show
from portal.presenters import day
from portal.sides import role_name

router = Section(prefix=STEPS)
PAGE_SIZE = 25
SOON = timedelta(weeks=6)
CLOSED = {"open": False, "closed": True}

Employer = Annotated[Work, open_side(Permission.SEE_OWN_STEPS)]


class CaseFilters(BaseModel):
    """What the address bar says of which cases to list."""

    q: Annotated[OneLine, Field(max_length=40)] | None = None
    state: Literal["open", "closed"] = "open"
    page: int = Field(default=1, ge=1, le=100_000)


@router.get("")
def case_list(request: Request, work: Employer) -> Response:
    """List the absences, with the next date of each."""
    form = parse(CaseFilters, request.query_params)
    chosen = form.value or CaseFilters()
    wanted = CaseFilter(q=chosen.q, closed=CLOSED[chosen.state])
    found = list_cases(work.session, work.actor, wanted, chosen.page, PAGE_SIZE)
    return show(
        request,
        work,
        "open/employer/cases.html",
        form=form,
        chosen=chosen,
        found=found,
        clocks=timelines(work.session, work.actor, found.items),
    )


@router.get("/{case_id}")
def case_steps(request: Request, work: Employer, case_id: UUID) -> Response:
    """Show the steps of one absence, and how far open interventions are."""
    case = get_case(work.session, work.actor, case_id)
    clock = get_timeline(work.session, work.actor, case_id)
    return show(
        request,
        work,
        "open/employer/case.html",
        case=case,
        clock=clock,
        year=year_words(case.sickness_year),
        now=[step for step in clock.steps if _is_of_now(step)],
        groups=[(title, steps) for title, steps in _groups(clock, closed=case.closed) if steps],
        ribbon=Ribbon(now_week=case.sickness_week, terms=tuple(terms_of(clock))),
        role_name=role_name,
        recourse=recourse_costs(work.session, work.actor, case_id) if case.liable_party else None,
        progress=[_progress(each) for each in open_progress(work.session, work.actor, case_id)],
    )


@router.get("/{case_id}/verhaal.csv")
def recourse_file(work: Employer, case_id: UUID) -> Response:
    """Return what can be claimed back as CSV (R63)."""
    file = recourse_csv(work.session, work.actor, case_id)
    return download(file.name, file.content, file.media_type)


def _is_of_now(step: StepView) -> bool:
    """Tell whether a step is late, or comes due within some weeks."""
    soon = step.due_on is not None and today() <= step.due_on <= today() + SOON
    return not step.done and (step.overdue or soon)


def _groups(clock: Timeline, *, closed: bool) -> Iterator[tuple[str, list[StepView]]]:
    """Yield the steps that ask for nothing now, under what they have in common; after recovery only what was done."""
    undone = [step for step in clock.steps if not step.done and not closed]
    yield _("Als het zich voordoet"), [step for step in undone if step.on_event]
    yield _("Later"), [step for step in undone if step.due_on is not None and step.due_on > today() + SOON]
    done = [step for step in clock.steps if step.done]
    yield _("Gedaan"), sorted(done, key=lambda step: str(step.done_on), reverse=True)


def _progress(open_one: ProgressView) -> tuple[str, str, str, str, str]:
    """Return a line about an open intervention: only of those the employer may know the kind (R45)."""
    since = _("sinds %(day)s") % {"day": day(open_one.changed_on)}
    name = interventions()[open_one.intervention].name
    return name, "", progress_words(open_one.state), PROGRESS_TONES[open_one.state], since
