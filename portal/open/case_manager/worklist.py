"""The worklist of the case manager: the steps that come due, his own and those that he guards for others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from billing.cofinancing.read import CofinancingView, list_cofinancing
from cases.aftercare import aftercare_due
from cases.cases_read import CaseFilter, CaseView, list_cases
from cases.clock import StepView
from cases.timelines import timelines
from core.clock import today
from core.language import _
from core.paging import Page, offset
from core.routing import Section
from identity.guard import Work
from identity.roles import Role
from portal.blocks import Task, by_term
from portal.forms import parse
from portal.missing import MOST_ON_WORKLIST
from portal.open.case_manager.cases import Manager
from portal.open.case_manager.navigation import HOME
from portal.open.case_manager.warnings import warning_tasks
from portal.open.show import show
from portal.presenters import day, money
from portal.sides import role_name

router = Section(prefix=HOME)
NEAR = timedelta(weeks=4)
PAGE_SIZE = 20
MOST_TO_SEND = 20
CASES_AT_ONCE = 100
MOST_CASES = 1_000  # one person guards far fewer; beyond this the page would be slow


class Place(BaseModel):
    """Which part of the worklist: the own steps, or those of others."""

    who: Literal["own", "others"] = "own"
    page: int = Field(default=1, ge=1, le=1_000)


@dataclass(frozen=True)
class Due:
    """A step of a case that comes due."""

    case: CaseView
    step: StepView

    @property
    def is_own(self) -> bool:
        """Whether it is for the case manager to do."""
        return self.step.owner is Role.CASE_MANAGER


@router.get("")
def worklist(request: Request, work: Manager) -> Response:
    """Show what comes due within four weeks, the oldest term first."""
    place = parse(Place, request.query_params).value or Place()
    due = list(_due(work))
    own = by_term(_task(each) for each in due if each.is_own)
    others = by_term(_task(each) for each in due if not each.is_own)
    chosen = own if place.who == "own" else others
    begin = offset(place.page, PAGE_SIZE)
    sending = list_cofinancing(work.session, work.actor, waiting=True, page_size=MOST_TO_SEND)
    return show(
        request,
        work,
        "open/case_manager/worklist.html",
        place=place,
        own=len(own),
        others=len(others),
        late=sum(task.urgency == "late" for task in chosen),
        tasks=Page(chosen[begin : begin + PAGE_SIZE], len(chosen), place.page, PAGE_SIZE),
        sending=sending.map(_to_send),
        overdue=list_cofinancing(work.session, work.actor, overdue=True, page_size=MOST_TO_SEND).map(_overdue).items,
        warnings=warning_tasks(work, 1, MOST_ON_WORKLIST),
        aftercare=[_aftercare(case) for case in aftercare_due(work.session, work.actor)],
    )


def _due(work: Work) -> Iterator[Due]:
    """Yield what comes due in the running cases, a hundred cases at a time."""
    for page in range(1, MOST_CASES // CASES_AT_ONCE + 1):
        found = list_cases(work.session, work.actor, CaseFilter(closed=False), page, CASES_AT_ONCE)
        clocks = timelines(work.session, work.actor, found.items)
        for case in found.items:
            yield from (Due(case, step) for step in clocks[case.id].deadlines if _is_near(step))
        if page >= found.pages:
            return


def _is_near(step: StepView) -> bool:
    return step.overdue or (step.due_on is not None and step.due_on <= today() + NEAR)


def _task(due: Due) -> Task:
    case, step = due.case, due.step
    who = case.employee_name or case.employee_reference
    about = _("%(who)s, %(employer)s, week %(week)s")
    mark = f"/stappen/{step.nr}?van=werklijst" if step.markable else "#stappen"
    return Task(
        title=step.title,
        href=f"{HOME}/dossiers/{case.id}{mark}",
        act=_("Meld gedaan") if step.markable else _("Open dossier"),
        about=about % {"who": who, "employer": case.employer_name, "week": case.sickness_week},
        due=step.due_on,
        tag="" if due.is_own else role_name(step.owner),
    )


def _aftercare(case: CaseView) -> Task:
    about = _("%(who)s, %(employer)s. Hersteld op %(day)s.")
    who = case.employee_name or case.employee_reference
    return Task(
        title=_("Nazorg: vraag hoe het gaat"),
        href=f"{HOME}/dossiers/{case.id}",
        act=_("Open dossier"),
        about=about % {"who": who, "employer": case.employer_name, "day": day(case.recovered_on or today())},
        due=case.aftercare_until,
    )


def _overdue(request: CofinancingView) -> Task:
    about = _("%(insurer)s zou uiterlijk %(day)s beslissen")
    return Task(
        title=f"{request.number}: {request.description}",
        href=f"{HOME}/cofinanciering/{request.id}",
        act=_("Bekijk"),
        about=about % {"insurer": request.insurer_name, "day": day(request.decide_by or today())},
        due=request.decide_by,
    )


def _to_send(request: CofinancingView) -> Task:
    about = _("%(employer)s, %(policy)s: %(amount)s gevraagd")
    shown = {
        "employer": request.employer_name,
        "policy": request.policy_number,
        "amount": money(request.requested_cents),
    }
    return Task(
        title=f"{request.number}: {request.description}",
        href=f"{HOME}/cofinanciering/{request.id}",
        act=_("Reken door"),
        about=about % shown,
        since=request.prepared_on,
    )
