"""For which employers something waits to be charged, a page at a time, and what that comes to in all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, func, literal, select, union_all
from sqlmodel import Session, col

from billing.charging.charge_terms import next_month, warned_before
from billing.service_tables import ServiceAmount
from core.clock import today
from core.paging import Page, offset
from identity.tables import Organisation
from medical.hatch.waiting import waits
from medical.tables import Release


@dataclass(frozen=True)
class ToCharge:
    """What waits in all: cents without VAT, with insurers' parts, and how many amounts are near their term (R52)."""

    net_cents: int
    urgent: int


def waits_in_all(session: Session, month: date) -> ToCharge:
    """Return what waits of what was supplied, or served, until the end of `month`."""
    waiting = _waiting(month)
    cents, urgent = session.execute(
        select(func.coalesce(func.sum(waiting.c.cents), 0), func.count().filter(waiting.c.urgent))
    ).one()
    return ToCharge(int(cents), urgent)


def employers_to_charge(session: Session, month: date, page: int, page_size: int) -> Page[tuple[UUID, str]]:
    """Return for whom something waits, by id and name: first who has an amount that is near its term, then by name."""
    waiting = _waiting(month)
    each: list[Any] = [waiting.c.employer_id, func.bool_or(waiting.c.urgent).label("urgent")]
    by_employer = select(*each).group_by(waiting.c.employer_id).subquery()
    total = session.scalar(select(func.count()).select_from(by_employer)) or 0
    rows: Sequence[Any] = session.execute(
        select(col(Organisation.id), col(Organisation.name))
        .join(by_employer, by_employer.c.employer_id == Organisation.id)
        .order_by(by_employer.c.urgent.desc(), col(Organisation.name), col(Organisation.id))
        .limit(page_size)
        .offset(offset(page, page_size))
    ).all()
    return Page(tuple((row.id, row.name) for row in rows), total, page, page_size)


def _waiting(month: date) -> Subquery:
    """Return what waits, by employer, as rows with its cents; what gives back is below zero, and never urgent."""
    near = (col(Release.supplied_on) < warned_before(today())) & col(Release.corrects_id).is_(None)
    of_release: list[Any] = [col(Release.employer_id), col(Release.net_cents).label("cents"), near.label("urgent")]
    of_service: list[Any] = [col(ServiceAmount.employer_id), col(ServiceAmount.net_cents), literal(False)]
    return union_all(
        select(*of_release).where(waits(), col(Release.supplied_on) < next_month(month)),
        select(*of_service).where(col(ServiceAmount.charge_id).is_(None), col(ServiceAmount.month) <= month),
    ).subquery()
