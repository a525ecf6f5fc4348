"""The doctor whom an employer authorises for one employee; never also his occupational physician (R16)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from cases.cases_read import CaseView, get_case
from cases.tables import AuthorisedDoctor
from core.clock import now
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.language import _
from core.locks import take_turn
from core.rows import ask
from core.validation import OneLine
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.roles import Role
from identity.tables import Membership
from network.numbers import big

MOST_SHOWN = 20

IN_THE_WAY = (
    select(AuthorisedDoctor.id)
    .join(Membership, col(Membership.registration_number) == col(AuthorisedDoctor.register_number))
    .where(
        AuthorisedDoctor.employee_id == bindparam("employee_id"),
        col(AuthorisedDoctor.ended_at).is_(None),
        Membership.account_id == bindparam("account_id"),
        Membership.tenant_id == bindparam("tenant_id"),
        Membership.role == Role.PHYSICIAN,
    )
    .limit(1)
)


class NewDoctor(BaseModel):
    """Whom the employer authorises."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[OneLine, Field(max_length=200)]
    register_number: Annotated[OneLine, Field(max_length=20), AfterValidator(big)]


@dataclass(frozen=True)
class DoctorView:
    """A doctor who is authorised for the employee of a case."""

    id: UUID
    name: str
    register_number: str
    named_at: datetime
    ended_at: datetime | None


def name_doctor(session: Session, actor: Actor, case_id: UUID, new: NewDoctor) -> DoctorView:
    """Write down whom the employer authorises for the employee of a case; the same again gives the one there is.

    Raises NotFound for an unknown case, and Invalid for a doctor who is a physician of this arbodienst.
    """
    require(actor, Permission.NAME_DOCTOR)
    case = get_case(session, actor, case_id)
    _not_one_of_ours(session, actor, new)
    return _authorise(session, actor, case, new.name, new.register_number)


def declare_own(session: Session, actor: Actor, case_id: UUID) -> DoctorView:
    """Let a physician say that the employer authorised himself for the employee of a case, wherever he did that.

    From then on the case is another physician's: he neither judges nor refers in it. Raises NotFound for an unknown
    case; saying it again changes nothing.
    """
    require(actor, Permission.DECLARE_DOCTOR)
    case = get_case(session, actor, case_id)
    number = session.exec(select(Membership.registration_number).where(Membership.id == actor.membership_id)).one()
    if number is None:
        raise Conflict(_("Van u is hier geen BIG-nummer bekend. Vraag het netwerkbeheer."), code="no_register_number")
    return _authorise(session, actor, case, actor.name, number)


def end_doctor(session: Session, actor: Actor, case_id: UUID, doctor_id: UUID) -> DoctorView:
    """Write down that a doctor is no longer authorised; raises NotFound, and Conflict when it had ended before."""
    require(actor, Permission.NAME_DOCTOR)
    case = get_case(session, actor, case_id)
    row = session.exec(
        select(AuthorisedDoctor)
        .where(AuthorisedDoctor.id == doctor_id, AuthorisedDoctor.employee_id == case.employee_id)
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound(_("Deze arts is niet gevonden."))
    if row.ended_at is not None:
        raise Conflict(_("Deze arts was al niet meer gemachtigd."), code="already_ended")
    row.ended_at = now()
    session.add(row)
    record(session, actor, "cases:doctor:ended", row.id, data_subject_id=case.employee_id)
    session.flush()
    return _view(row)


def list_doctors(session: Session, actor: Actor, case_id: UUID) -> tuple[DoctorView, ...]:
    """Return the doctors who are authorised for the employee of a case, the newest first."""
    require(actor, Permission.SEE_CASES)
    case = get_case(session, actor, case_id)
    rows = session.exec(
        select(AuthorisedDoctor)
        .where(AuthorisedDoctor.employee_id == case.employee_id, col(AuthorisedDoctor.ended_at).is_(None))
        .order_by(col(AuthorisedDoctor.created_at).desc())
        .limit(MOST_SHOWN)
    )
    return tuple(_view(row) for row in rows)


def is_authorised_by_employer(session: Session, actor: Actor, account_id: UUID, employee_id: UUID) -> bool:
    """Tell whether a physician is the doctor whom the employer authorised for this employee (R16)."""
    asked = {"employee_id": employee_id, "account_id": account_id, "tenant_id": actor.tenant_id}
    return ask(session, IN_THE_WAY, **asked).first() is not None


def _authorise(session: Session, actor: Actor, case: CaseView, name: str, number: str) -> DoctorView:
    take_turn(session, "cases.doctor", case.employee_id)
    row = session.exec(
        select(AuthorisedDoctor).where(
            AuthorisedDoctor.employee_id == case.employee_id,
            AuthorisedDoctor.register_number == number,
            col(AuthorisedDoctor.ended_at).is_(None),
        )
    ).first()
    if row is None:
        row = AuthorisedDoctor(
            tenant_id=actor.tenant_id,
            employer_id=case.employer_id,
            employee_id=case.employee_id,
            name=name,
            register_number=number,
            named_by=actor.account,
        )
        session.add(row)
        record(session, actor, "cases:doctor:named", row.id, data_subject_id=case.employee_id)
        session.flush()
    return _view(row)


def _not_one_of_ours(session: Session, actor: Actor, new: NewDoctor) -> None:
    ours = select(Membership.id).where(
        Membership.tenant_id == actor.tenant_id,
        Membership.role == Role.PHYSICIAN,
        Membership.registration_number == new.register_number,
        col(Membership.ended_at).is_(None),
    )
    if session.exec(ours).first() is not None:
        both = _("Dit is een bedrijfsarts van deze arbodienst. Hij kan niet ook arts-gemachtigde zijn.")
        raise Invalid(both, [FieldError("register_number", both)])


def _view(row: AuthorisedDoctor) -> DoctorView:
    return DoctorView(row.id, row.name, row.register_number, row.created_at, row.ended_at)
