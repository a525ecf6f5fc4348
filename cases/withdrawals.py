"""Consents that were taken back, shown to the physician until he has taken notice (R24)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from cases.tables import AbsenceCase, Consent, ConsentScope, Employee, WithdrawalSeen
from core.errors import NotFound
from core.language import _
from core.rows import append
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.roles import Role
from identity.tables import Organisation

MOST_SHOWN = 50


@dataclass(frozen=True)
class WithdrawalView:
    """A consent that was withdrawn: which, of whom, when, and by the employee himself or by somebody for him."""

    consent_id: UUID
    case_id: UUID
    scope: ConsentScope
    withdrawn_at: datetime
    withdrawn_role: Role
    employee_name: str
    employee_reference: str
    employer_name: str


def list_withdrawals(session: Session, actor: Actor) -> tuple[WithdrawalView, ...]:
    """Return what was withdrawn and no physician has taken notice of, the oldest first; one query.

    What a physician recorded himself is no news to him.
    """
    require(actor, Permission.SEE_MEDICAL_CASE)
    rows = session.exec(
        select(Consent, Employee, Organisation.name)
        .join(AbsenceCase, col(AbsenceCase.id) == Consent.case_id)
        .join(Employee, col(Employee.id) == Consent.employee_id)
        .join(Organisation, col(Organisation.id) == Consent.employer_id)
        .where(
            Consent.tenant_id == actor.tenant_id,
            col(Consent.withdrawn_at).is_not(None),
            or_(Consent.withdrawn_role != Role.PHYSICIAN, Consent.withdrawn_by != actor.account),
            ~select(WithdrawalSeen.id).where(WithdrawalSeen.consent_id == Consent.id).exists(),
        )
        .order_by(col(Consent.withdrawn_at), col(Consent.id))
        .limit(MOST_SHOWN)
    ).all()
    return tuple(_view(consent, employee, employer) for consent, employee, employer in rows)


def see_withdrawal(session: Session, actor: Actor, consent_id: UUID) -> None:
    """Say that a physician has taken notice; again changes nothing. Raises NotFound for what was not withdrawn."""
    require(actor, Permission.JUDGE_CAUSE)
    consent = session.exec(select(Consent).where(Consent.id == consent_id).with_for_update()).first()
    if consent is None or consent.withdrawn_at is None:
        raise NotFound(_("Deze toestemming is niet gevonden."))
    if session.exec(select(WithdrawalSeen.id).where(WithdrawalSeen.consent_id == consent_id)).first() is not None:
        return
    append(
        session,
        WithdrawalSeen,
        tenant_id=actor.tenant_id,
        consent_id=consent.id,
        employer_id=consent.employer_id,
        account_id=actor.account,
    )
    record(session, actor, "cases:consent:seen", consent.id, data_subject_id=consent.employee_id)


def _view(consent: Consent, employee: Employee, employer: str) -> WithdrawalView:
    if consent.withdrawn_at is None or consent.withdrawn_role is None:
        raise RuntimeError("a withdrawal has a moment and somebody behind it")
    return WithdrawalView(
        consent_id=consent.id,
        case_id=consent.case_id,
        scope=consent.scope,
        withdrawn_at=consent.withdrawn_at,
        withdrawn_role=consent.withdrawn_role,
        employee_name=employee.name,
        employee_reference=employee.reference,
        employer_name=employer,
    )
