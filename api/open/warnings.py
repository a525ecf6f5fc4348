"""The cases in which labour expert or second track is missing, as the hatch let it out, over JSON (R66)."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from api.open.employers import EmployerOut
from api.paged import Paged, PageQuery
from cases.warnings import Missing, Warned, list_warnings
from core.paging import Page
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission

router = Section(prefix="/warnings", tags=["cases"])


class WarningOut(BaseModel):
    """What is missing in a case, until the end of which week of sickness it is in time, and whether that passed."""

    case_id: UUID
    employer: EmployerOut
    employee_ref: str
    sickness_week: int
    missing: Missing
    interventions: list[str]
    last_week: int
    late: bool


class WarningsOut(Paged[WarningOut]):
    """A page of them, the longest absence first."""


@router.get("")
def warnings(
    work: Annotated[Work, open_side(Permission.SEE_WARNINGS)], query: Annotated[PageQuery, Query()]
) -> WarningsOut:
    """Return what is missing in the cases of the employers for whom the caller works; never why."""
    return warnings_out(list_warnings(work.session, work.actor, query.page, query.page_size))


def warnings_out(found: Page[Warned]) -> WarningsOut:
    """Return a page of warnings over JSON."""
    results = [_out(warned) for warned in found.items]
    return WarningsOut(total=found.total, page=found.page, page_size=found.page_size, results=results)


def _out(warned: Warned) -> WarningOut:
    case = warned.case
    return WarningOut(
        case_id=case.id,
        employer=EmployerOut(id=case.employer_id, name=case.employer_name),
        employee_ref=case.employee_reference,
        sickness_week=case.sickness_week,
        missing=warned.missing,
        interventions=list(warned.interventions),
        last_week=warned.last_week,
        late=warned.late,
    )
