"""Keeping everything of an employee beyond its term, for as long as there is a reason (R71)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from cases.cases_read import get_case
from core.clock import now
from core.errors import NotFound
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.retention_tables import HoldReason, RetentionHold
from identity.tables import Account, Person


class Hold(BaseModel):
    """Why a file is kept beyond its term: a code, never what the matter is about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: HoldReason


@dataclass(frozen=True)
class HoldView:
    """Since when a file is kept beyond its term, why, and who decided that."""

    since: datetime
    reason: HoldReason
    held_by: str


def read_hold(session: Session, actor: Actor, case_id: UUID) -> HoldView | None:
    """Return the hold that runs for the employee of a case, or none."""
    require(actor, Permission.HOLD_FILES)
    held = _running(session, get_case(session, actor, case_id).employee_id)
    if held is None:
        return None
    named = select(Person.name).join(Account, col(Account.person_id) == Person.id).where(Account.id == held.held_by)
    return HoldView(held.created_at, held.reason, session.exec(named).first() or "")


def hold_file(session: Session, actor: Actor, case_id: UUID, wanted: Hold) -> UUID:
    """Keep everything of the employee of a case until the hold ends; held before, that hold is returned."""
    require(actor, Permission.HOLD_FILES)
    found = get_case(session, actor, case_id)
    held = _running(session, found.employee_id)
    if held is not None:
        return held.id
    hold = RetentionHold(
        tenant_id=actor.tenant_id, employee_id=found.employee_id, reason=wanted.reason, held_by=actor.account
    )
    session.add(hold)
    session.flush()
    about, reason = found.employee_id, wanted.reason.value
    record(session, actor, "cases:hold:begun", hold.id, data_subject_id=about, reason=reason)
    return hold.id


def end_hold(session: Session, actor: Actor, case_id: UUID) -> None:
    """Let the terms of the employee of a case count again; raises NotFound where nothing is held."""
    require(actor, Permission.HOLD_FILES)
    found = get_case(session, actor, case_id)
    held = _running(session, found.employee_id)
    if held is None:
        raise NotFound(_("Dit dossier wordt niet langer bewaard dan zijn termijn."))
    held.ended_at, held.ended_by = now(), actor.account
    session.add(held)
    session.flush()
    record(session, actor, "cases:hold:ended", held.id, data_subject_id=found.employee_id)


def _running(session: Session, employee_id: UUID) -> RetentionHold | None:
    found = select(RetentionHold).where(RetentionHold.employee_id == employee_id)
    return session.exec(found.where(col(RetentionHold.ended_at).is_(None))).one_or_none()
