"""Opening an absence case, or going on with the one that a new spell of sickness belongs to (R64)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from cases.cases_read import CaseView, get_case
from cases.employers import EmployerView, find_employer
from cases.input import EmployeeReference, KnownPostcode, PastDay
from cases.tables import AbsenceCase, Employee, SickSpell, StepDone
from cases.weeks import continues
from core.clock import today
from core.errors import Conflict, FieldError, Invalid
from core.language import _
from core.locks import take_turn
from core.references import random_number
from core.validation import OneLine
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require

REPORTED = 1  # the first Poortwachter step: telling the arbodienst, which opening a case is


class NewCase(BaseModel):
    """What is told when somebody falls sick; nothing about why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    employer_id: UUID
    employee_ref: EmployeeReference
    first_sick_day: PastDay
    postcode: KnownPostcode | None = None
    employee_name: Annotated[OneLine, Field(max_length=200)] | None = None


class Outcome(StrEnum):
    """What came of a report of sickness."""

    OPENED = "opened"  # a new case
    CONTINUED = "continued"  # less than 28 days after recovery: the same case goes on
    KNOWN = "known"  # the same report came before


@dataclass(frozen=True)
class Opening:
    """The case to which a report of sickness led."""

    case: CaseView
    outcome: Outcome


def open_case(session: Session, actor: Actor, new: NewCase) -> Opening:
    """Open a case for an employee, or continue the one that ended less than 28 days before (R64).

    The same employee and first sick day again give the same case. Raises NotFound for an employer for whom the actor
    does not work, Conflict while another spell is running, Invalid when an earlier one covers the first sick day.
    """
    require(actor, Permission.OPEN_CASE)
    employer = find_employer(session, actor, new.employer_id)
    take_turn(session, "cases.employee", employer.id, new.employee_ref)
    employee = _employee(session, actor, employer, new)
    spells = session.exec(
        select(SickSpell)
        .join(AbsenceCase, col(AbsenceCase.id) == SickSpell.case_id)
        .where(AbsenceCase.employee_id == employee.id)
        .order_by(col(SickSpell.first_sick_day))
    ).all()
    for spell in spells:
        if spell.first_sick_day == new.first_sick_day:
            return Opening(get_case(session, actor, spell.case_id), Outcome.KNOWN)
    case, outcome = _case(session, actor, employee, new, spells[-1] if spells else None)
    session.add(
        SickSpell(
            tenant_id=actor.tenant_id,
            case_id=case.id,
            employer_id=employer.id,
            first_sick_day=new.first_sick_day,
        )
    )
    record(session, actor, f"cases:case:{outcome.value}", case.id, data_subject_id=employee.id)
    session.flush()
    return Opening(get_case(session, actor, case.id), outcome)


def _employee(session: Session, actor: Actor, employer: EmployerView, new: NewCase) -> Employee:
    found = session.exec(
        select(Employee).where(Employee.employer_id == employer.id, Employee.reference == new.employee_ref)
    ).first()
    if found is None:
        found = Employee(tenant_id=actor.tenant_id, employer_id=employer.id, reference=new.employee_ref)
    if not found.name and new.employee_name:
        found.name = new.employee_name
    session.add(found)
    session.flush()
    return found


def _case(
    session: Session, actor: Actor, employee: Employee, new: NewCase, last: SickSpell | None
) -> tuple[AbsenceCase, Outcome]:
    """Return the case to which the new spell belongs, after the `last` one of this employee."""
    if last is not None:
        if last.recovered_on is None:
            raise Conflict(
                _("Deze werknemer is al ziek gemeld sinds %(day)s. Leg eerst het herstel vast.")
                % {"day": last.first_sick_day.strftime("%d-%m-%Y")},
                code="case_running",
                possible=("recovery",),
            )
        if new.first_sick_day < last.recovered_on:
            fault = _("Deze dag valt vóór het herstel van %(day)s uit een eerder verzuim.") % {
                "day": last.recovered_on.strftime("%d-%m-%Y")
            }
            raise Invalid(fault, (FieldError("first_sick_day", fault),))
        if continues(last.recovered_on, new.first_sick_day):
            return _continue(session, last.case_id, new), Outcome.CONTINUED
    return _open(session, actor, employee, new), Outcome.OPENED


def _continue(session: Session, case_id: UUID, new: NewCase) -> AbsenceCase:
    case = session.get_one(AbsenceCase, case_id)
    case.closed_at = None
    case.postcode = new.postcode or case.postcode
    session.add(case)
    session.flush()
    return case


def _open(session: Session, actor: Actor, employee: Employee, new: NewCase) -> AbsenceCase:
    case = AbsenceCase(
        tenant_id=actor.tenant_id,
        employer_id=employee.employer_id,
        employee_id=employee.id,
        number=random_number("Z"),
        postcode=new.postcode,
        opened_by=actor.account,
    )
    session.add(case)
    session.flush()
    session.add(
        StepDone(
            tenant_id=actor.tenant_id,
            case_id=case.id,
            employer_id=employee.employer_id,
            step=REPORTED,
            week=1,
            done_on=today(),
            done_by=actor.account,
        )
    )
    return case
