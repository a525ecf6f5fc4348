"""Emergency access to a case: who has it or had it, ending it, and looking at it afterwards (R22)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from cases.emergency_tables import EmergencyAccess, EmergencyReason, EmergencyVerdict
from core.clock import now
from core.errors import Conflict, Forbidden, NotFound
from core.language import _
from core.paging import Page, offset
from identity import audit
from identity.actor import Actor
from identity.policy import Permission, require
from identity.tables import Account, Organisation, Person

LOOKED_AT_WITHIN = timedelta(days=2)
"""Within this time the second person looks at it; from then on it stands on the list of every physician."""

Holder, Told, Reviewer = (aliased(Person, name=name) for name in ("holder", "told", "reviewer"))
HolderAccount, ToldAccount, ReviewerAccount = (
    aliased(Account, name=f"{n}_account") for n in ("holder", "told", "reviewer")
)


@dataclass(frozen=True)
class EmergencyView:
    """An emergency access: whose, of which case, why, until when, and what was found of it. Nothing of the case."""

    id: UUID
    case_id: UUID
    employer_name: str
    account_id: UUID
    name: str
    told_account_id: UUID
    told_name: str
    told_at: datetime | None
    reason: EmergencyReason
    opened_at: datetime
    until: datetime
    ended_at: datetime | None
    reviewed_at: datetime | None
    reviewed_by: str
    verdict: EmergencyVerdict | None

    @property
    def over_at(self) -> datetime:
        """When it ended or will end by itself."""
        return self.ended_at or self.until

    @property
    def is_open(self) -> bool:
        """Whether it can be read in now."""
        return self.over_at > now()

    @property
    def look_by(self) -> datetime:
        """Until when somebody is to look at it."""
        return self.over_at + LOOKED_AT_WITHIN


def list_emergencies(session: Session, actor: Actor, page: int = 1, page_size: int = 25) -> Page[EmergencyView]:
    """Return emergency accesses, what nobody has looked at first and then the newest; of a delegate his own."""
    require(actor, Permission.SEE_EMERGENCIES)
    total = session.scalar(select(func.count(col(EmergencyAccess.id)))) or 0
    order = (col(EmergencyAccess.reviewed_at).is_not(None), col(EmergencyAccess.created_at).desc())
    found = session.execute(_lines().order_by(*order).limit(page_size).offset(offset(page, page_size)))
    return Page(tuple(map(_view, found)), total, page, page_size)


def emergencies_to_look_at(session: Session, actor: Actor, most: int = 20) -> tuple[EmergencyView, ...]:
    """Return what the actor was told of and nobody has looked at yet, and what others left lying too long."""
    require(actor, Permission.REVIEW_EMERGENCY)
    left_lying = col(EmergencyAccess.until) < now() - LOOKED_AT_WITHIN
    mine = (col(EmergencyAccess.told_account_id) == actor.account) | left_lying
    waiting = (col(EmergencyAccess.reviewed_at).is_(None), mine, col(EmergencyAccess.account_id) != actor.account)
    return tuple(map(_view, session.execute(_lines(*waiting).order_by(col(EmergencyAccess.created_at)).limit(most))))


def get_emergency(session: Session, actor: Actor, emergency_id: UUID) -> EmergencyView:
    """Return one; raises NotFound for one that is not the actor's to see."""
    require(actor, Permission.SEE_EMERGENCIES)
    row = session.execute(_lines(col(EmergencyAccess.id) == emergency_id)).first()
    if row is None:
        raise not_found()
    return _view(row)


def end_emergency(session: Session, actor: Actor, emergency_id: UUID) -> None:
    """End an access before its time: whoever opened it, or any physician. Raises Conflict for one that is over."""
    held = _hold(session, actor, emergency_id)
    if held.ended_at is not None or held.until <= now():
        raise Conflict(_("Deze noodtoegang is al voorbij."))
    held.ended_at = now()
    session.add(held)
    session.flush()
    _record(session, actor, "ended", held)


def review_emergency(session: Session, actor: Actor, emergency_id: UUID, verdict: EmergencyVerdict) -> None:
    """Say what was found of an access that is over; once, and never by whoever opened it."""
    require(actor, Permission.REVIEW_EMERGENCY)
    held = _hold(session, actor, emergency_id)
    if held.reviewed_at is not None:
        raise Conflict(_("Deze noodtoegang is al nagekeken."))
    if held.ended_at is None and held.until > now():
        raise Conflict(_("Deze noodtoegang loopt nog. Beëindig haar, of wacht tot zij voorbij is."))
    holder = session.scalar(select(col(Account.person_id)).where(col(Account.id) == held.account_id))
    if holder == actor.person_id:
        raise Forbidden(_("Uw eigen noodtoegang kijkt een ander na."))
    held.reviewed_at, held.reviewed_by, held.verdict = now(), actor.account, verdict
    session.add(held)
    session.flush()
    _record(session, actor, "reviewed", held, reason=verdict.value)


def not_found() -> NotFound:
    """Return the one answer to an access that is not there, or not for this actor."""
    return NotFound(_("Deze noodtoegang is niet gevonden."))


def _hold(session: Session, actor: Actor, emergency_id: UUID) -> EmergencyAccess:
    require(actor, Permission.SEE_EMERGENCIES)
    found = select(EmergencyAccess).where(col(EmergencyAccess.id) == emergency_id).with_for_update()
    held: EmergencyAccess | None = session.scalar(found.execution_options(populate_existing=True))
    if held is None:
        raise not_found()
    return held


def _record(session: Session, actor: Actor, act: str, held: EmergencyAccess, reason: str | None = None) -> None:
    tag = f"cases:emergency:{act}"
    audit.record(session, actor, tag, held.id, data_subject_id=held.employee_id, reason=reason)


def _lines(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            EmergencyAccess,
            col(Organisation.name).label("employer_name"),
            col(Holder.name).label("name"),
            col(Told.name).label("told_name"),
            col(Reviewer.name).label("reviewed_name"),
        )
        .join(Organisation, col(Organisation.id) == col(EmergencyAccess.employer_id))
        .join(HolderAccount, col(HolderAccount.id) == col(EmergencyAccess.account_id))
        .join(Holder, col(Holder.id) == col(HolderAccount.person_id))
        .join(ToldAccount, col(ToldAccount.id) == col(EmergencyAccess.told_account_id))
        .join(Told, col(Told.id) == col(ToldAccount.person_id))
        .outerjoin(ReviewerAccount, col(ReviewerAccount.id) == col(EmergencyAccess.reviewed_by))
        .outerjoin(Reviewer, col(Reviewer.id) == col(ReviewerAccount.person_id))
        .where(*conditions)
    )


def _view(row: Row[Any]) -> EmergencyView:
    held: EmergencyAccess = row.EmergencyAccess
    return EmergencyView(
        id=held.id,
        case_id=held.case_id,
        employer_name=row.employer_name,
        account_id=held.account_id,
        name=row.name,
        told_account_id=held.told_account_id,
        told_name=row.told_name,
        told_at=held.told_at,
        reason=held.reason,
        opened_at=held.created_at,
        until=held.until,
        ended_at=held.ended_at,
        reviewed_at=held.reviewed_at,
        reviewed_by=row.reviewed_name or "",
        verdict=held.verdict,
    )
