"""Gathers what waits to be charged, with the consents and requests that decide how."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sql
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from billing.budget_tables import BudgetRequest
from billing.charging.charge_terms import next_month
from billing.tables import CofinancingRequest
from cases.tables import Consent, ConsentScope, Employee
from core.rows import among
from medical.hatch.plan import RequestFacts, Waiting
from medical.tables import CofinancingLink, Referral, Release, ReleaseEnd
from network.taxonomy import Disclosure

MOST_AT_ONCE = 5_000
"""Releases that are held at once, or those of one employer when it has more."""


class Facts(Protocol):
    """What is asked of a release, whether it was written or is about to be."""

    @property
    def id(self) -> UUID: ...
    @property
    def referral_id(self) -> UUID: ...
    @property
    def case_id(self) -> UUID: ...
    @property
    def employee_id(self) -> UUID: ...
    @property
    def employer_id(self) -> UUID: ...
    @property
    def disclosure(self) -> Disclosure: ...
    @property
    def net_cents(self) -> int: ...
    @property
    def supplied_on(self) -> date: ...


@dataclass(frozen=True)
class Context:
    """What is known of the cases and referrals behind releases."""

    consents: frozenset[tuple[UUID, ConsentScope]]  # in force, by case
    requests: dict[UUID, list[CofinancingRequest]]  # by referral, in the order in which they were made
    charged: dict[UUID, int]  # cents charged before, by referral
    asked: frozenset[UUID]  # cases of which the employer once read a price

    def employer_may_know(self, case_id: UUID) -> bool:
        """Tell whether consent (b) is in force."""
        return (case_id, ConsentScope.EMPLOYER) in self.consents


def waits() -> ColumnElement[bool]:
    """Return, as a condition of a query over Release, that it is neither charged nor ended."""
    return col(Release.charge_id).is_(None) & col(Release.ended).is_(None)


def waiting_employers(session: Session, month: date) -> Iterator[list[UUID]]:
    """Yield the employers for whom something waits that was supplied until the end of `month`, some at a time."""
    counted = session.exec(
        select(Release.employer_id, func.count())
        .where(waits(), Release.supplied_on < next_month(month))
        .group_by(col(Release.employer_id))
        .order_by(col(Release.employer_id))
    ).all()
    some: list[UUID] = []
    held = 0
    for employer_id, count in counted:
        if some and held + count > MOST_AT_ONCE:
            yield some
            some, held = [], 0
        some.append(employer_id)
        held += count
    if some:
        yield some


def hold_requests(session: Session) -> None:
    """Keep the requests behind what waits as they are until the transaction ends: a decision waits its turn.

    All of them at once and in one order, so that two who want the same ones cannot wait for each other.
    """
    session.execute(
        select(CofinancingRequest.id)
        .join(CofinancingLink, col(CofinancingLink.request_id) == CofinancingRequest.matter_id)
        .where(col(CofinancingLink.referral_id).in_(select(Release.referral_id).where(waits())))
        .order_by(col(CofinancingRequest.id))
        .with_for_update(of=CofinancingRequest)
    ).all()


def waiting_releases(session: Session, month: date, employers: Sequence[UUID]) -> list[Waiting]:
    """Return every release of `employers` for what was supplied until the end of `month` that is not charged yet.

    What its provider gave back meanwhile is taken off it.
    """
    mine = among(Release.employer_id, employers)
    columns: list[Any] = [
        col(Release.id),
        col(Release.referral_id),
        col(Release.case_id),
        col(Release.employee_id),
        col(Release.employer_id),
        col(Release.disclosure),
        col(Release.net_cents),
        col(Release.supplied_on),
        col(Referral.intervention),
        col(Employee.reference),
    ]
    rows = session.execute(
        sql.select(*columns)
        .select_from(Release)
        .join(Referral, col(Referral.id) == Release.referral_id)
        .join(Employee, col(Employee.id) == Release.employee_id)
        .where(mine, waits(), col(Release.corrects_id).is_(None), col(Release.supplied_on) < next_month(month))
    ).all()
    context = context_of(session, {row.case_id for row in rows}, {row.referral_id for row in rows})
    given_back = _given_back(session, mine)
    return [_waiting(row, row.intervention, row.reference, context, given_back) for row in rows]


def waiting_as(session: Session, release: Release, referral: Referral) -> Waiting:
    """Return what a release, written or not, would be if it were charged now."""
    reference = session.exec(select(Employee.reference).where(Employee.id == release.employee_id)).one()
    context = context_of(session, [release.case_id], [release.referral_id])
    given_back = _given_back(session, col(Release.corrects_id) == release.id)
    return _waiting(release, referral.intervention, reference, context, given_back)


def context_of(session: Session, cases: Collection[UUID], referrals: Collection[UUID]) -> Context:
    """Return what decides how releases of these cases and referrals are charged."""
    return Context(
        _consents(session, cases), _requests(session, referrals), _charged(session, referrals), _asked(session, cases)
    )


def _given_back(session: Session, mine: ColumnElement[bool]) -> Mapping[UUID, list[tuple[UUID, int]]]:
    """Return what providers gave back and is not settled, by the release that it corrects: ids and cents above zero."""
    found: dict[UUID, list[tuple[UUID, int]]] = {}
    rows = session.execute(
        select(Release.corrects_id, Release.id, Release.net_cents)
        .where(mine, waits(), col(Release.corrects_id).is_not(None))
        .order_by(col(Release.supplied_on), col(Release.id))
    )
    for corrects_id, release_id, net_cents in rows:
        found.setdefault(corrects_id, []).append((release_id, -net_cents))
    return found


def _consents(session: Session, cases: Collection[UUID]) -> frozenset[tuple[UUID, ConsentScope]]:
    found = session.exec(
        select(Consent.case_id, Consent.scope)
        .where(col(Consent.withdrawn_at).is_(None), among(Consent.case_id, cases))
        .where(col(Consent.scope).in_((ConsentScope.EMPLOYER, ConsentScope.INSURER)))
    )
    return frozenset((case_id, ConsentScope(scope)) for case_id, scope in found)


def _asked(session: Session, cases: Collection[UUID]) -> frozenset[UUID]:
    """Return the cases of which the employer was asked to agree to something confidential, whatever came of it."""
    found = select(BudgetRequest.case_id).where(BudgetRequest.disclosure == Disclosure.CONF)
    return frozenset(session.exec(found.where(among(BudgetRequest.case_id, cases))).all())


def _requests(session: Session, referrals: Collection[UUID]) -> dict[UUID, list[CofinancingRequest]]:
    found = (
        select(CofinancingLink.referral_id, CofinancingRequest)
        .join(CofinancingRequest, col(CofinancingRequest.matter_id) == CofinancingLink.request_id)
        .where(among(CofinancingLink.referral_id, referrals))
        .order_by(col(CofinancingRequest.created_at), col(CofinancingRequest.id))
        .execution_options(populate_existing=True)
    )
    requests: dict[UUID, list[CofinancingRequest]] = {}
    for referral_id, request in session.exec(found):
        requests.setdefault(referral_id, []).append(request)
    return requests


def _charged(session: Session, referrals: Collection[UUID]) -> dict[UUID, int]:
    """Return what was charged of referrals, less what was given back of that."""
    found = session.exec(
        select(Release.referral_id, func.sum(Release.net_cents))
        .where(or_(col(Release.charge_id).is_not(None), col(Release.ended) == ReleaseEnd.MOOT))
        .where(among(Release.referral_id, referrals))
        .group_by(col(Release.referral_id))
    )
    return {referral_id: int(cents) for referral_id, cents in found}


def _waiting(
    release: Facts,
    intervention: str,
    reference: str,
    context: Context,
    given_back: Mapping[UUID, Iterable[tuple[UUID, int]]],
) -> Waiting:
    asked = context.requests.get(release.referral_id, ())
    back = tuple(given_back.get(release.id, ()))
    return Waiting(
        release_id=release.id,
        referral_id=release.referral_id,
        case_id=release.case_id,
        employee_id=release.employee_id,
        employer_id=release.employer_id,
        disclosure=release.disclosure,
        intervention=intervention,
        employee_reference=reference,
        net_cents=release.net_cents - sum(cents for _id, cents in back),
        supplied_on=release.supplied_on,
        employer_may_know=context.employer_may_know(release.case_id),
        requests=tuple(_facts(request, release, context) for request in asked),
        was_asked=release.case_id in context.asked,
        given_back=tuple(release_id for release_id, _cents in back),
    )


def _facts(request: CofinancingRequest, release: Facts, context: Context) -> RequestFacts:
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
