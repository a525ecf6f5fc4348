"""Which insurer shares in a cost: the policies of an employer, and the one that pays most (R57, R61)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from billing.shares import PercentageRule, PolicyTerms
from billing.tables import InsurancePolicy

MOST_POLICIES = 50


@dataclass(frozen=True)
class Proposal:
    """To whom to apply, and for how much at most; cents without VAT."""

    policy_id: UUID
    insurer_id: UUID
    percentage: int
    requested_cents: int


def terms_of(policy: InsurancePolicy) -> PolicyTerms:
    """Return what a policy pays, with its rules read from their data."""
    return PolicyTerms(
        percentage=policy.percentage,
        cap_cents=policy.cap_cents,
        rules=tuple(PercentageRule.model_validate(rule) for rule in policy.rules),
    )


def policies_covering(session: Session, employer_id: UUID, on: date) -> list[InsurancePolicy]:
    """Return the policies of an employer that cover a day, the longest running first."""
    covering = (
        select(InsurancePolicy)
        .where(InsurancePolicy.employer_id == employer_id)
        .where(InsurancePolicy.valid_from <= on, InsurancePolicy.valid_until >= on)
        .order_by(col(InsurancePolicy.valid_from), col(InsurancePolicy.number), col(InsurancePolicy.id))
    )
    return list(session.exec(covering.limit(MOST_POLICIES)))


def best_proposal(
    session: Session, employer_id: UUID, on: date, *, intervention: str | None, week: int, price_cents: int
) -> Proposal | None:
    """Return the policy that pays most of `price_cents`, or None when no policy pays anything.

    `intervention` is None for a confidential one: then only rules that name no intervention count, so that the
    percentage tells nothing of its kind (R58).
    """
    best: Proposal | None = None
    for policy in policies_covering(session, employer_id, on):
        terms = terms_of(policy)
        cents = terms.most_cents(price_cents, intervention, week)
        if cents > (best.requested_cents if best else 0):
            best = Proposal(policy.id, policy.insurer_id, terms.percentage_for(intervention, week), cents)
    return best
