"""How many employees an intervention was begun for, year by year, with small numbers hidden (R76)."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from cases.intervention_reports import intervention_report
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from portal.forms import parse
from portal.open.employer.navigation import REPORT
from portal.open.show import show
from portal.report_words import ReportYear

router = Section(prefix=REPORT)


@router.get("")
def report(request: Request, work: Annotated[Work, open_side(Permission.SEE_OWN_REPORT)]) -> Response:
    """Show the report of a year, or the latest."""
    form = parse(ReportYear, request.query_params)
    found = intervention_report(work.session, work.actor, year=form.value.jaar if form.value else None)
    return show(request, work, "open/employer/report.html", report=found)
