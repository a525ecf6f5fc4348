"""Gathers what waits to be charged, with the consents and requests that decide how."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlmodel import Session, col, func, select

from billing.charge_terms import next_month
from billing.tables import CofinancingRequest
from cases.tables import Consent, ConsentScope, Employee
from medical.release_plan import RequestFacts, Waiting
from medical.tables import CofinancingLink, Referral, Release

Ids = Sequence[UUID] | Select[Any]
"""Ids, or a query that finds them: there can be more than one statement can carry as values."""


@dataclass(frozen=True)
class _Context:
    """What is known of the cases and referrals behind releases."""

    consents: frozenset[tuple[UUID, ConsentScope]]  # in force, by case
    requests: dict[UUID, list[CofinancingRequest]]  # by referral, in the order in which they were made
    charged: dict[UUID, int]  # cents charged before, by referral


def waiting_releases(session: Session, month: date, *, lock: bool) -> list[Waiting]:
    """Return every release for what was supplied until the end of `month` that is not charged yet.

    With `lock` their undecided requests stay as they are until the transaction ends: a decision waits its turn.
    """
    rows = session.exec(
        select(Release, Referral.intervention, Employee.reference)
        .join(Referral, col(Referral.id) == Release.referral_id)
        .join(Employee, col(Employee.id) == Release.employee_id)
        .where(col(Release.charge_id).is_(None), Release.supplied_on < next_month(month))
    ).all()
    uncharged = col(Release.charge_id).is_(None)
    cases, referrals = select(Release.case_id).where(uncharged), select(Release.referral_id).where(uncharged)
    context = _context(session, cases, referrals, lock=lock)
    return [_waiting(release, intervention, reference, context) for release, intervention, reference in rows]


def waiting_as(session: Session, release: Release, referral: Referral) -> Waiting:
    """Return what a release, written or not, would be if it were charged now."""
    reference = session.exec(select(Employee.reference).where(Employee.id == release.employee_id)).one()
    context = _context(session, [release.case_id], [release.referral_id], lock=False)
    return _waiting(release, referral.intervention, reference, context)


def _context(session: Session, cases: Ids, referrals: Ids, *, lock: bool) -> _Context:
    return _Context(_consents(session, cases), _requests(session, referrals, lock=lock), _charged(session, referrals))


def _consents(session: Session, cases: Ids) -> frozenset[tuple[UUID, ConsentScope]]:
    found = session.exec(
        select(Consent.case_id, Consent.scope)
        .where(col(Consent.withdrawn_at).is_(None), col(Consent.case_id).in_(cases))
        .where(col(Consent.scope).in_((ConsentScope.EMPLOYER, ConsentScope.INSURER)))
    )
    return frozenset((case_id, ConsentScope(scope)) for case_id, scope in found)


def _requests(session: Session, referrals: Ids, *, lock: bool) -> dict[UUID, list[CofinancingRequest]]:
    found = (
        select(CofinancingLink.referral_id, CofinancingRequest)
        .join(CofinancingRequest, col(CofinancingRequest.matter_id) == CofinancingLink.request_id)
        .where(col(CofinancingLink.referral_id).in_(referrals))
        .order_by(col(CofinancingRequest.id))
    )
    if lock:
        found = found.with_for_update(of=CofinancingRequest).execution_options(populate_existing=True)
    requests: dict[UUID, list[CofinancingRequest]] = {}
    for referral_id, request in session.exec(found):
        requests.setdefault(referral_id, []).append(request)
    for asked in requests.values():
        asked.sort(key=lambda each: (each.created_at, each.id))
    return requests


def _charged(session: Session, referrals: Ids) -> dict[UUID, int]:
    found = session.exec(
        select(Release.referral_id, func.sum(Release.net_cents))
        .where(col(Release.charge_id).is_not(None), col(Release.referral_id).in_(referrals))
        .group_by(col(Release.referral_id))
    )
    return {referral_id: int(cents) for referral_id, cents in found}


def _waiting(release: Release, intervention: str, reference: str, context: _Context) -> Waiting:
    asked = context.requests.get(release.referral_id, ())
    return Waiting(
        release_id=release.id,
        referral_id=release.referral_id,
        case_id=release.case_id,
        employee_id=release.employee_id,
        employer_id=release.employer_id,
        disclosure=release.disclosure,
        intervention=intervention,
        employee_reference=reference,
        net_cents=release.net_cents,
        supplied_on=release.supplied_on,
        employer_may_know=(release.case_id, ConsentScope.EMPLOYER) in context.consents,
        requests=tuple(_facts(request, release, context) for request in asked),
    )


def _facts(request: CofinancingRequest, release: Release, context: _Context) -> RequestFacts:
    return RequestFacts(
        id=request.id,
        insurer_id=request.insurer_id,
        state=request.state,
        insurer_may_know=(release.case_id, ConsentScope.INSURER) in context.consents,
        price_cents=request.price_cents,
        granted_cents=request.decided_cents or 0,
        paid_cents=request.charged_cents,
        charged_cents=context.charged.get(release.referral_id, 0),
        is_final=request.charged_month is not None,
    )
