"""Requests for co-financing as the case manager and the insurer see them: neutral, on both sides of the table (R58)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import false
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select

from billing.cofinancing.shares import CostBenefit
from billing.invoicing.documents import CONFIDENTIAL_TEXT
from billing.tables import (
    CofinancingRequest,
    CofinancingState,
    DeclineReason,
    InsurancePolicy,
    PolicyKind,
)
from core.clock import AMSTERDAM, today
from core.errors import NotFound
from core.language import _
from core.paging import Page, offset
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import Role
from identity.tables import Organisation
from network.taxonomy import interventions

Found = tuple[CofinancingRequest, InsurancePolicy, str, str]
Employer, Insurer = aliased(Organisation), aliased(Organisation)

WAITING_FOR = {Role.CASE_MANAGER: CofinancingState.PREPARED, Role.INSURER: CofinancingState.SUBMITTED}
"""In which state a request waits for whom."""


@dataclass(frozen=True)
class CofinancingView:
    """A request; cents without VAT. The insurer gets neither the case nor the day of referral (R58)."""

    id: UUID
    number: str
    case_id: UUID | None
    employer_id: UUID
    employer_name: str
    insurer_id: UUID
    insurer_name: str
    policy_id: UUID
    policy_number: str
    policy_kind: PolicyKind
    intervention: str | None  # the code of an open one
    description: str
    sickness_year: int
    sickness_week: int
    price_cents: int
    expected_days: int
    percentage: int
    requested_cents: int
    daily_cost_cents: int | None
    cost_benefit: CostBenefit | None
    state: CofinancingState
    prepared_on: date | None
    submitted_at: datetime | None
    decide_by: date | None
    decided_cents: int | None
    decision_reason: DeclineReason | None
    decided_at: datetime | None
    is_charged: bool

    @property
    def is_overdue(self) -> bool:
        """Tell whether the insurer should have decided by now."""
        return self.state is CofinancingState.SUBMITTED and self.decide_by is not None and self.decide_by < today()


def list_cofinancing(
    session: Session,
    actor: Actor,
    states: Sequence[CofinancingState] = (),
    *,
    waiting: bool = False,
    overdue: bool = False,
    case_id: UUID | None = None,
    page: int = 1,
    page_size: int = 50,
) -> Page[CofinancingView]:
    """Return the requests that the actor may see, in these states or all: what waits for him first, oldest first.

    `overdue` leaves those on which the insurer should have decided by now.

    `case_id` leaves those of one case; for an insurer there are no cases, and so no requests of one (R58, R70).
    """
    require(actor, Permission.SEE_COFINANCING)
    mine = WAITING_FOR[actor.role]
    found = _requests(actor)
    if states or waiting:
        found = found.where(col(CofinancingRequest.state).in_([*states, *([mine] if waiting else [])]))
    if overdue:
        found = found.where(
            CofinancingRequest.state == CofinancingState.SUBMITTED, col(CofinancingRequest.decide_by) < today()
        )
    if case_id is not None:
        found = found.where(CofinancingRequest.case_id == case_id if actor.role is not Role.INSURER else false())
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    rows = session.exec(
        found.order_by(
            col(CofinancingRequest.state) != mine, col(CofinancingRequest.created_at), col(CofinancingRequest.id)
        )
        .limit(page_size)
        .offset(offset(page, page_size))
    ).all()
    return Page(tuple(_view(row, actor) for row in rows), total, page, page_size)


def get_cofinancing(session: Session, actor: Actor, request_id: UUID) -> CofinancingView:
    """Return one request; raises NotFound for one that is not the actor's to see."""
    require(actor, Permission.SEE_COFINANCING)
    row = session.exec(_requests(actor).where(CofinancingRequest.id == request_id)).first()
    if row is None:
        raise NotFound(_("Niet gevonden."))
    return _view(row, actor)


def cost_benefit(request: CofinancingRequest) -> CostBenefit | None:
    """Return whether the intervention is worth its price, once the employer's cost of a day is known (R60)."""
    if request.daily_cost_cents is None:
        return None
    return CostBenefit(request.expected_days, request.daily_cost_cents, request.price_cents)


def _requests(actor: Actor) -> Select[CofinancingRequest, InsurancePolicy, str, str]:
    """Row-level security leaves what the actor may see; for the insurer it is said once more."""
    found = (
        select(CofinancingRequest, InsurancePolicy, Employer.name, Insurer.name)
        .join(InsurancePolicy, col(InsurancePolicy.id) == CofinancingRequest.policy_id)
        .join(Employer, col(Employer.id) == CofinancingRequest.employer_id)
        .join(Insurer, col(Insurer.id) == CofinancingRequest.insurer_id)
        .where(CofinancingRequest.tenant_id == actor.tenant_id)
    )
    return found.where(CofinancingRequest.insurer_id == actor.organisation_id) if actor.role is Role.INSURER else found


def _view(row: Found, actor: Actor) -> CofinancingView:
    request, policy, employer_name, insurer_name = row
    return CofinancingView(
        id=request.id,
        number=request.number,
        case_id=None if actor.role is Role.INSURER else request.case_id,
        employer_id=request.employer_id,
        employer_name=employer_name,
        insurer_id=request.insurer_id,
        insurer_name=insurer_name,
        policy_id=policy.id,
        policy_number=policy.number,
        policy_kind=policy.kind,
        intervention=request.intervention,
        description=interventions()[request.intervention].name if request.intervention else CONFIDENTIAL_TEXT,
        sickness_year=request.sickness_year,
        sickness_week=request.sickness_week,
        price_cents=request.price_cents,
        expected_days=request.expected_days,
        percentage=request.percentage,
        requested_cents=request.requested_cents,
        daily_cost_cents=request.daily_cost_cents,
        cost_benefit=cost_benefit(request),
        state=request.state,
        prepared_on=None if actor.role is Role.INSURER else request.created_at.astimezone(AMSTERDAM).date(),
        submitted_at=request.submitted_at,
        decide_by=request.decide_by,
        decided_cents=request.decided_cents,
        decision_reason=request.decision_reason,
        decided_at=request.decided_at,
        is_charged=request.charged_month is not None,
    )
