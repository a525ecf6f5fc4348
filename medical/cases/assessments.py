"""The physician's judgement of the cause of an absence, and whether it is medical: nobody else's, never a default."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from cases.authorised_doctors import is_authorised_by_employer
from cases.cases_read import CaseView, get_case
from core.clock import now
from core.errors import Conflict, Forbidden
from core.language import _
from core.locks import take_turn
from core.sealed import removed
from identity import audit
from identity.actor import Actor
from identity.policy import Permission, require
from identity.tables import Account, Person
from medical.tables import Assessment
from network.taxonomy import find_cause

TICK = timedelta(microseconds=1)
MOST_SHOWN = 50
LATEST = (
    select(Assessment)
    .where(Assessment.case_id == bindparam("case_id"))
    .order_by(col(Assessment.created_at).desc())
    .limit(1)
)


@dataclass(frozen=True)
class AssessmentView:
    """A judgement: which cause, whether it is medical, by whom and when."""

    id: UUID
    case_id: UUID
    cause: str
    cause_label: str
    medical: bool
    assessed_by: str
    assessed_at: datetime


def judge_cause(session: Session, actor: Actor, case_id: UUID, cause: str, medical: bool) -> AssessmentView:
    """Judge the cause of a case; the latest judgement is in force, and earlier ones stay as they were (R3).

    The same judgement again adds nothing. Raises Invalid for an unknown cause, NotFound for an unknown case and
    Conflict for one that is closed.
    """
    require(actor, Permission.JUDGE_CAUSE)
    find_cause(cause)
    case = get_case(session, actor, case_id)
    if case.closed:
        raise Conflict(_("Dit verzuim is afgesloten. De oorzaak kan niet meer veranderen."), code="case_closed")
    if is_authorised_by_employer(session, actor, actor.account, case.employee_id):  # R16
        raise Forbidden(_("U bent voor deze werknemer arts-gemachtigde van de werkgever. Een ander moet oordelen."))
    take_turn(session, "medical", case_id)
    latest = latest_assessment(session, case_id)
    if latest is None or (latest.cause, latest.medical) != (cause, medical):
        latest = _add(session, actor, case, latest, cause, medical)
    _record(session, actor, "judge", case)
    return _view(latest, actor.name)


def current_assessment(session: Session, actor: Actor, case_id: UUID) -> AssessmentView | None:
    """Return the judgement in force of a case; none means that nobody but a physician can refer yet (R3)."""
    found = assessment_history(session, actor, case_id)
    return found[0] if found else None


def assessment_history(session: Session, actor: Actor, case_id: UUID) -> tuple[AssessmentView, ...]:
    """Return the judgements of a case, the one in force first."""
    require(actor, Permission.SEE_MEDICAL_CASE)
    case = get_case(session, actor, case_id)
    _record(session, actor, "read", case)
    rows = session.exec(
        select(Assessment, Person.name)
        .join(Account, col(Account.id) == Assessment.assessed_by)
        .join(Person, col(Person.id) == Account.person_id)
        .where(Assessment.case_id == case_id)
        .order_by(col(Assessment.created_at).desc())
        .limit(MOST_SHOWN)
    ).all()
    return tuple(_view(row, name) for row, name in rows)


def latest_assessment(session: Session, case_id: UUID) -> Assessment | None:
    """Return the judgement in force, for the use cases of this room that record what they do with it."""
    return session.exec(LATEST, params={"case_id": case_id}).first()


def _add(
    session: Session, actor: Actor, case: CaseView, latest: Assessment | None, cause: str, medical: bool
) -> Assessment:
    made = Assessment(
        tenant_id=actor.tenant_id,
        employer_id=case.employer_id,
        employee_id=case.employee_id,
        case_id=case.id,
        cause=cause,
        medical=medical,
        assessed_by=actor.account,
        # Which one is in force is decided by time, so no two judgements of a case may share an instant.
        created_at=now() if latest is None else max(now(), latest.created_at + TICK),
    )
    session.add(made)
    session.flush()
    return made


def _record(session: Session, actor: Actor, act: str, case: CaseView) -> None:
    audit.record(session, actor, f"medical:assessment:{act}", case.id, data_subject_id=case.employee_id)


def _view(row: Assessment, name: str) -> AssessmentView:
    return AssessmentView(
        id=row.id,
        case_id=row.case_id,
        cause=row.cause,
        cause_label=find_cause(row.cause).name if row.cause else removed(),
        medical=row.medical,
        assessed_by=name,
        assessed_at=row.created_at,
    )
