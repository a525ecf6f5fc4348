"""The employer's budget: up to how much nobody asks him, what is left, and his answers above it (R56, R12)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from billing.budget.mandates import MOST_CENTS, NewBudget, budget_history, budget_left, set_budget
from billing.budget.requests import answer_budget_request, get_budget_request, list_budget_requests
from billing.budget_tables import BudgetRefusal, BudgetState
from core.clock import today
from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from portal import budget_words as words
from portal import flash
from portal.attempts import attempt
from portal.forms import Form, FormFields, Place, blank, parse
from portal.open.employer.navigation import BUDGET
from portal.open.show import show
from portal.typed import Euros, TypedDay, typed_euros

router = Section(prefix=BUDGET)
LIMITS = "open/employer/budget_limits.html"
PAGE_SIZE = 25
Owner = Annotated[Work, open_side(Permission.KEEP_BUDGET)]
Limiter = Annotated[Work, open_side(Permission.KEEP_BUDGET, fresh=True)]


class Limits(NewBudget):
    """The same as billing asks, with amounts and the day as people type them."""

    per_case_cents: Annotated[Euros, Field(ge=0, le=MOST_CENTS)] | None = None
    per_year_cents: Annotated[Euros, Field(ge=0, le=MOST_CENTS)] | None = None
    valid_from: TypedDay


class Answer(BaseModel, extra="forbid"):
    """Whether the employer agrees, and if not, why."""

    agrees: Literal["yes", "no"]
    reason: BudgetRefusal | None = None


@router.get("")
def budget_page(request: Request, work: Owner) -> Response:
    """Show the budget, what is left at most, and what was asked."""
    place = parse(Place, request.query_params).value or Place()
    return show(
        request,
        work,
        "open/employer/budget.html",
        left=budget_left(work.session, work.actor),
        history=budget_history(work.session, work.actor),
        found=list_budget_requests(work.session, work.actor, page=place.page, page_size=PAGE_SIZE),
        words=words,
    )


@router.get("/wijzigen")
def limits_page(request: Request, work: Limiter) -> Response:
    """Ask for other limits, beginning with those that hold now."""
    said = budget_history(work.session, work.actor)
    now = next((each for each in said if each.valid_from <= today()), None)
    typed = {"valid_from": today()}
    limits = {"per_case_cents": now.per_case_cents, "per_year_cents": now.per_year_cents} if now else {}
    filled = {name: typed_euros(cents) for name, cents in limits.items() if cents is not None}
    return show(request, work, LIMITS, form=blank(typed, **filled))


@router.post("/wijzigen")
def keep(request: Request, work: Limiter, data: FormFields) -> Response:
    """Let other limits hold from a day on."""
    tried = attempt(work.session, parse(Limits, data), lambda typed: _said(work, typed))
    if tried.done is None:
        return show(request, work, LIMITS, status=tried.status, form=tried.form)
    return flash.redirect(request, BUDGET, _("Uw budget is vastgelegd."))


@router.get("/{request_id}")
def request_page(request: Request, work: Owner, request_id: UUID) -> Response:
    """Show a request, and ask for an answer while it waits for one."""
    return _one(request, work, request_id, blank())


@router.post("/{request_id}")
def answer(request: Request, work: Owner, request_id: UUID, data: FormFields) -> Response:
    """Agree, or not."""
    tried = attempt(
        work.session,
        parse(Answer, data),
        lambda typed: answer_budget_request(
            work.session, work.actor, request_id, agrees=typed.agrees == "yes", reason=typed.reason
        ),
    )
    if tried.done is None:
        return _one(request, work, request_id, tried.form, tried.status)
    return flash.redirect(
        request, BUDGET, _("Uw antwoord op %(number)s is vastgelegd.") % {"number": tried.done.number}
    )


def _said(work: Work, typed: Limits) -> object:
    return set_budget(work.session, work.actor, NewBudget.model_validate(typed.model_dump()))


def _one(request: Request, work: Work, request_id: UUID, form: Form[Any], status: int = 200) -> Response:
    asked = get_budget_request(work.session, work.actor, request_id)
    return show(
        request,
        work,
        "open/employer/budget_request.html",
        status=status,
        asked=asked,
        waits=asked.state is BudgetState.ASKED,
        form=form,
        reasons=[(reason.value, words.refusal_words(reason)) for reason in BudgetRefusal],
        words=words,
    )
