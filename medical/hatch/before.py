"""Gathers what else bears on a month's charging: services, and what providers gave back of what was charged before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from billing.charging.charges_left import ShareLeft, awaiting_renewal, shares_left, standing_charges
from billing.service_tables import ServiceAmount, ServiceBasis
from billing.tables import InsurerShare
from core.rows import among
from medical.hatch.back import GivingBack
from medical.hatch.plan import Before, Service
from medical.hatch.waiting import context_of, waits
from medical.tables import Release, ReleaseEnd, ReleaseShare

MOST_SERVICES = 10_000


def services_to_charge(
    session: Session, month: date, employers: Sequence[UUID] | None = None
) -> Mapping[UUID, list[Service]]:
    """Return by employer what services cost until the end of `month` and is not charged, the oldest first.

    With `employers` those of them alone.
    """
    found: dict[UUID, list[Service]] = {}
    waiting = select(ServiceAmount).where(col(ServiceAmount.charge_id).is_(None), ServiceAmount.month <= month)
    if employers is not None:
        waiting = waiting.where(among(ServiceAmount.employer_id, employers))
    ordered = waiting.order_by(col(ServiceAmount.month), col(ServiceAmount.id))
    for each in session.exec(ordered.limit(MOST_SERVICES)):
        service = Service(each.id, each.employer_id, each.basis is ServiceBasis.BY_USE, each.net_cents)
        found.setdefault(each.employer_id, []).append(service)
    return found


def given_back(session: Session, employers: Sequence[UUID]) -> Mapping[UUID, Before]:
    """Return by employer what providers gave back of what was charged, or ended, before."""
    rows = _rows(session, employers)
    if not rows:
        return {}
    charges = standing_charges(session, {row.charge_id for row in rows if row.charge_id})
    renewed = awaiting_renewal(session, {each.id for each in charges.values() if not each.net_cents})
    context = context_of(session, {row.case_id for row in rows}, {row.referral_id for row in rows})
    paid, left = _paid(session, rows), _left(session, rows)
    shares = _shares(session, {request for each in paid.values() for request in each})
    found: dict[UUID, list[GivingBack]] = {}
    for row in rows:
        charge = charges[row.charge_id] if row.charge_id else None
        back = GivingBack(
            release_id=row.id,
            corrects_id=row.corrects_id,
            referral_id=row.referral_id,
            case_id=row.case_id,
            employee_id=row.employee_id,
            employer_id=row.employer_id,
            cents=-row.net_cents,
            supplied_on=row.supplied_on,
            employer_may_know=context.employer_may_know(row.case_id),
            left_cents=left[row.corrects_id],
            paid=tuple(sorted(paid.get(row.corrects_id, {}).items())),
            charge=charge if charge is not None and charge.net_cents else None,
            is_borne=row.ended is ReleaseEnd.BORNE,
            is_unsettled=charge is not None and charge.id in renewed,
        )
        found.setdefault(row.employer_id, []).append(back)
    return {employer: Before((), tuple(backs), _of(backs, shares)) for employer, backs in found.items()}


def _rows(session: Session, employers: Sequence[UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    was = aliased(Release)
    columns: list[Any] = [
        col(Release.id),
        col(Release.corrects_id),
        col(Release.referral_id),
        col(Release.case_id),
        col(Release.employee_id),
        col(Release.employer_id),
        col(Release.net_cents),
        col(Release.supplied_on),
        col(was.charge_id),
        col(was.ended),
    ]
    return session.execute(
        select(*columns)
        .join(was, col(was.id) == Release.corrects_id)
        .where(among(Release.employer_id, employers), waits())
        .where(col(was.charge_id).is_not(None) | col(was.ended).is_not(None))
    ).all()


def _left(session: Session, rows: Iterable[Row[*tuple[Any, ...]]]) -> Mapping[UUID, int]:
    """Return what is left of each corrected release after what was settled before."""
    ids = {row.corrects_id for row in rows}
    back = aliased(Release)
    settled = col(back.charge_id).is_not(None) | col(back.ended).is_not(None)
    found = session.execute(
        select(col(Release.id), col(Release.net_cents) + func.coalesce(func.sum(back.net_cents), 0))
        .outerjoin(back, (col(back.corrects_id) == col(Release.id)) & settled)
        .where(col(Release.id).in_(ids))
        .group_by(col(Release.id))
    )
    return {release_id: int(cents) for release_id, cents in found}


def _paid(session: Session, rows: Iterable[Row[*tuple[Any, ...]]]) -> Mapping[UUID, dict[UUID, int]]:
    """Return what insurers paid of each corrected release, less what they got back of it, by request."""
    ids = {row.corrects_id for row in rows}
    first = func.coalesce(col(Release.corrects_id), col(Release.id))
    found: dict[UUID, dict[UUID, int]] = {}
    for release_id, request_id, cents in session.execute(
        select(first, col(ReleaseShare.request_id), func.sum(ReleaseShare.cents))
        .join(Release, col(Release.id) == ReleaseShare.release_id)
        .where(first.in_(ids))
        .group_by(first, col(ReleaseShare.request_id))
    ):
        found.setdefault(release_id, {})[request_id] = int(cents)
    return found


def _shares(session: Session, requests: Iterable[UUID]) -> Sequence[ShareLeft]:
    return shares_left(session, col(InsurerShare.request_id).in_(list(requests)))


def _of(backs: Iterable[GivingBack], shares: Iterable[ShareLeft]) -> tuple[ShareLeft, ...]:
    requests = {request for back in backs for request, _cents in back.paid}
    return tuple(share for share in shares if share.request_id in requests and share.net_cents)
