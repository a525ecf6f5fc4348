"""Whom a specification names: looked up by the system, and shown to the employee himself (R27, R55)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from cases.tables import Employee
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require, require_system
from medical.direct_tables import DirectNaming, DirectSpecification

MOST_SHOWN = 100


@dataclass(frozen=True)
class NamedIn:
    """That a provider of his employer told the secretariat of an employee: who, when, and of which invoice."""

    at: datetime
    provider_name: str
    invoice_reference: str


def name_employee(session: Session, actor: Actor, specification_id: UUID) -> bool:
    """Write down which employee of the employer a specification is about, if its reference is somebody's; the system's.

    Again it changes nothing. Who sent it is not told whether the reference is known.
    """
    require_system(actor)
    found = select(DirectSpecification).where(DirectSpecification.id == specification_id)
    specification = session.exec(found).one_or_none()
    there = select(DirectNaming.id).where(DirectNaming.specification_id == specification_id)
    if specification is None or not specification.employee_reference or session.exec(there).first() is not None:
        record(session, actor, "medical:specification:names_nobody", specification_id)
        return False
    named = select(Employee.id).where(
        Employee.employer_id == specification.employer_id, Employee.reference == specification.employee_reference
    )
    employee_id = session.exec(named).first()
    record(session, actor, "medical:specification:names", specification_id, data_subject_id=employee_id)
    if employee_id is not None:
        naming = DirectNaming(
            tenant_id=specification.tenant_id,
            specification_id=specification.id,
            employer_id=specification.employer_id,
            employee_id=employee_id,
        )
        session.add(naming)
        session.flush()
    return employee_id is not None


def list_named_in(session: Session, actor: Actor) -> tuple[NamedIn, ...]:
    """Return which providers of his employer told the secretariat of the employee who asks, the latest first."""
    require(actor, Permission.SEE_OWN_FILE)
    record(session, actor, "medical:disclosure:listed", actor.subject_id, data_subject_id=actor.subject_id)
    found = (
        select(DirectSpecification)
        .join(DirectNaming, col(DirectNaming.specification_id) == DirectSpecification.id)
        .where(DirectNaming.employee_id == actor.subject_id)
        .order_by(col(DirectSpecification.created_at).desc(), col(DirectSpecification.id))
    )
    rows = session.exec(found.limit(MOST_SHOWN))
    return tuple(NamedIn(row.created_at, row.provider_name, row.invoice_reference) for row in rows)
