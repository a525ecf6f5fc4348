"""The network manager registers policies: a first version, other terms as another version, and an end (R57, R61).

He has the contracts of the network in hand already, and no case: whoever copies what an insurer wrote should neither
decide on it nor ask under it. A version that stands never changes, so that what was decided under it can be read back.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, or_, select

from billing.cofinancing.policies import line_of
from billing.cofinancing.policies_read import PolicyView, get_policy
from billing.cofinancing.shares import PercentageRule
from billing.tables import InsurancePolicy, PolicyKind
from core.clock import today
from core.errors import Conflict, FieldError, Invalid
from core.language import _
from core.locks import take_turn
from core.validation import Day, OneLine
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.roles import OrganisationKind
from identity.tables import Organisation
from network.taxonomy import Disclosure, interventions, unknown_code

MOST_CENTS = 1_000_000_000
MOST_RULES = 20

Code = Annotated[str, Field(max_length=8)]


class Terms(BaseModel):
    """What a policy pays, from and through which day; cents without VAT."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Annotated[OneLine, Field(max_length=40)]
    valid_from: Day
    valid_until: Day
    percentage: Annotated[int, Field(ge=1, le=100)]
    cap_cents: Annotated[int, Field(gt=0, le=MOST_CENTS)] | None = None
    budget_cents: Annotated[int, Field(ge=0, le=MOST_CENTS)] | None = None
    interventions: Annotated[tuple[Code, ...], Field(max_length=100)] = ()
    confidential: bool = True
    rules: Annotated[tuple[PercentageRule, ...], Field(max_length=MOST_RULES)] = ()


class NewPolicy(Terms):
    """Between whom, of which kind, and on what terms."""

    insurer_id: UUID
    employer_id: UUID
    kind: PolicyKind


def register_policy(session: Session, actor: Actor, new: NewPolicy) -> PolicyView:
    """Register a policy; the same one again gives the one that there is.

    Raises Invalid with every fault: an unknown insurer or employer, an intervention that is unknown or confidential,
    or a period that ends before it begins.
    """
    require(actor, Permission.KEEP_POLICIES)
    faults = [*_faults_of_parties(session, actor, new), *_faults(new)]
    if faults:
        raise Invalid(_("Kijk de gemarkeerde velden na."), faults)
    take_turn(session, "billing.policies", new.insurer_id, new.employer_id)
    same = _same(session, new)
    if same is not None:
        return get_policy(session, actor, same)
    return _written(session, actor, new, new.insurer_id, new.employer_id, new.kind, None)


def change_policy(session: Session, actor: Actor, policy_id: UUID, terms: Terms) -> PolicyView:
    """Let other terms hold from a day on, as another version; the version that runs then ends the day before.

    Raises NotFound, Invalid with every fault, and Conflict for a version that another one has followed already.
    """
    require(actor, Permission.KEEP_POLICIES)
    before = get_policy(session, actor, policy_id)
    faults = list(_faults(terms))
    if terms.valid_from <= before.valid_from:
        faults.append(FieldError("valid_from", _("Andere voorwaarden gaan later in dan de vorige.")))
    if faults:
        raise Invalid(_("Kijk de gemarkeerde velden na."), faults)
    take_turn(session, "billing.policies", before.insurer_id, before.employer_id)
    newest = session.exec(
        select(InsurancePolicy)
        .where(or_(col(InsurancePolicy.id) == before.line_id, col(InsurancePolicy.line_id) == before.line_id))
        .order_by(col(InsurancePolicy.valid_from).desc(), col(InsurancePolicy.created_at).desc())
    ).first()
    if newest is None or newest.id != policy_id:
        raise Conflict(_("Er is al een nieuwere versie van deze polis."), code="not_newest")
    last_day = terms.valid_from - timedelta(days=1)
    if newest.ended_on is None and newest.valid_until > last_day:
        _end(session, actor, newest, last_day)
    return _written(session, actor, terms, before.insurer_id, before.employer_id, before.kind, line_of(newest))


def end_policy(session: Session, actor: Actor, policy_id: UUID, last_day: Day) -> PolicyView:
    """Let a policy hold through a day and no longer; what was asked under it goes on.

    Raises NotFound, Conflict when it was ended before, and Invalid for a day that has passed or lies beyond its end.
    """
    require(actor, Permission.KEEP_POLICIES)
    known = get_policy(session, actor, policy_id)
    if known.ended_on is not None:
        raise Conflict(_("Het einde van deze polis is al vastgelegd."), code="already_ended")
    if not max(today(), known.valid_from) <= last_day <= known.valid_until:
        said = _("Kies een dag vanaf vandaag, binnen de looptijd van de polis.")
        raise Invalid(said, (FieldError("last_day", said),))
    policy = session.exec(select(InsurancePolicy).where(InsurancePolicy.id == policy_id).with_for_update()).one()
    _end(session, actor, policy, last_day)
    return get_policy(session, actor, policy_id)


def _end(session: Session, actor: Actor, policy: InsurancePolicy, last_day: Day) -> None:
    policy.ended_on, policy.ended_by = last_day, actor.account
    session.add(policy)
    session.flush()
    record(session, actor, "billing:policy:ended", policy.id)


def _written(
    session: Session,
    actor: Actor,
    terms: Terms,
    insurer_id: UUID,
    employer_id: UUID,
    kind: PolicyKind,
    line_id: UUID | None,
) -> PolicyView:
    policy = InsurancePolicy(
        tenant_id=actor.tenant_id,
        insurer_id=insurer_id,
        employer_id=employer_id,
        line_id=line_id,
        kind=kind,
        registered_by=actor.account,
        **_columns(terms),
    )
    session.add(policy)
    session.flush()
    record(session, actor, "billing:policy:registered", policy.id)
    return get_policy(session, actor, policy.id)


def _columns(terms: Terms) -> dict[str, Any]:
    return {
        **terms.model_dump(include=set(Terms.model_fields) - {"rules", "interventions"}),
        "interventions": sorted(set(terms.interventions)),
        "rules": [rule.model_dump() for rule in terms.rules],
    }


def _same(session: Session, new: NewPolicy) -> UUID | None:
    alike = {"insurer_id": new.insurer_id, "employer_id": new.employer_id, "kind": new.kind, **_columns(new)}
    rules = alike.pop("rules")
    found = session.exec(
        select(InsurancePolicy).filter_by(**alike, line_id=None).where(col(InsurancePolicy.ended_on).is_(None))
    ).all()
    return next((each.id for each in found if each.rules == rules), None)


def _faults_of_parties(session: Session, actor: Actor, new: NewPolicy) -> Iterator[FieldError]:
    for field, party_id, kind in (
        ("insurer_id", new.insurer_id, OrganisationKind.INSURER),
        ("employer_id", new.employer_id, OrganisationKind.EMPLOYER),
    ):
        known = select(Organisation.id).where(
            Organisation.id == party_id, Organisation.kind == kind, Organisation.tenant_id == actor.tenant_id
        )
        if session.exec(known).first() is None:
            yield FieldError(field, _("Kies een organisatie uit de lijst."))


def _faults(terms: Terms) -> Iterator[FieldError]:
    if terms.valid_until < terms.valid_from:
        yield FieldError("valid_until", _("Een polis eindigt niet voordat zij begint."))
    named = [(f"interventions.{nth}", code) for nth, code in enumerate(terms.interventions)]
    named += [
        (f"rules.{nth}.intervention", rule.intervention) for nth, rule in enumerate(terms.rules) if rule.intervention
    ]
    for field, code in named:
        found = interventions().get(code)
        if found is None:
            yield FieldError(field, unknown_code(code, interventions()))
        elif found.disclosure is not Disclosure.OPEN:
            yield FieldError(
                field, _("%(code)s is vertrouwelijk: een polis kan die niet apart noemen.") % {"code": code}
            )
