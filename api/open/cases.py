"""Absence cases over JSON: opening, reading, recovery; nothing about health."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.money import Money, money
from api.open.employers import EmployerOut
from api.open.timeline import DeadlineOut, deadline
from api.paged import Paged, PageQuery
from billing.charging.recourse import recourse_costs, recourse_csv
from cases.cases_open import NewCase, Outcome, open_case
from cases.cases_read import CaseFilter, CaseView, get_case, list_cases
from cases.cases_recovery import Recovery, record_recovery
from cases.clock import Timeline
from cases.employment import Employment, end_employment
from cases.liability import Liability, mark_liability
from cases.progress import open_progress
from cases.tables import ProgressState
from cases.timelines import timelines
from core.downloads import download
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission

router = Section(prefix="/cases", tags=["cases"])


class CaseSummaryOut(BaseModel):
    """A case in a list, with what comes first and how much is overdue."""

    id: UUID
    number: str
    employer: EmployerOut
    employee_ref: str
    employee_name: str
    postcode: str | None
    first_sick_day: date
    sickness_week: int
    sickness_year: int
    closed: bool
    recovered_on: date | None
    aftercare_until: date | None
    liable_party: bool
    next_deadline: DeadlineOut | None
    overdue: int


class CaseOut(CaseSummaryOut):
    """A case; its deadlines are the steps still to be done, the oldest first."""

    deadlines: list[DeadlineOut]


class CasesOut(Paged[CaseSummaryOut]):
    """A page of cases, running ones first."""


class CasesQuery(PageQuery):
    """Which cases; `q` is a part of the employee's reference or of the case number."""

    employer_id: UUID | None = None
    q: str | None = Field(default=None, max_length=40)
    year: int | None = Field(default=None, ge=1, le=2)
    closed: bool | None = None


class ProgressOut(BaseModel):
    """How far an open intervention is."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    intervention: str
    state: ProgressState
    changed_on: date


class RecourseMonthOut(BaseModel):
    """The employer's part of what was charged in a month, without VAT."""

    month: str
    net: Money


class RecourseOut(BaseModel):
    """What can be claimed back from who is liable for an absence."""

    employee_ref: str
    first_sick_day: date
    months: list[RecourseMonthOut]
    net: Money


Reader = Annotated[Work, open_side(Permission.SEE_CASES)]
Keeper = Annotated[Work, open_side(Permission.OPEN_CASE)]
Payer = Annotated[Work, open_side(Permission.SEE_COSTS)]


@router.get("")
def cases(work: Reader, query: Annotated[CasesQuery, Query()]) -> CasesOut:
    """Return the cases of the employers for whom the caller works."""
    wanted = CaseFilter(query.employer_id, query.q, query.year, query.closed)
    found = list_cases(work.session, work.actor, wanted, query.page, query.page_size)
    clocks = timelines(work.session, work.actor, found.items)
    return CasesOut(
        total=found.total,
        page=found.page,
        page_size=found.page_size,
        results=[CaseSummaryOut.model_validate(_summary(case, clocks[case.id])) for case in found.items],
    )


@router.post("", status_code=201, responses={200: {"description": "The same report came before."}})
def opened(work: Keeper, body: NewCase, response: Response) -> CaseOut:
    """Report sickness: a new case, or the one that ended less than 28 days before; twice the same report is one."""
    opening = open_case(work.session, work.actor, body)
    if opening.outcome is Outcome.KNOWN:
        response.status_code = 200
    return _out(work, opening.case)


@router.get("/{case_id}")
def case(work: Reader, case_id: UUID) -> CaseOut:
    """Return a case with its week and year of sickness and its deadlines."""
    return _out(work, get_case(work.session, work.actor, case_id))


@router.post("/{case_id}/recovery")
def recovery(work: Keeper, case_id: UUID, body: Recovery) -> CaseOut:
    """Record recovery, which closes the case; the same day again changes nothing."""
    return _out(work, record_recovery(work.session, work.actor, case_id, body.recovered_on))


@router.put("/{case_id}/liability")
def liability(work: Keeper, case_id: UUID, body: Liability) -> CaseOut:
    """Mark whether somebody else is liable for the absence, so that its cost can be claimed back (R63)."""
    return _out(work, mark_liability(work.session, work.actor, case_id, body))


@router.put("/{case_id}/employment")
def employment(work: Keeper, case_id: UUID, body: Employment) -> CaseOut:
    """Write down when the employment ended and what risk the employer bears, with which a term begins (R71)."""
    return _out(work, end_employment(work.session, work.actor, case_id, body))


@router.get("/{case_id}/recourse-costs")
def recourse(work: Payer, case_id: UUID) -> RecourseOut:
    """Return what the employer can claim back for an absence, by month and without the type of anything (R63)."""
    costs = recourse_costs(work.session, work.actor, case_id)
    return RecourseOut(
        employee_ref=costs.employee_reference,
        first_sick_day=costs.first_sick_day,
        months=[RecourseMonthOut(month=f"{each.month:%Y-%m}", net=money(each.net_cents)) for each in costs.months],
        net=money(costs.net_cents),
    )


@router.get("/{case_id}/recourse-costs.csv")
def recourse_file(work: Payer, case_id: UUID) -> Response:
    """Return the same as CSV, to go with the claim (R63)."""
    file = recourse_csv(work.session, work.actor, case_id)
    return download(file.name, file.content, file.media_type)


@router.get("/{case_id}/progress")
def progress(work: Reader, case_id: UUID) -> list[ProgressOut]:
    """Return how far the open interventions of a case are; of confidential ones nothing."""
    return [ProgressOut.model_validate(each) for each in open_progress(work.session, work.actor, case_id)]


def _out(work: Work, found: CaseView) -> CaseOut:
    clock = timelines(work.session, work.actor, [found])[found.id]
    return CaseOut.model_validate({**_summary(found, clock), "deadlines": [deadline(step) for step in clock.deadlines]})


def _summary(found: CaseView, clock: Timeline) -> dict[str, object]:
    return {
        "id": found.id,
        "number": found.number,
        "employer": EmployerOut(id=found.employer_id, name=found.employer_name),
        "employee_ref": found.employee_reference,
        "employee_name": found.employee_name,
        "postcode": found.postcode,
        "first_sick_day": found.first_sick_day,
        "sickness_week": found.sickness_week,
        "sickness_year": found.sickness_year,
        "closed": found.closed,
        "recovered_on": found.recovered_on,
        "aftercare_until": found.aftercare_until,
        "liable_party": found.liable_party,
        "next_deadline": deadline(clock.next_deadline),
        "overdue": len(clock.overdue),
    }
