"""Who can hold a mandate for an employer: delegates who work for it with a valid registration (R2, R14, R19)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlmodel import Session, col

from cases.employers import find_employer
from core.clock import today
from core.paging import Page, offset
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import Role
from identity.tables import Account, Assignment, Membership, Person


@dataclass(frozen=True)
class HolderView:
    """Somebody who can be mandated, and until when: a mandate does not count beyond his registration (R19)."""

    name: str
    email: str
    registered_until: date


def list_holders(
    session: Session, actor: Actor, employer_id: UUID, page: int = 1, page_size: int = 50
) -> Page[HolderView]:
    """Return those who can hold a mandate for an employer from today on, by name.

    Raises NotFound for an employer that is not of this arbodienst.
    """
    require(actor, Permission.SIGN_MANDATE)
    find_employer(session, actor, employer_id)
    able = (
        select(col(Person.name), col(Account.email), col(Membership.registered_until))
        .join(Account, col(Account.person_id) == Person.id)
        .join(Membership, col(Membership.account_id) == Account.id)
        .where(*delegate_of(actor, employer_id), col(Membership.registered_until) >= today())
    )
    total = session.scalar(select(func.count()).select_from(able.subquery())) or 0
    rows = session.execute(
        able.order_by(col(Person.name), col(Account.email)).limit(page_size).offset(offset(page, page_size))
    )
    return Page(tuple(HolderView(*row) for row in rows), total, page, page_size)


def delegate_of(actor: Actor, employer_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on account and membership for who works for an employer as a delegate."""
    assigned = exists().where(
        col(Assignment.membership_id) == Membership.id,
        col(Assignment.employer_id) == employer_id,
        col(Assignment.role) == Role.DELEGATE,
        col(Assignment.ended_at).is_(None),
    )
    return (
        col(Account.disabled_at).is_(None),
        col(Membership.tenant_id) == actor.tenant_id,
        col(Membership.role) == Role.DELEGATE,
        col(Membership.ended_at).is_(None),
        assigned,
    )
