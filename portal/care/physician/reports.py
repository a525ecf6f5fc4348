"""The yearly report of interventions, of one employer as he sees it, or of the arbodienst as a whole (R76)."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from cases.employers import employers_of, find_employer
from cases.intervention_reports import intervention_report
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from portal.care.show import show
from portal.forms import blank, parse
from portal.report_words import ReportYear

router = Section(prefix="/rapport")


class Whose(ReportYear):
    """Of which employer; of all together without one."""

    werkgever: UUID | None = None


@router.get("")
def report(request: Request, work: Annotated[Work, care(Permission.SEE_REPORTS)]) -> Response:
    """Show the report of a year, or the latest."""
    wanted = parse(Whose, request.query_params).value or Whose()
    if wanted.werkgever:
        find_employer(work.session, work.actor, wanted.werkgever)
    return show(
        request,
        work,
        "care/physician/report.html",
        report=intervention_report(work.session, work.actor, wanted.werkgever, wanted.jaar),
        form=blank(werkgever=wanted.werkgever),
        employers=[(str(each.id), each.name) for each in employers_of(work.session, work.actor)],
    )
