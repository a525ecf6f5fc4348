"""The running cases on which the physician has not judged yet, over JSON (R3)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from api.open.employers import EmployerOut
from api.paged import Paged, PageQuery
from cases.cases_read import CaseView
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.cases.unjudged import list_unjudged_cases

router = Section(prefix="/unjudged-cases", tags=["assessments"])


class UnjudgedCaseOut(BaseModel):
    """A case that waits for the physician's judgement, and since when it is here."""

    id: UUID
    number: str
    employer: EmployerOut
    employee_ref: str
    employee_name: str
    first_sick_day: date
    sickness_week: int
    sickness_year: int
    opened_on: date


class UnjudgedCasesOut(Paged[UnjudgedCaseOut]):
    """A page of them, those that have been here longest first."""


@router.get("")
def unjudged_cases(
    work: Annotated[Work, care(Permission.SEE_MEDICAL_CASE)], query: Annotated[PageQuery, Query()]
) -> UnjudgedCasesOut:
    """Return the cases in which only the physician can refer, because the judgement is missing."""
    found = list_unjudged_cases(work.session, work.actor, query.page, query.page_size)
    results = [_out(case) for case in found.items]
    return UnjudgedCasesOut(total=found.total, page=found.page, page_size=found.page_size, results=results)


def _out(case: CaseView) -> UnjudgedCaseOut:
    return UnjudgedCaseOut(
        id=case.id,
        number=case.number,
        employer=EmployerOut(id=case.employer_id, name=case.employer_name),
        employee_ref=case.employee_reference,
        employee_name=case.employee_name,
        first_sick_day=case.first_sick_day,
        sickness_week=case.sickness_week,
        sickness_year=case.sickness_year,
        opened_on=case.opened_on,
    )
