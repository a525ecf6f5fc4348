"""Cases in which what the law looks at first is missing: a part of the worklist, and a list of their own (R66)."""

from fastapi import Request
from starlette.responses import Response

from core.paging import Page
from core.routing import Section
from identity.guard import Work
from medical.cases.warnings import list_medical_warnings
from portal.blocks import Task
from portal.care.physician.guards import Referrer
from portal.care.show import show
from portal.forms import Place, parse
from portal.missing import PAGE_SIZE, missing_task

router = Section(prefix="/waarschuwingen")


@router.get("")
def warnings_page(request: Request, work: Referrer) -> Response:
    """List the cases in which something is missing, the longest absence first."""
    place = parse(Place, request.query_params).value or Place()
    found = warning_tasks(work, place.page, PAGE_SIZE)
    return show(request, work, "care/physician/warnings.html", found=found)


def warning_tasks(work: Work, page: int, page_size: int) -> Page[Task]:
    """Return what is missing, as tasks that lead to the case."""
    found = list_medical_warnings(work.session, work.actor, page, page_size)
    return found.map(lambda warned: missing_task(warned, "/arts/dossiers"))
