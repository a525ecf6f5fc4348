"""The employer's budget over JSON: what he lets go unasked, what is left, and his answers to what is above it (R56)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from api.money import Money, money, money_or_none
from api.paged import Paged, PageQuery
from billing.budget.mandates import BudgetView, NewBudget, budget_history, budget_left, set_budget
from billing.budget.requests import (
    BudgetRequestView,
    answer_budget_request,
    get_budget_request,
    list_budget_requests,
)
from billing.budget_tables import BudgetRefusal, BudgetState
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission

router = Section(tags=["costs"])
Owner = Annotated[Work, open_side(Permission.KEEP_BUDGET)]
Limiter = Annotated[Work, open_side(Permission.KEEP_BUDGET, fresh=True)]
Reader = Annotated[Work, open_side(Permission.SEE_BUDGET_REQUESTS)]


class LimitsOut(BaseModel):
    """Limits from a day on; none means no limit."""

    id: UUID
    per_case: Money | None
    per_year: Money | None
    valid_from: date
    said_on: date


class BudgetOut(BaseModel):
    """What is left at most, as far as the overview of costs shows what was charged, and everything that was said."""

    year: int
    left_at_most: Money | None
    charged: Money
    suppressed: bool
    history: list[LimitsOut]


class BudgetRequestOut(BaseModel):
    """A request: an amount, weeks, and of whom; no cause, no provider, no day of treatment."""

    id: UUID
    number: str
    case_id: UUID
    employee_ref: str
    intervention: str | None
    description: str
    advised_by_physician: bool = True
    price: Money
    expected_weeks: int
    state: BudgetState
    reason: BudgetRefusal | None
    asked_on: date
    answer_by: date
    overdue: bool
    answered_at: datetime | None


class BudgetRequestsOut(Paged[BudgetRequestOut]):
    """A page of requests: what waits for an answer first, the oldest first."""


class BudgetRequestsQuery(PageQuery):
    """Which requests."""

    state: BudgetState | None = None
    case_id: UUID | None = None


class AnswerIn(BaseModel):
    """Whether the employer agrees; a refusal has a coded reason."""

    model_config = ConfigDict(extra="forbid")

    agrees: bool
    reason: BudgetRefusal | None = None


@router.get("/budget")
def budget(work: Owner) -> BudgetOut:
    """Return the own budget and what is left of it."""
    left = budget_left(work.session, work.actor)
    return BudgetOut(
        year=left.year,
        left_at_most=money_or_none(left.left_cents),
        charged=money(left.charged_cents),
        suppressed=left.hides,
        history=[_limits(each) for each in budget_history(work.session, work.actor)],
    )


@router.post("/budget", status_code=201)
def said(work: Limiter, body: NewBudget) -> LimitsOut:
    """Let other limits hold from a day on."""
    return _limits(set_budget(work.session, work.actor, body))


@router.get("/budget-requests")
def requests(work: Reader, query: Annotated[BudgetRequestsQuery, Query()]) -> BudgetRequestsOut:
    """Return the requests that the caller may see."""
    found = list_budget_requests(
        work.session,
        work.actor,
        state=query.state,
        case_id=query.case_id,
        page=query.page,
        page_size=query.page_size,
    )
    return BudgetRequestsOut(
        total=found.total,
        page=found.page,
        page_size=found.page_size,
        results=[budget_request_out(item) for item in found.items],
    )


@router.get("/budget-requests/{request_id}")
def request(work: Reader, request_id: UUID) -> BudgetRequestOut:
    """Return one request."""
    return budget_request_out(get_budget_request(work.session, work.actor, request_id))


@router.post("/budget-requests/{request_id}/answer")
def answer(work: Owner, request_id: UUID, body: AnswerIn) -> BudgetRequestOut:
    """Agree or not, once."""
    found = answer_budget_request(work.session, work.actor, request_id, agrees=body.agrees, reason=body.reason)
    return budget_request_out(found)


def budget_request_out(view: BudgetRequestView) -> BudgetRequestOut:
    """Return a request as everybody gets it who may."""
    return BudgetRequestOut(
        id=view.id,
        number=view.number,
        case_id=view.case_id,
        employee_ref=view.employee_reference,
        intervention=view.intervention,
        description=view.description,
        price=money(view.price_cents),
        expected_weeks=view.expected_weeks,
        state=view.state,
        reason=view.reason,
        asked_on=view.asked_on,
        answer_by=view.answer_by,
        overdue=view.is_overdue,
        answered_at=view.answered_at,
    )


def _limits(view: BudgetView) -> LimitsOut:
    return LimitsOut(
        id=view.id,
        per_case=money_or_none(view.per_case_cents),
        per_year=money_or_none(view.per_year_cents),
        valid_from=view.valid_from,
        said_on=view.said_on,
    )
