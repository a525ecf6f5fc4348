"""Insurance policies over JSON: kept by the network manager, read by who has to do with them (R57, R61)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from api.money import Money, money, money_or_none
from api.paged import Paged, PageQuery
from billing.cofinancing.policies_keep import NewPolicy, Terms, change_policy, end_policy, register_policy
from billing.cofinancing.policies_read import PolicyView, get_policy, list_policies, policy_versions
from billing.cofinancing.policy_budget import PolicyBudget
from billing.cofinancing.shares import PercentageRule
from billing.tables import PolicyKind
from core.routing import Section
from core.validation import Day
from identity.guard import Work, open_side
from identity.policy import Permission

router = Section(prefix="/policies", tags=["co-financing"])
Reader = Annotated[Work, open_side(Permission.SEE_POLICIES)]
Keeper = Annotated[Work, open_side(Permission.KEEP_POLICIES)]


class PartyOut(BaseModel):
    """An employer or an insurer."""

    id: UUID
    name: str


class BudgetOut(BaseModel):
    """What of a year's budget was granted, charged and set free again; no budget and nothing left where none is set."""

    year: int
    budget: Money | None
    granted: Money
    charged: Money
    freed: Money
    left: Money | None


class PolicyOut(BaseModel):
    """A version of a policy; `policy_id` is what its versions have in common, `budget` is the insurer's to see."""

    id: UUID
    policy_id: UUID
    insurer: PartyOut
    employer: PartyOut
    kind: PolicyKind
    number: str
    valid_from: date
    valid_until: date
    ended_on: date | None
    running: bool
    percentage: int
    cap: Money | None
    yearly_budget: Money | None
    interventions: tuple[str, ...]
    confidential: bool
    rules: tuple[PercentageRule, ...]
    budget: BudgetOut | None


class PoliciesOut(Paged[PolicyOut]):
    """A page of policies, by employer and number."""


class VersionsOut(BaseModel):
    """Every version of a policy, the latest first."""

    results: list[PolicyOut]


class PoliciesQuery(PageQuery):
    """Which policies: of one employer, or only those that hold today."""

    employer_id: UUID | None = None
    running: bool = False


class EndIn(BaseModel):
    """The last day of a policy."""

    model_config = ConfigDict(extra="forbid")

    last_day: Day


@router.get("")
def policies(work: Reader, query: Annotated[PoliciesQuery, Query()]) -> PoliciesOut:
    """Return the policies that the caller may see."""
    found = list_policies(
        work.session,
        work.actor,
        employer_id=query.employer_id,
        running=query.running,
        page=query.page,
        page_size=query.page_size,
    )
    return PoliciesOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[_out(item) for item in found.items]
    )


@router.post("", status_code=201)
def registered(work: Keeper, body: NewPolicy) -> PolicyOut:
    """Register a policy; the same one again gives the one that there is."""
    return _out(register_policy(work.session, work.actor, body))


@router.get("/{policy_id}")
def policy(work: Reader, policy_id: UUID) -> PolicyOut:
    """Return one version of a policy."""
    return _out(get_policy(work.session, work.actor, policy_id))


@router.get("/{policy_id}/versions")
def versions(work: Reader, policy_id: UUID) -> VersionsOut:
    """Return every version of a policy."""
    return VersionsOut(results=[_out(item) for item in policy_versions(work.session, work.actor, policy_id)])


@router.post("/{policy_id}/versions", status_code=201)
def changed(work: Keeper, policy_id: UUID, body: Terms) -> PolicyOut:
    """Let other terms hold from a day on."""
    return _out(change_policy(work.session, work.actor, policy_id, body))


@router.post("/{policy_id}/end")
def ended(work: Keeper, policy_id: UUID, body: EndIn) -> PolicyOut:
    """Let a policy hold through a day and no longer."""
    return _out(end_policy(work.session, work.actor, policy_id, body.last_day))


def _out(view: PolicyView) -> PolicyOut:
    return PolicyOut(
        id=view.id,
        policy_id=view.line_id,
        insurer=PartyOut(id=view.insurer_id, name=view.insurer_name),
        employer=PartyOut(id=view.employer_id, name=view.employer_name),
        kind=view.kind,
        number=view.number,
        valid_from=view.valid_from,
        valid_until=view.valid_until,
        ended_on=view.ended_on,
        running=view.is_running,
        percentage=view.percentage,
        cap=money_or_none(view.cap_cents),
        yearly_budget=money_or_none(view.budget_cents),
        interventions=view.interventions,
        confidential=view.confidential,
        rules=view.rules,
        budget=_budget(view.budget) if view.budget else None,
    )


def _budget(found: PolicyBudget) -> BudgetOut:
    return BudgetOut(
        year=found.year,
        budget=money_or_none(found.budget_cents),
        granted=money(found.granted_cents),
        charged=money(found.charged_cents),
        freed=money(found.freed_cents),
        left=money_or_none(found.left_cents),
    )
