"""The insurer's report of a year: his requests counted, and how many employees of his portfolio were helped (R62)."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from billing.cofinancing.insurer_report import portfolio_report
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from portal.forms import parse
from portal.open.insurer.navigation import REPORT
from portal.open.show import show
from portal.report_words import ReportYear

router = Section(prefix=REPORT)


@router.get("")
def report(request: Request, work: Annotated[Work, open_side(Permission.SEE_PORTFOLIO)]) -> Response:
    """Show the report of a year, or of this one."""
    form = parse(ReportYear, request.query_params)
    found = portfolio_report(work.session, work.actor, form.value.jaar if form.value else None)
    return show(request, work, "open/insurer/report.html", report=found)
