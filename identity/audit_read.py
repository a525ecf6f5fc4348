"""Reading the audit trail: all of it for the auditor, what concerns himself for an employee (R27, R68)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from core.paging import Page
from identity.actor import Actor
from identity.grounds import Ground
from identity.policy import Permission, require
from identity.roles import Role
from identity.tables import Account, AuditEvent, Organisation, Person


@dataclass(frozen=True)
class EventView:
    """An event as a reader sees it: who, when, as what, for whom; never the content."""

    id: UUID
    at: datetime
    tag: str
    name: str
    role: Role
    organisation: str
    responsible: str
    subject_kind: str
    subject_id: UUID | None
    reason: str | None
    ground: Ground
    emergency_id: UUID | None
    client: str | None


@dataclass(frozen=True)
class EventFilter:
    """What a reader looks for."""

    tag: str | None = None
    role: Role | None = None
    account_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    emergency_id: UUID | None = None


def list_events(session: Session, actor: Actor, wanted: EventFilter, page: int, page_size: int) -> Page[EventView]:
    """Return the events that the actor may see, newest first."""
    require(actor, Permission.READ_AUDIT)
    conditions = _conditions(wanted)
    total = session.exec(select(func.count()).select_from(AuditEvent).where(*conditions)).one()
    rows = session.exec(
        select(AuditEvent)
        .where(*conditions)
        .order_by(col(AuditEvent.seq).desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()
    names = _names(session, {i for row in rows for i in (row.account_id, row.responsible_account_id) if i})
    organisations = _organisations(session, {row.organisation_id for row in rows if row.organisation_id})
    return Page(tuple(_view(row, names, organisations) for row in rows), total, page, page_size)


def _conditions(wanted: EventFilter) -> list[ColumnElement[bool] | bool]:
    found: list[ColumnElement[bool] | bool] = []
    if wanted.tag:
        found.append(col(AuditEvent.tag).startswith(wanted.tag, autoescape=True))
    if wanted.role:
        found.append(AuditEvent.role == wanted.role)
    if wanted.account_id:
        found.append(AuditEvent.account_id == wanted.account_id)
    if wanted.since:
        found.append(AuditEvent.at >= wanted.since)
    if wanted.until:
        found.append(AuditEvent.at < wanted.until)
    if wanted.emergency_id:
        found.append(AuditEvent.emergency_id == wanted.emergency_id)
    return found


def _names(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    rows = session.exec(
        select(Account.id, Person.name)
        .join(Person, col(Person.id) == Account.person_id)
        .where(col(Account.id).in_(ids))
    )
    return dict(rows.all())


def _organisations(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    return dict(session.exec(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(ids))).all())


def _view(row: AuditEvent, names: dict[UUID, str], organisations: dict[UUID, str]) -> EventView:
    return EventView(
        id=row.id,
        at=row.at,
        tag=row.tag,
        name=names.get(row.account_id, "") if row.account_id else "",
        role=row.role,
        organisation=organisations.get(row.organisation_id, "") if row.organisation_id else "",
        responsible=names.get(row.responsible_account_id, "") if row.responsible_account_id else "",
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        reason=row.reason,
        ground=row.ground,
        emergency_id=row.emergency_id,
        client=row.client,
    )
