"""Contracts: by which a provider belongs to the network, from when until when, and whether it is suspended."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from sqlalchemy import func, true
from sqlmodel import Session, col, select

from core import outbox
from core.clock import now, today
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.language import _
from core.locks import take_turn
from core.paging import Page, offset
from core.validation import Day
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from network.providers_read import find_provider
from network.tables import Contract

Percent = Annotated[int, Field(ge=0, le=100)]


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract: its first and last day, and since when it is suspended."""

    id: UUID
    provider_id: UUID
    starts_on: date
    ends_on: date | None
    suspended_at: datetime | None
    own_organisation: bool
    no_show_percent: int
    cancelled_late_percent: int
    most_missed: int

    @property
    def is_running(self) -> bool:
        """Whether it holds today and is not suspended."""
        return self.suspended_at is None and self.starts_on <= today() <= (self.ends_on or date.max)


class MissedSessions(BaseModel):
    """What a provider may ask for a session to which nobody came, or that was called off too late.

    Percentages are of the price of a unit; `most_missed` is how many units of both kinds one referral can come to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    no_show_percent: Percent = 0
    cancelled_late_percent: Percent = 0
    most_missed: Annotated[int, Field(ge=0, le=100)] = 0


class ContractTerms(MissedSessions):
    """What is agreed: from which day and through which, and whether the provider is of the own group (R36)."""

    starts_on: Day
    ends_on: Day | None = None
    own_organisation: bool = Field(default=False)

    @field_validator("ends_on")
    @classmethod
    def _after_it_starts(cls, ends_on: date | None, info: ValidationInfo) -> date | None:
        starts_on = info.data.get("starts_on")
        if ends_on is not None and starts_on is not None and ends_on < starts_on:
            raise ValueError(_("Het contract eindigt voordat het begint."))
        return ends_on


def add_contract(session: Session, actor: Actor, provider_id: UUID, terms: ContractTerms) -> ContractView:
    """Agree a contract with a provider; the same one again gives the one that there is.

    Raises Conflict when it overlaps with another.
    """
    require(actor, Permission.MANAGE_NETWORK)
    find_provider(session, actor, provider_id)
    take_turn(session, "network.contract", provider_id)
    there = _overlapping(session, provider_id, terms)
    if there is not None:
        if all(getattr(there, name) == value for name, value in terms):
            return _view(there)
        raise Conflict(_("Er is al een contract voor (een deel van) deze tijd."), code="overlap", possible=("end",))
    contract = Contract(tenant_id=actor.tenant_id, provider_id=provider_id, **terms.model_dump())
    return _changed(session, actor, contract, "added")


def end_contract(session: Session, actor: Actor, contract_id: UUID, last_day: date) -> ContractView:
    """Let a contract run through `last_day` and no longer; raises Invalid when that is before it starts."""
    require(actor, Permission.MANAGE_NETWORK)
    contract = _take(session, contract_id)
    if last_day < contract.starts_on:
        sentence = _("Het contract eindigt voordat het begint.")
        raise Invalid(sentence, (FieldError("ends_on", sentence),))
    if contract.ends_on is not None and last_day > contract.ends_on:
        raise Conflict(_("Dit contract eindigt eerder. Sluit een nieuw contract."), possible=("add",))
    contract.ends_on = last_day
    return _changed(session, actor, contract, "ended")


def set_missed_sessions(session: Session, actor: Actor, contract_id: UUID, missed: MissedSessions) -> ContractView:
    """Agree what missed sessions cost; it counts for every invoice that comes from now on."""
    require(actor, Permission.MANAGE_NETWORK)
    contract = _take(session, contract_id)
    contract.sqlmodel_update(missed.model_dump())
    return _changed(session, actor, contract, "missed_sessions")


def suspend_contract(session: Session, actor: Actor, contract_id: UUID) -> ContractView:
    """Hide all that the provider offers and stop new referrals to it; those that run go on."""
    require(actor, Permission.MANAGE_NETWORK)
    contract = _take(session, contract_id)
    if contract.suspended_at is not None:
        raise Conflict(_("Dit contract is al opgeschort."), possible=("resume",))
    contract.suspended_at = now()
    return _changed(session, actor, contract, "suspended")


def resume_contract(session: Session, actor: Actor, contract_id: UUID) -> ContractView:
    """Take a suspension back."""
    require(actor, Permission.MANAGE_NETWORK)
    contract = _take(session, contract_id)
    if contract.suspended_at is None:
        raise Conflict(_("Dit contract is niet opgeschort."), possible=("suspend", "end"))
    contract.suspended_at = None
    return _changed(session, actor, contract, "resumed")


def list_contracts(session: Session, actor: Actor, provider_id: UUID, page: int, page_size: int) -> Page[ContractView]:
    """Return the contracts with a provider, the latest first."""
    require(actor, Permission.SEE_PROVIDER)
    find_provider(session, actor, provider_id)
    of_provider = col(Contract.provider_id) == provider_id
    total = session.exec(select(func.count()).select_from(Contract).where(of_provider)).one()
    latest = select(Contract).where(of_provider).order_by(col(Contract.starts_on).desc(), col(Contract.id))
    rows = session.exec(latest.limit(page_size).offset(offset(page, page_size)))
    return Page(tuple(map(_view, rows)), total, page, page_size)


def _take(session: Session, contract_id: UUID) -> Contract:
    query = select(Contract).where(Contract.id == contract_id).with_for_update()
    contract = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if contract is None:
        raise NotFound(_("Dit contract is niet gevonden."))
    return contract


def _overlapping(session: Session, provider_id: UUID, terms: ContractTerms) -> Contract | None:
    query = select(Contract).where(
        Contract.provider_id == provider_id,
        func.coalesce(col(Contract.ends_on) >= terms.starts_on, true()),
        col(Contract.starts_on) <= (terms.ends_on or date.max),
    )
    return session.exec(query.limit(1)).one_or_none()


def _changed(session: Session, actor: Actor, contract: Contract, event: str) -> ContractView:
    session.add(contract)
    record(session, actor, f"network:contract:{event}", contract.id)
    outbox.put(session, "search.index_provider", provider_id=contract.provider_id, tenant_id=contract.tenant_id)
    session.flush()
    return _view(contract)


def _view(contract: Contract) -> ContractView:
    return ContractView(
        contract.id,
        contract.provider_id,
        contract.starts_on,
        contract.ends_on,
        contract.suspended_at,
        contract.own_organisation,
        contract.no_show_percent,
        contract.cancelled_late_percent,
        contract.most_missed,
    )
