"""The one query behind every list of referrals, and the line that each of its rows makes."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from cases.tables import Employee
from core.clock import today
from identity.actor import Actor
from identity.roles import Role
from identity.tables import Account, Assignment, Organisation, Person
from medical.referrals.terms import wait_of
from medical.referrals.views import ReferralLine
from medical.tables import Referral
from network.tables import Offering
from network.taxonomy import interventions

Employer = aliased(Organisation, name="employer")
Provider = aliased(Organisation, name="provider")

Lines = Select[*tuple[Any, ...]]


def select_lines(actor: Actor) -> Lines:
    """Return the query of which each row makes a line, for whatever the actor may see."""
    return (
        select(
            Referral,
            col(Employer.name).label("employer_name"),
            col(Provider.name).label("provider_name"),
            col(Employee.reference).label("employee_reference"),
            col(Employee.name).label("employee_name"),
            col(Offering.title).label("offering_title"),
        )
        .join(Employer, col(Employer.id) == col(Referral.employer_id))
        .join(Provider, col(Provider.id) == col(Referral.provider_id))
        .join(Offering, col(Offering.id) == col(Referral.offering_id))
        # A provider whose part is over has no employee to join any more.
        .outerjoin(Employee, col(Employee.id) == col(Referral.employee_id))
        .where(*part_of(actor))
    )


def part_of(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for the referrals of an actor.

    Row-level security keeps the others away whatever is asked; these let the database find the rows by an index.
    """
    own = col(Referral.tenant_id) == actor.tenant_id
    if actor.role is Role.PROVIDER:
        return own, col(Referral.provider_id) == actor.organisation_id
    if actor.role is Role.EMPLOYEE:
        return own, col(Referral.employee_id) == actor.subject_id
    if actor.emergency_case_id is not None:
        return own, col(Referral.case_id) == actor.emergency_case_id
    if actor.role is Role.DELEGATE:
        employers = select(col(Assignment.employer_id)).where(
            col(Assignment.account_id) == actor.account,
            col(Assignment.role) == Role.DELEGATE,
            col(Assignment.ended_at).is_(None),
        )
        return own, col(Referral.employer_id).in_(employers)
    return (own,)


def line_of(row: Row[Any], actor: Actor) -> ReferralLine:
    """Return the line of one row, as `actor` may see it."""
    referral: Referral = row.Referral
    wait = wait_of(referral)
    return ReferralLine(
        id=referral.id,
        number=referral.number,
        state=referral.state,
        version=referral.version,
        state_since=referral.state_since,
        owner=wait.owner if wait else None,
        due_on=referral.due_on,
        overdue=referral.due_on is not None and referral.due_on < today(),
        case_id=referral.case_id,
        employer_id=referral.employer_id,
        employer_name=row.employer_name,
        employee_reference=row.employee_reference or "",
        employee_name="" if actor.role is Role.SECRETARY else row.employee_name or "",
        provider_id=referral.provider_id,
        provider_name=row.provider_name,
        offering_id=referral.offering_id,
        offering_title=row.offering_title,
        intervention=referral.intervention,
        intervention_label=interventions()[referral.intervention].name,
        issued_on=referral.issued_on,
        start_by=referral.start_by,
        asked_on=referral.asked_on,
        scheduled_for=referral.scheduled_for,
        interrupted_until=referral.interrupted_until,
        started_on=referral.started_on,
        delegated=referral.mandate_id is not None,
        request_id=referral.request_id if actor.role in (Role.PHYSICIAN, Role.DELEGATE) else None,
    )


def names_of(session: Session, account_ids: set[UUID]) -> dict[UUID, str]:
    """Return the names of accounts, as far as the reader may know them."""
    rows = session.execute(
        select(col(Account.id), col(Person.name))
        .join(Person, col(Person.id) == col(Account.person_id))
        .where(col(Account.id).in_(account_ids))
    )
    return dict(rows.all())
