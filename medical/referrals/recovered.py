"""Referrals that go on although their employee has recovered: offered to whoever referred, to close (R67)."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlmodel import Session, col

from cases.tables import AbsenceCase
from core.paging import Page, offset
from identity import audit
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import Role
from medical.referrals.reasons import WithdrawReason
from medical.referrals.rows import line_of, part_of, select_lines
from medical.referrals.run import withdraw_referral
from medical.referrals.states import RULES, Action
from medical.referrals.views import ReferralLine
from medical.tables import Referral

MOST_OF_ONE_CASE = 50
TAKEN_BACK = frozenset(RULES[Action.WITHDRAW].moves)
"""States in which a referral is taken back; in the others there is something to read before it is closed."""


def referrals_to_close(session: Session, actor: Actor, case_id: UUID) -> tuple[ReferralLine, ...]:
    """Return the referrals of a closed case that are not over, the oldest term first; none while it runs."""
    require(actor, Permission.ACT_ON_REFERRAL)
    found = _still_open(actor).where(col(Referral.case_id) == case_id)
    return _lines(session, actor, found, 1, MOST_OF_ONE_CASE).items


def list_recovered(session: Session, actor: Actor, page: int = 1, page_size: int = 50) -> Page[ReferralLine]:
    """Return the actor's referrals that go on after recovery, over all his cases, the oldest term first."""
    require(actor, Permission.ACT_ON_REFERRAL)
    return _lines(session, actor, _still_open(actor).where(_his(actor)), page, page_size)


def withdraw_recovered(session: Session, actor: Actor, case_id: UUID, wanted: Collection[UUID]) -> int:
    """Take back those of `wanted` that still can be, because of recovery; return how many.

    Raises what taking back one referral raises, such as Forbidden for one that another sent.
    """
    lines = referrals_to_close(session, actor, case_id)
    chosen = [line for line in lines if line.id in wanted and line.state in TAKEN_BACK]
    for line in chosen:
        withdraw_referral(session, actor, line.id, WithdrawReason.RECOVERED, line.version)
    return len(chosen)


def _still_open(actor: Actor) -> Select[UUID]:
    ended = select(col(AbsenceCase.id)).where(
        col(AbsenceCase.tenant_id) == actor.tenant_id, col(AbsenceCase.closed_at).is_not(None)
    )
    return select(col(Referral.id)).where(
        *part_of(actor), col(Referral.due_on).is_not(None), col(Referral.case_id).in_(ended)
    )


def _his(actor: Actor) -> ColumnElement[bool]:
    if actor.role is Role.DELEGATE:
        return col(Referral.issued_by) == actor.account
    responsible = col(Referral.physician_account_id)
    return or_(responsible == actor.account, responsible.is_(None))


def _lines(session: Session, actor: Actor, found: Select[UUID], page: int, page_size: int) -> Page[ReferralLine]:
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    if not total:
        audit.record(session, actor, "medical:referral:list")
        return Page((), 0, page, page_size)
    order = (col(Referral.due_on), col(Referral.id))
    shown = found.order_by(*order).limit(page_size).offset(offset(page, page_size))
    rows = session.execute(select_lines(actor).where(col(Referral.id).in_(shown)).order_by(*order)).all()
    audit.record_list(session, actor, "medical:referral:list", (row.Referral.employee_id for row in rows))
    return Page(tuple(line_of(row, actor) for row in rows), total, page, page_size)
