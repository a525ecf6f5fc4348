"""Requests for co-financing: what waits for a decision, the oldest first, and what was decided."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from billing.cofinancing.read import CofinancingView, list_cofinancing
from billing.tables import CofinancingState
from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from portal.blocks import Task
from portal.forms import parse
from portal.open.cofinancing_words import COFINANCING_TONES, cofinancing_words, decline_words, policy_words
from portal.open.insurer.navigation import DECISIONS, HOME, REQUESTS
from portal.open.show import show
from portal.presenters import money

router = Section()
PAGE_SIZE = 25

Insurer = Annotated[Work, open_side(Permission.DECIDE_COFINANCING)]
Outcomes = Literal["all", "approved", "partial", "declined"]

STATES: Mapping[Outcomes, tuple[CofinancingState, ...]] = MappingProxyType(
    {
        "all": (CofinancingState.APPROVED, CofinancingState.PARTIAL, CofinancingState.DECLINED),
        "approved": (CofinancingState.APPROVED,),
        "partial": (CofinancingState.PARTIAL,),
        "declined": (CofinancingState.DECLINED,),
    }
)


class WaitingPage(BaseModel):
    """Which page of what waits."""

    page: int = Field(default=1, ge=1, le=100_000)


class DecidedFilters(WaitingPage):
    """What the address bar says of which decisions to list."""

    outcome: Outcomes = "all"


@router.get(HOME)
def waiting(request: Request, work: Insurer) -> Response:
    """Show the requests that wait for a decision."""
    chosen = parse(WaitingPage, request.query_params).value or WaitingPage()
    found = list_cofinancing(work.session, work.actor, waiting=True, page=chosen.page, page_size=PAGE_SIZE)
    return show(request, work, "open/insurer/waiting.html", found=found, tasks=found.map(_task).items)


@router.get(DECISIONS)
def decided(request: Request, work: Insurer) -> Response:
    """List what was decided."""
    chosen = parse(DecidedFilters, request.query_params).value or DecidedFilters()
    found = list_cofinancing(work.session, work.actor, STATES[chosen.outcome], page=chosen.page, page_size=PAGE_SIZE)
    return show(
        request,
        work,
        "open/insurer/decided.html",
        found=found,
        chosen=chosen.outcome,
        tabs=[("all", _("Alle")), *((state.value, cofinancing_words(state)) for state in STATES["all"])],
        state_words=cofinancing_words,
        tones=COFINANCING_TONES,
        reason_words=decline_words,
    )


def _task(asked: CofinancingView) -> Task:
    about = _("%(amount)s gevraagd · %(employer)s · %(policy)s")
    facts = {
        "amount": money(asked.requested_cents),
        "employer": asked.employer_name,
        "policy": policy_words(asked.policy_kind),
    }
    return Task(
        title=f"{asked.number}: {asked.description}",
        href=f"{REQUESTS}/{asked.id}",
        act=_("Beslis"),
        about=about % facts,
        since=asked.submitted_at,
        due=asked.decide_by,
        tag=_("Kost meer dan het oplevert") if asked.cost_benefit and asked.cost_benefit.is_loss else "",
        tone="warn",
    )
