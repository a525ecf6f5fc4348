"""The employer says up to how much per case and per year nobody has to ask him; what he said before is kept (R56)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from billing.budget_tables import BudgetMandate
from billing.charging.costs import cost_overview
from core.clock import AMSTERDAM, today
from core.errors import FieldError, Invalid
from core.language import _
from core.validation import Day
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require

MOST_CENTS = 1_000_000_000
MOST_SHOWN = 50
Limit = Annotated[int, Field(ge=0, le=MOST_CENTS)]


class NewBudget(BaseModel):
    """Limits in cents without VAT, from a day on; none means no limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_case_cents: Limit | None = None
    per_year_cents: Limit | None = None
    valid_from: Day


@dataclass(frozen=True)
class BudgetView:
    """What an employer said, and when."""

    id: UUID
    per_case_cents: int | None
    per_year_cents: int | None
    valid_from: date
    said_on: date


@dataclass(frozen=True)
class BudgetLeft:
    """What is left of this year's budget at most, as far as the employer's own cost overview shows what was charged.

    `hides` tells that something is suppressed there. Then less is left than `left_cents`, and how much less is exactly
    what the overview hides. What is committed and not charged yet is not in it either: it would tell of single cases.
    """

    year: int
    budget_cents: int | None
    charged_cents: int
    hides: bool

    @property
    def left_cents(self) -> int | None:
        """What is left at most."""
        return None if self.budget_cents is None else self.budget_cents - self.charged_cents


def set_budget(session: Session, actor: Actor, new: NewBudget) -> BudgetView:
    """Let other limits hold from a day on; raises Invalid for a day that has passed."""
    require(actor, Permission.KEEP_BUDGET)
    if new.valid_from < today():
        said = _("Kies vandaag of een latere dag.")
        raise Invalid(said, (FieldError("valid_from", said),))
    if actor.organisation_id is None:
        raise ValueError("an employer acts for an organisation")
    mandate = BudgetMandate(
        tenant_id=actor.tenant_id, employer_id=actor.organisation_id, set_by=actor.account, **new.model_dump()
    )
    session.add(mandate)
    session.flush()
    record(session, actor, "billing:budget:set", mandate.id)
    return _view(mandate)


def budget_history(session: Session, actor: Actor) -> Sequence[BudgetView]:
    """Return everything that the actor's organisation said about its budget, the latest first."""
    require(actor, Permission.KEEP_BUDGET)
    found = select(BudgetMandate).where(BudgetMandate.employer_id == actor.organisation_id)
    newest = found.order_by(col(BudgetMandate.valid_from).desc(), col(BudgetMandate.created_at).desc())
    return [_view(each) for each in session.exec(newest.limit(MOST_SHOWN))]


def budget_in_force(session: Session, employer_id: UUID, on: date) -> BudgetMandate | None:
    """Return what an employer said about his budget that holds on a day, or None when he said nothing."""
    return session.exec(
        select(BudgetMandate)
        .where(BudgetMandate.employer_id == employer_id, BudgetMandate.valid_from <= on)
        .order_by(col(BudgetMandate.valid_from).desc(), col(BudgetMandate.created_at).desc())
    ).first()


def budget_left(session: Session, actor: Actor) -> BudgetLeft:
    """Return what is left of this year's budget, from nothing but what the employer's cost overview shows (R47)."""
    require(actor, Permission.KEEP_BUDGET)
    day = today()
    said = budget_in_force(session, actor.organisation_id, day) if actor.organisation_id else None
    costs = cost_overview(session, actor, date(day.year, 1, 1), day)
    figures = [
        each.employer
        for month in costs.months
        for each in (*(cost.cost for cost in month.open_types), month.confidential)
    ]
    return BudgetLeft(
        year=day.year,
        budget_cents=said.per_year_cents if said else None,
        charged_cents=sum(figure.cents or 0 for figure in figures),
        hides=any(figure.is_suppressed for figure in figures),
    )


def _view(mandate: BudgetMandate) -> BudgetView:
    return BudgetView(
        id=mandate.id,
        per_case_cents=mandate.per_case_cents,
        per_year_cents=mandate.per_year_cents,
        valid_from=mandate.valid_from,
        said_on=mandate.created_at.astimezone(AMSTERDAM).date(),
    )
