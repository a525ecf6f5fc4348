"""Which insurers share in a cost, in which order they are asked, and for how much each (R57, R61, rules 5.1)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, or_, select

from billing.cofinancing.shares import PercentageRule, PolicyTerms
from billing.tables import InsurancePolicy, PolicyKind
from identity.tables import Organisation

MOST_POLICIES = 50


class Hindrance(StrEnum):
    """Why a policy that covers the day is not asked."""

    NOT_COVERED = "not_covered"  # this intervention does not fall under it
    ASKED_BEFORE = "asked_before"  # its insurer has decided on this intervention, or decides now
    NOTHING_LEFT = "nothing_left"  # others pay the whole price


@dataclass(frozen=True)
class Wanted:
    """For what is asked: cents without VAT; `intervention` is None for a confidential one.

    Then only rules that name no intervention count, so that the percentage tells nothing of its kind (R58).
    """

    employer_id: UUID
    intervention: str | None
    week: int
    price_cents: int
    granted_cents: int = 0
    """What other insurers granted of the price."""

    @property
    def left_cents(self) -> int:
        """What is not paid for yet."""
        return max(self.price_cents - self.granted_cents, 0)


@dataclass(frozen=True)
class Proposal:
    """One policy: whether it is worth asking, for how much at most, and why; cents without VAT."""

    policy_id: UUID
    insurer_id: UUID
    insurer_name: str
    number: str
    kind: PolicyKind
    percentage: int
    rule: PercentageRule | None  # the exception that sets the percentage
    cap_cents: int | None
    requested_cents: int
    hindrance: Hindrance | None

    @property
    def is_capped(self) -> bool:
        """Tell whether it is the cap of the policy that sets the amount."""
        return self.cap_cents is not None and self.requested_cents == self.cap_cents


def terms_of(policy: InsurancePolicy) -> PolicyTerms:
    """Return what a policy pays, with its rules read from their data."""
    return PolicyTerms(
        percentage=policy.percentage,
        cap_cents=policy.cap_cents,
        rules=tuple(PercentageRule.model_validate(rule) for rule in policy.rules),
        interventions=tuple(policy.interventions),
        confidential=policy.confidential,
    )


def policies_covering(session: Session, employer_id: UUID, on: date) -> list[InsurancePolicy]:
    """Return the policies of an employer that cover a day, the longest running first."""
    covering = (
        select(InsurancePolicy)
        .where(InsurancePolicy.employer_id == employer_id)
        .where(InsurancePolicy.valid_from <= on, InsurancePolicy.valid_until >= on)
        .where(or_(col(InsurancePolicy.ended_on).is_(None), col(InsurancePolicy.ended_on) >= on))
        .order_by(col(InsurancePolicy.valid_from), col(InsurancePolicy.number), col(InsurancePolicy.id))
    )
    return list(session.exec(covering.limit(MOST_POLICIES)))


def proposals(session: Session, wanted: Wanted, on: date, asked: Collection[UUID] = ()) -> list[Proposal]:
    """Return every policy that covers the day, in the order in which to ask.

    First those that pay, the highest amount first; a health insurance comes last and pays of what the others leave
    (rules 5.1). `asked` are the policies, by their line, that were asked for this intervention before. How much of a
    policy's budget is left is not in it: that is the insurer's, and a sum over other people's cases.
    """
    policies = policies_covering(session, wanted.employer_id, on)
    names = _names(session, {policy.insurer_id for policy in policies})
    found = [_proposal(policy, wanted, names[policy.insurer_id], asked) for policy in policies]
    return sorted(
        found, key=lambda each: (each.hindrance is not None, each.kind is PolicyKind.HEALTH, -each.requested_cents)
    )


def best_proposal(session: Session, wanted: Wanted, on: date) -> Proposal | None:
    """Return whom to ask first, or None when no policy pays anything."""
    first = next(iter(proposals(session, wanted, on)), None)
    return first if first and first.hindrance is None else None


def line_of(policy: InsurancePolicy) -> UUID:
    """Return what the versions of one policy have in common: the id of the first."""
    return policy.line_id or policy.id


def _proposal(policy: InsurancePolicy, wanted: Wanted, insurer_name: str, asked: Collection[UUID]) -> Proposal:
    terms = terms_of(policy)
    percentage = terms.percentage_for(wanted.intervention, wanted.week)
    of_cents = wanted.left_cents if policy.kind is PolicyKind.HEALTH else wanted.price_cents
    cents = min(terms.most_cents(of_cents, wanted.intervention, wanted.week), wanted.left_cents)
    rule = next((rule for rule in terms.rules if rule.applies(wanted.intervention, wanted.week)), None)
    hindrance = None
    if line_of(policy) in asked:
        hindrance = Hindrance.ASKED_BEFORE
    elif percentage == 0 or not terms.most_cents(wanted.price_cents, wanted.intervention, wanted.week):
        hindrance = Hindrance.NOT_COVERED
    elif cents == 0:
        hindrance = Hindrance.NOTHING_LEFT
    return Proposal(
        policy_id=policy.id,
        insurer_id=policy.insurer_id,
        insurer_name=insurer_name,
        number=policy.number,
        kind=policy.kind,
        percentage=percentage,
        rule=rule if terms.covers(wanted.intervention) else None,
        cap_cents=policy.cap_cents,
        requested_cents=0 if hindrance else cents,
        hindrance=hindrance,
    )


def _names(session: Session, insurers: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of insurers; on the medical side, where no name is needed, some may not be there to read."""
    found = session.exec(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(insurers)))
    return dict.fromkeys(insurers, "") | dict(found.all())
