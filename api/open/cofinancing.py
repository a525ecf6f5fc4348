"""Requests for co-financing over JSON: the case manager submits, the insurer decides."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.money import Money, money, money_or_none
from api.paged import Paged, PageQuery
from billing.cofinancing_decide import decide_cofinancing
from billing.cofinancing_read import CofinancingView, get_cofinancing, list_cofinancing
from billing.cofinancing_submit import submit_cofinancing
from billing.shares import CostBenefit, Outcome
from billing.tables import CofinancingState, DeclineReason, PolicyKind
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission

router = Section(prefix="/cofinancing-requests", tags=["co-financing"])
Reader = Annotated[Work, open_side(Permission.SEE_COFINANCING)]
HIGHEST_DAILY_COST = 1_000_000
MOST_CENTS = 1_000_000_000


class CostBenefitOut(BaseModel):
    """Expected days times the cost of a day, against the price (R60)."""

    benefit: Money
    net: Money
    ratio: Decimal | None
    loss: bool


class PolicyOut(BaseModel):
    """The policy under which is asked."""

    number: str
    kind: PolicyKind


class EmployerOut(BaseModel):
    """The employer whose policy it is."""

    id: UUID
    name: str


class InsurerOut(BaseModel):
    """The insurer who decides."""

    id: UUID
    name: str


class RequestOut(BaseModel):
    """A request: what is asked, why it pays, and what was decided; no cause, no provider, no name (R58)."""

    id: UUID
    number: str
    case_id: UUID | None
    employer: EmployerOut
    insurer: InsurerOut
    policy: PolicyOut
    intervention: str | None
    description: str
    advised_by_physician: bool = True
    consent_to_insurer: bool = True
    sickness_year: int
    sickness_week: int
    price: Money
    expected_days: int
    percentage: int
    requested: Money
    daily_cost: Money | None
    cost_benefit: CostBenefitOut | None
    state: CofinancingState
    prepared_on: date | None
    submitted_at: datetime | None
    decided: Money | None
    reason: DeclineReason | None
    decided_at: datetime | None
    final: bool
    warning: str | None = None


class RequestsOut(Paged[RequestOut]):
    """A page of requests: what waits for the caller first, the oldest first."""


class RequestsQuery(PageQuery):
    """Which requests; an insurer knows of no cases, and finds nothing by one."""

    case_id: UUID | None = None
    state: CofinancingState | None = None


class SubmitIn(BaseModel):
    """What a day of absence costs the employer."""

    model_config = ConfigDict(extra="forbid")

    daily_cost_cents: Annotated[int, Field(gt=0, le=HIGHEST_DAILY_COST)]


class DecisionIn(BaseModel):
    """The decision; `amount_cents` goes with a part, `reason` with less than all."""

    model_config = ConfigDict(extra="forbid")

    outcome: Outcome
    amount_cents: Annotated[int, Field(ge=0, le=MOST_CENTS)] | None = None
    reason: DeclineReason | None = None


@router.get("")
def requests(work: Reader, query: Annotated[RequestsQuery, Query()]) -> RequestsOut:
    """Return the requests that the caller may see."""
    states = (query.state,) if query.state else ()
    found = list_cofinancing(
        work.session, work.actor, states, case_id=query.case_id, page=query.page, page_size=query.page_size
    )
    return RequestsOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[_out(item) for item in found.items]
    )


@router.get("/{request_id}")
def request(work: Reader, request_id: UUID) -> RequestOut:
    """Return one request."""
    return _out(get_cofinancing(work.session, work.actor, request_id))


@router.post("/{request_id}/submit")
def submit(
    work: Annotated[Work, open_side(Permission.SUBMIT_COFINANCING)], request_id: UUID, body: SubmitIn
) -> RequestOut:
    """Send a request to the insurer; `warning` says so when it costs more than it is expected to save."""
    sent = submit_cofinancing(work.session, work.actor, request_id, body.daily_cost_cents)
    return _out(sent.request, sent.warning)


@router.post("/{request_id}/decision")
def decision(
    work: Annotated[Work, open_side(Permission.DECIDE_COFINANCING)], request_id: UUID, body: DecisionIn
) -> RequestOut:
    """Decide on a request, once."""
    decided = decide_cofinancing(work.session, work.actor, request_id, body.outcome, body.amount_cents, body.reason)
    return _out(decided)


def _out(view: CofinancingView, warning: str | None = None) -> RequestOut:
    return RequestOut(
        id=view.id,
        number=view.number,
        case_id=view.case_id,
        employer=EmployerOut(id=view.employer_id, name=view.employer_name),
        insurer=InsurerOut(id=view.insurer_id, name=view.insurer_name),
        policy=PolicyOut(number=view.policy_number, kind=view.policy_kind),
        intervention=view.intervention,
        description=view.description,
        sickness_year=view.sickness_year,
        sickness_week=view.sickness_week,
        price=money(view.price_cents),
        expected_days=view.expected_days,
        percentage=view.percentage,
        requested=money(view.requested_cents),
        daily_cost=money_or_none(view.daily_cost_cents),
        cost_benefit=_cost_benefit(view.cost_benefit) if view.cost_benefit else None,
        state=view.state,
        prepared_on=view.prepared_on,
        submitted_at=view.submitted_at,
        decided=money_or_none(view.decided_cents),
        reason=view.decision_reason,
        decided_at=view.decided_at,
        final=view.is_charged,
        warning=warning,
    )


def _cost_benefit(found: CostBenefit) -> CostBenefitOut:
    return CostBenefitOut(
        benefit=money(found.benefit_cents), net=money(found.net_cents), ratio=found.ratio, loss=found.is_loss
    )
