"""Policies as they are kept: all of them for the network manager, the own ones for an insurer or a case manager."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import Select

from billing.cofinancing.policies import line_of, terms_of
from billing.cofinancing.policy_budget import PolicyBudget, policy_budget
from billing.cofinancing.shares import PercentageRule
from billing.tables import InsurancePolicy, PolicyKind
from core.clock import AMSTERDAM, today
from core.errors import NotFound
from core.language import _
from core.paging import Page, offset
from identity.actor import Actor
from identity.policy import Permission, allows, require
from identity.roles import OrganisationKind, Role
from identity.tables import Organisation

Employer, Insurer = aliased(Organisation), aliased(Organisation)
MOST_VERSIONS = 100
MOST_PARTIES = 2_000


@dataclass(frozen=True)
class PolicyView:
    """A version of a policy; cents without VAT, and a budget only for who may see it."""

    id: UUID
    line_id: UUID
    insurer_id: UUID
    insurer_name: str
    employer_id: UUID
    employer_name: str
    kind: PolicyKind
    number: str
    valid_from: date
    valid_until: date
    percentage: int
    cap_cents: int | None
    budget_cents: int | None
    interventions: tuple[str, ...]
    confidential: bool
    rules: tuple[PercentageRule, ...]
    ended_on: date | None
    registered_on: date
    budget: PolicyBudget | None = None

    @property
    def last_day(self) -> date:
        """The last day on which it holds."""
        return self.valid_until if self.ended_on is None else min(self.valid_until, self.ended_on)

    @property
    def is_running(self) -> bool:
        """Tell whether it holds today."""
        return self.valid_from <= today() <= self.last_day


@dataclass(frozen=True)
class Party:
    """An employer or an insurer by name."""

    id: UUID
    name: str


def list_policies(
    session: Session,
    actor: Actor,
    *,
    employer_id: UUID | None = None,
    running: bool = False,
    page: int = 1,
    page_size: int = 50,
) -> Page[PolicyView]:
    """Return the policies that the actor may see, by employer and number, all versions or those that hold today."""
    require(actor, Permission.SEE_POLICIES)
    found = _policies(actor)
    if employer_id is not None:
        found = found.where(InsurancePolicy.employer_id == employer_id)
    if running:
        found = found.where(
            InsurancePolicy.valid_from <= today(),
            InsurancePolicy.valid_until >= today(),
            or_(col(InsurancePolicy.ended_on).is_(None), col(InsurancePolicy.ended_on) >= today()),
        )
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    rows = session.exec(
        found.order_by(
            col(Employer.name),
            col(InsurancePolicy.number),
            col(InsurancePolicy.valid_from).desc(),
            col(InsurancePolicy.id),
        )
        .limit(page_size)
        .offset(offset(page, page_size))
    ).all()
    return Page(tuple(_view(session, actor, *row) for row in rows), total, page, page_size)


def get_policy(session: Session, actor: Actor, policy_id: UUID) -> PolicyView:
    """Return one version; raises NotFound for one that is not the actor's to see."""
    require(actor, Permission.SEE_POLICIES)
    row = session.exec(_policies(actor).where(InsurancePolicy.id == policy_id)).first()
    if row is None:
        raise NotFound(_("Niet gevonden."))
    return _view(session, actor, *row)


def policy_versions(session: Session, actor: Actor, policy_id: UUID) -> Sequence[PolicyView]:
    """Return all versions of a policy, the latest first; what was decided under one can be read back."""
    line = get_policy(session, actor, policy_id).line_id
    rows = session.exec(
        _policies(actor)
        .where(or_(col(InsurancePolicy.id) == line, col(InsurancePolicy.line_id) == line))
        .order_by(col(InsurancePolicy.valid_from).desc(), col(InsurancePolicy.created_at).desc())
        .limit(MOST_VERSIONS)
    ).all()
    return [_view(session, actor, *row) for row in rows]


def policy_parties(session: Session, actor: Actor, kind: OrganisationKind) -> tuple[Party, ...]:
    """Return the employers or insurers of the arbodienst by name, for whoever registers a policy."""
    require(actor, Permission.KEEP_POLICIES)
    found = select(Organisation.id, Organisation.name).where(
        Organisation.tenant_id == actor.tenant_id, Organisation.kind == kind
    )
    rows = session.exec(found.order_by(col(Organisation.name), col(Organisation.id)).limit(MOST_PARTIES))
    return tuple(Party(*row) for row in rows)


def _policies(actor: Actor) -> Select[InsurancePolicy, str, str]:
    """Row-level security leaves what the actor may see; for the insurer it is said once more."""
    found = (
        select(InsurancePolicy, Employer.name, Insurer.name)
        .join(Employer, col(Employer.id) == InsurancePolicy.employer_id)
        .join(Insurer, col(Insurer.id) == InsurancePolicy.insurer_id)
        .where(InsurancePolicy.tenant_id == actor.tenant_id)
    )
    return found.where(InsurancePolicy.insurer_id == actor.organisation_id) if actor.role is Role.INSURER else found


def _view(session: Session, actor: Actor, policy: InsurancePolicy, employer_name: str, insurer_name: str) -> PolicyView:
    terms = terms_of(policy)
    counts = allows(actor.role, Permission.SEE_POLICY_BUDGET)
    return PolicyView(
        id=policy.id,
        line_id=line_of(policy),
        insurer_id=policy.insurer_id,
        insurer_name=insurer_name,
        employer_id=policy.employer_id,
        employer_name=employer_name,
        kind=policy.kind,
        number=policy.number,
        valid_from=policy.valid_from,
        valid_until=policy.valid_until,
        percentage=policy.percentage,
        cap_cents=policy.cap_cents,
        budget_cents=policy.budget_cents,
        interventions=terms.interventions,
        confidential=policy.confidential,
        rules=terms.rules,
        ended_on=policy.ended_on,
        registered_on=policy.created_at.astimezone(AMSTERDAM).date(),
        budget=policy_budget(session, policy, today().year) if counts else None,
    )
