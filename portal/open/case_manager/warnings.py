"""Cases in which what the law looks at first is missing, without a reason: as the hatch let it out (R66)."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from cases.warnings import list_warnings
from core.paging import Page
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from portal.blocks import Task
from portal.forms import Place, parse
from portal.missing import PAGE_SIZE, missing_task
from portal.open.case_manager.navigation import HOME
from portal.open.show import show

router = Section(prefix=f"{HOME}/waarschuwingen")
Warner = Annotated[Work, open_side(Permission.SEE_WARNINGS)]


@router.get("")
def warnings_page(request: Request, work: Warner) -> Response:
    """List the cases in which something is missing, the longest absence first."""
    place = parse(Place, request.query_params).value or Place()
    found = warning_tasks(work, place.page, PAGE_SIZE)
    return show(request, work, "open/case_manager/warnings.html", found=found)


def warning_tasks(work: Work, page: int, page_size: int) -> Page[Task]:
    """Return what is missing, as tasks that lead to the case."""
    found = list_warnings(work.session, work.actor, page, page_size)
    return found.map(lambda warned: missing_task(warned, f"{HOME}/dossiers"))
