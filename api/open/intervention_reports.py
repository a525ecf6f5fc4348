"""The yearly report of interventions over JSON, with small numbers hidden (R76)."""

import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from cases.employers import find_employer
from cases.intervention_reports import Line, ReportView, intervention_report
from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission, allows

Reader = Annotated[Work, open_side(Permission.SEE_OWN_REPORT, Permission.SEE_REPORTS)]
router = Section(prefix="/intervention-reports", tags=["reports"])


class NumberOut(BaseModel):
    """A number of employees; suppressed where it is of too few, or where it would give away one that is."""

    persons: int | None
    suppressed: bool


class LineOut(BaseModel):
    """One type of intervention, or several together, by year of sickness."""

    intervention: str | None
    label: str
    first_year: NumberOut
    second_year: NumberOut
    together: NumberOut


class ReportOut(BaseModel):
    """The report of a year, as it was published; `rest` is what the hidden types of `types` come to."""

    employer_id: UUID | None
    year: int
    years: list[int]
    k: int
    published_on: datetime.date
    types: list[LineOut]
    rest: LineOut
    open: LineOut
    confidential: LineOut


class ReportQuery(BaseModel):
    """Of which year, the latest without one; a physician may name an employer."""

    model_config = ConfigDict(extra="forbid")

    year: int | None = Field(default=None, ge=1990, le=2200)
    employer_id: UUID | None = None


@router.get("")
def report(work: Reader, query: Annotated[ReportQuery, Query()]) -> ReportOut:
    """Return the report of the caller's organisation, or to a physician of an employer or of all together."""
    if query.employer_id and allows(work.actor.role, Permission.SEE_REPORTS):
        find_employer(work.session, work.actor, query.employer_id)
    found = intervention_report(work.session, work.actor, query.employer_id, query.year)
    if found is None:
        raise NotFound(_("Er is nog geen rapport."))
    return _out(found)


def _out(found: ReportView) -> ReportOut:
    return ReportOut(
        employer_id=found.employer_id,
        year=found.year,
        years=list(found.years),
        k=found.k,
        published_on=found.published_on,
        types=[_line(line) for line in found.types],
        rest=_line(found.rest),
        open=_line(found.open),
        confidential=_line(found.confidential),
    )


def _line(line: Line) -> LineOut:
    return LineOut(
        intervention=line.intervention,
        label=line.label,
        first_year=_number(line.first_year),
        second_year=_number(line.second_year),
        together=_number(line.together),
    )


def _number(persons: int | None) -> NumberOut:
    return NumberOut(persons=persons, suppressed=persons is None)
