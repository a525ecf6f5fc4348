"""Connecting a provider that an employer registered to the organisation that it is, so that it can send (R55)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from billing.direct_tables import DirectContract
from core.clock import AMSTERDAM, today
from core.errors import Conflict, NotFound
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.roles import OrganisationKind
from identity.tables import Organisation
from medical.direct_tables import DirectLink
from network.tables import OrganisationProfile

MOST_WAITING = 100


@dataclass(frozen=True)
class Candidate:
    """An organisation with the number of the trade register that the employer gave."""

    id: UUID
    name: str
    city: str


@dataclass(frozen=True)
class ToConnect:
    """A contract that waits: what the employer wrote, and who it may be."""

    contract_id: UUID
    employer_name: str
    provider_name: str
    kvk: str
    email: str
    registered_on: date
    candidates: tuple[Candidate, ...]


def list_to_connect(session: Session, actor: Actor) -> tuple[ToConnect, ...]:
    """Return the contracts that wait to be connected, the oldest first."""
    require(actor, Permission.JUDGE_SPECIFICATION)
    record(session, actor, "medical:direct_contract:listed", actor.tenant_id)
    waiting = (
        select(DirectContract, Organisation.name)
        .join(Organisation, col(Organisation.id) == DirectContract.employer_id)
        .where(col(DirectContract.connected_on).is_(None), col(DirectContract.ended_at).is_(None))
        .order_by(col(DirectContract.created_at), col(DirectContract.id))
        .limit(MOST_WAITING)
    )
    rows = session.exec(waiting).all()
    known = _by_number(session, {contract.kvk for contract, _name in rows})
    return tuple(
        ToConnect(
            contract_id=contract.id,
            employer_name=name,
            provider_name=contract.provider_name,
            kvk=contract.kvk,
            email=contract.email,
            registered_on=contract.created_at.astimezone(AMSTERDAM).date(),
            candidates=known.get(contract.kvk, ()),
        )
        for contract, name in rows
    )


def connect_direct(session: Session, actor: Actor, contract_id: UUID, provider_id: UUID) -> UUID:
    """Say which organisation a provider is; it can send specifications from now on. This is not taken back.

    Raises NotFound for a contract that does not wait, and Conflict for an organisation with another number.
    """
    require(actor, Permission.JUDGE_SPECIFICATION)
    waiting = select(DirectContract).where(
        DirectContract.id == contract_id,
        col(DirectContract.connected_on).is_(None),
        col(DirectContract.ended_at).is_(None),
    )
    contract = session.exec(waiting.with_for_update()).one_or_none()
    if contract is None:
        raise NotFound(_("Dit contract is niet gevonden, of het is al gekoppeld."))
    if provider_id not in {each.id for each in _by_number(session, {contract.kvk}).get(contract.kvk, ())}:
        raise Conflict(_("Deze organisatie heeft een ander KvK-nummer."), code="another_number")
    link = DirectLink(
        tenant_id=actor.tenant_id, contract_id=contract.id, provider_id=provider_id, connected_by=actor.account
    )
    contract.connected_on = today()
    session.add_all([link, contract])
    session.flush()
    record(session, actor, "medical:direct_contract:connected", contract.id)
    return contract.id


def _by_number(session: Session, numbers: set[str]) -> dict[str, tuple[Candidate, ...]]:
    found = (
        select(OrganisationProfile.kvk, Organisation.id, Organisation.name, OrganisationProfile.city)
        .join(Organisation, col(Organisation.id) == OrganisationProfile.organisation_id)
        .where(Organisation.kind == OrganisationKind.PROVIDER, col(OrganisationProfile.kvk).in_(numbers))
        .order_by(col(Organisation.name), col(Organisation.id))
    )
    known: dict[str, tuple[Candidate, ...]] = {}
    for kvk, organisation_id, name, city in session.exec(found):
        known[kvk or ""] = (*known.get(kvk or "", ()), Candidate(organisation_id, name, city))
    return known
