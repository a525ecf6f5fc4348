"""The budget of a policy and year (R59), counted down by what was granted; what is never charged is free again."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from billing.cofinancing.policies import line_of
from billing.tables import CofinancingRequest, CofinancingState, InsurancePolicy
from core.locks import take_turn

GRANTED = (CofinancingState.APPROVED, CofinancingState.PARTIAL)


@dataclass(frozen=True)
class PolicyBudget:
    """What of a year's budget was granted and charged; cents without VAT, and no budget where there is no limit."""

    year: int
    budget_cents: int | None
    granted_cents: int
    charged_cents: int
    freed_cents: int  # granted, and never to be charged any more

    @property
    def taken_cents(self) -> int:
        """What can no longer be granted to others."""
        return self.granted_cents - self.freed_cents

    @property
    def left_cents(self) -> int | None:
        """What can still be granted."""
        return None if self.budget_cents is None else self.budget_cents - self.taken_cents


def policy_budget(session: Session, policy: InsurancePolicy, year: int) -> PolicyBudget:
    """Return the budget of a policy in a year, as far as the reader may count: for the insurer, whole."""
    line = line_of(policy)
    is_version = or_(col(InsurancePolicy.id) == line, col(InsurancePolicy.line_id) == line)
    newest = select(InsurancePolicy.budget_cents).where(is_version)
    budget = session.exec(newest.order_by(col(InsurancePolicy.created_at).desc(), col(InsurancePolicy.id))).first()
    granted, charged, kept = session.exec(
        select(
            func.coalesce(func.sum(CofinancingRequest.decided_cents), 0),
            func.coalesce(func.sum(CofinancingRequest.charged_cents), 0),
            func.coalesce(
                func.sum(CofinancingRequest.decided_cents - CofinancingRequest.charged_cents).filter(  # type: ignore[operator]
                    col(CofinancingRequest.closed_month).is_not(None)
                ),
                0,
            ),
        )
        .join(InsurancePolicy, col(InsurancePolicy.id) == CofinancingRequest.policy_id)
        .where(is_version, CofinancingRequest.budget_year == year, col(CofinancingRequest.state).in_(GRANTED))
    ).one()
    return PolicyBudget(year, budget, int(granted or 0), int(charged or 0), int(kept or 0))


def take_budget_turn(session: Session, policy: InsurancePolicy) -> None:
    """Decide one at a time under one policy; the trigger that keeps the budget waits for the same turn."""
    take_turn(session, "billing.policy", line_of(policy))


def spent(session: Session, policy_id: UUID, year: int, cents: int) -> bool:
    """Tell whether granting `cents` would pass the budget; the caller has its turn until the transaction ends."""
    policy = session.exec(select(InsurancePolicy).where(InsurancePolicy.id == policy_id)).one()
    take_budget_turn(session, policy)
    left = policy_budget(session, policy, year).left_cents
    return left is not None and cents > left
