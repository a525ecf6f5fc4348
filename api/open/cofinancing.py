"""Requests for co-financing over JSON: the case manager submits, the insurer decides."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.money import Money, money, money_or_none
from api.paged import Paged, PageQuery
from billing.cofinancing.decide import decide_cofinancing
from billing.cofinancing.policies import Hindrance, Proposal
from billing.cofinancing.read import CofinancingView, get_cofinancing, list_cofinancing
from billing.cofinancing.shares import CostBenefit, Outcome, PercentageRule, daily_cost_of
from billing.cofinancing.submit import ask_next_insurer, insurers_to_ask, submit_cofinancing
from billing.tables import CofinancingState, DeclineReason, PolicyKind
from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission

router = Section(prefix="/cofinancing-requests", tags=["co-financing"])
Reader = Annotated[Work, open_side(Permission.SEE_COFINANCING)]
Sender = Annotated[Work, open_side(Permission.SUBMIT_COFINANCING)]
HIGHEST_DAILY_COST = 1_000_000
LOWEST_WAGE, HIGHEST_WAGE = 1_000_00, 1_500_000_00
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
    decide_by: date | None
    overdue: bool
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
    """What a day of absence costs the employer, or the wage of a year that it follows from; and under which policy."""

    model_config = ConfigDict(extra="forbid")

    daily_cost_cents: Annotated[int, Field(gt=0, le=HIGHEST_DAILY_COST)] | None = None
    annual_wage_cents: Annotated[int, Field(ge=LOWEST_WAGE, le=HIGHEST_WAGE)] | None = None
    policy_id: UUID | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.daily_cost_cents is None) == (self.annual_wage_cents is None):
            raise ValueError(_("Geef de kosten van een dag, of anders het jaarloon."))
        return self

    @property
    def cost(self) -> int:
        """What a day costs, in cents."""
        return self.daily_cost_cents or daily_cost_of(self.annual_wage_cents or 0)


class NextIn(BaseModel):
    """Under which policy the next insurer is asked."""

    model_config = ConfigDict(extra="forbid")

    policy_id: UUID


class ProposalOut(BaseModel):
    """A policy under which can be asked: for how much at most, and why, or what stands in the way."""

    policy_id: UUID
    insurer: InsurerOut
    policy: PolicyOut
    percentage: int
    rule: PercentageRule | None
    cap: Money | None
    requested: Money
    hindrance: Hindrance | None


class ProposalsOut(BaseModel):
    """Every policy that covers today, in the order in which to ask."""

    results: list[ProposalOut]


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
def submit(work: Sender, request_id: UUID, body: SubmitIn) -> RequestOut:
    """Send a request to the insurer; `warning` says so when it costs more than it is expected to save."""
    sent = submit_cofinancing(work.session, work.actor, request_id, body.cost, body.policy_id)
    return _out(sent.request, sent.warning)


@router.get("/{request_id}/insurers")
def insurers(work: Sender, request_id: UUID) -> ProposalsOut:
    """Return to whom the request, or the next one, can be sent, in the order in which to ask."""
    found = insurers_to_ask(work.session, work.actor, request_id)
    return ProposalsOut(results=[_proposal(each) for each in found])


@router.post("/{request_id}/next", status_code=201)
def next_insurer(work: Sender, request_id: UUID, body: NextIn) -> RequestOut:
    """After a decision, ask another insurer for what is left of the price."""
    sent = ask_next_insurer(work.session, work.actor, request_id, body.policy_id)
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
        decide_by=view.decide_by,
        overdue=view.is_overdue,
        decided=money_or_none(view.decided_cents),
        reason=view.decision_reason,
        decided_at=view.decided_at,
        final=view.is_charged,
        warning=warning,
    )


def _proposal(found: Proposal) -> ProposalOut:
    return ProposalOut(
        policy_id=found.policy_id,
        insurer=InsurerOut(id=found.insurer_id, name=found.insurer_name),
        policy=PolicyOut(number=found.number, kind=found.kind),
        percentage=found.percentage,
        rule=found.rule,
        cap=money_or_none(found.cap_cents),
        requested=money(found.requested_cents),
        hindrance=found.hindrance,
    )


def _cost_benefit(found: CostBenefit) -> CostBenefitOut:
    return CostBenefitOut(
        benefit=money(found.benefit_cents), net=money(found.net_cents), ratio=found.ratio, loss=found.is_loss
    )
