"""Cases on which the physician has not judged yet: a part of the worklist, and a list of their own (R3)."""

from fastapi import Request
from starlette.responses import Response

from cases.cases_read import CaseView
from core.language import _
from core.paging import Page
from core.routing import Section
from identity.guard import Work
from identity.policy import Permission, allows
from medical.cases.unjudged import list_unjudged_cases
from portal.blocks import Task
from portal.care.physician.guards import Referrer
from portal.care.show import show
from portal.forms import Place, parse

router = Section(prefix="/zonder-oordeel")
PAGE_SIZE = 50


@router.get("")
def unjudged_page(request: Request, work: Referrer) -> Response:
    """List the cases without a judgement, those that have been here longest first."""
    place = parse(Place, request.query_params).value or Place()
    found = unjudged_tasks(work, place.page, PAGE_SIZE)
    return show(request, work, "care/physician/unjudged.html", found=found)


def unjudged_tasks(work: Work, page: int, page_size: int) -> Page[Task]:
    """Return the cases without a judgement as tasks; to a delegate as something to look at, for he does not judge."""
    act = _("Beoordeel") if allows(work.actor.role, Permission.JUDGE_CAUSE) else _("Bekijk")
    return list_unjudged_cases(work.session, work.actor, page, page_size).map(lambda case: _task(case, act))


def _task(case: CaseView, act: str) -> Task:
    about = _("%(reference)s, %(employer)s, ziekteweek %(week)s")
    shown = {"reference": case.employee_reference, "employer": case.employer_name, "week": case.sickness_week}
    return Task(
        title=case.employee_name or case.employee_reference,
        href=f"/arts/dossiers/{case.id}#oordeel",
        act=act,
        about=about % shown,
        since=case.opened_on,
    )
