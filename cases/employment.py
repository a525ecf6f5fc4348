"""When an employment ended, from which the term of keeping an absence is counted, and removing it after that (R71)."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import text
from sqlmodel import Session, select

from cases.cases_read import CaseView, get_case
from cases.tables import Employee, OwnRisk
from core.errors import Conflict
from core.language import _
from core.signing import Signer
from core.validation import Day
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require, require_system
from identity.retention import sign_certificate
from identity.retention_tables import Kept, RetentionTerm

PAST_TERM = text("SELECT cases.absences_past_term(:kept, :most)")
REMOVE = text("SELECT cases.remove_absences(:employees, :kept)")
TERM_OF = {None: Kept.ABSENCE, OwnRisk.WGA: Kept.ABSENCE_WGA, OwnRisk.ZW: Kept.ABSENCE_ZW}


class Employment(BaseModel):
    """The last day of an employment, and for what the employer bears the risk himself, if for anything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    employed_until: Day | None
    own_risk: OwnRisk | None = None


@dataclass(frozen=True)
class EmploymentView:
    """What is known of the end of an employment, and from which day on the absences of it may be removed.

    They go no earlier than that: a later absence, or a hold, makes it later.
    """

    employed_until: date | None
    own_risk: OwnRisk | None
    removed_from: date | None


def read_employment(session: Session, actor: Actor, case_id: UUID) -> EmploymentView:
    """Return when the employment of the employee of a case ended, as far as it was written down."""
    require(actor, Permission.OPEN_CASE)
    found = get_case(session, actor, case_id)
    employee = session.exec(select(Employee).where(Employee.id == found.employee_id)).one()
    ended = employee.employed_until
    if ended is None:
        return EmploymentView(None, employee.own_risk, None)
    years = session.exec(select(RetentionTerm.years).where(RetentionTerm.kept == TERM_OF[employee.own_risk])).one()
    return EmploymentView(ended, employee.own_risk, _years_later(ended, years) + timedelta(days=1))


def end_employment(session: Session, actor: Actor, case_id: UUID, known: Employment) -> CaseView:
    """Write down when the employment of the employee of a case ended, or take that back with none.

    Raises NotFound for another's case, and Conflict while an absence runs.
    """
    require(actor, Permission.OPEN_CASE)
    found = get_case(session, actor, case_id)
    if not found.closed and known.employed_until is not None:
        raise Conflict(
            _("Dit verzuim loopt nog. Leg eerst het herstel vast."), code="case_open", possible=("recovery",)
        )
    employee = session.exec(select(Employee).where(Employee.id == found.employee_id).with_for_update()).one()
    employee.employed_until, employee.own_risk = known.employed_until, known.own_risk
    session.add(employee)
    session.flush()
    record(session, actor, "cases:employment:ended", case_id, data_subject_id=found.employee_id)
    return found


def remove_absences(session: Session, actor: Actor, signer: Signer, kept: Kept, most: int) -> int:
    """Remove the absences of employees whose term is over, at most `most`; return of how many. Runs as a job."""
    require_system(actor)
    employees = list(session.execute(PAST_TERM, {"kept": kept.value, "most": most}).scalars())
    if employees:
        certificate_id = session.execute(REMOVE, {"employees": employees, "kept": kept.value}).scalar_one()
        sign_certificate(session, signer, certificate_id)
        record(session, actor, "cases:absence:removed", certificate_id)
    return len(employees)


def _years_later(day: date, years: int) -> date:
    """Return the same day so many years later, as the database counts: after 29 February comes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
