"""Contracts with providers over JSON: agreed, suspended, resumed and ended by the network manager."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from api.paged import Paged, PageQuery
from core.routing import Section
from core.validation import Day
from identity.guard import Work, open_side
from identity.policy import Permission
from network.contracts import (
    ContractTerms,
    ContractView,
    MissedSessions,
    add_contract,
    end_contract,
    list_contracts,
    resume_contract,
    set_missed_sessions,
    suspend_contract,
)

router = Section(tags=["providers"])
Manager = Annotated[Work, open_side(Permission.MANAGE_NETWORK)]
Reader = Annotated[Work, open_side(Permission.SEE_PROVIDER)]


class ContractOut(BaseModel):
    """A contract; both days count, and `is_running` tells whether it holds today and is not suspended."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    provider_id: UUID
    starts_on: date
    ends_on: date | None
    suspended_at: datetime | None
    own_organisation: bool
    no_show_percent: int
    cancelled_late_percent: int
    most_missed: int
    is_running: bool


class ContractsOut(Paged[ContractOut]):
    """A page of contracts, the latest first."""


class EndIn(BaseModel):
    """The last day of a contract."""

    model_config = ConfigDict(extra="forbid")

    ends_on: Day


@router.get("/providers/{provider_id}/contracts")
def contracts(work: Reader, provider_id: UUID, query: Annotated[PageQuery, Query()]) -> ContractsOut:
    """Return the contracts with a provider."""
    found = list_contracts(work.session, work.actor, provider_id, query.page, query.page_size)
    return ContractsOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[_out(view) for view in found.items]
    )


@router.post("/providers/{provider_id}/contracts", status_code=201)
def agreed(work: Manager, provider_id: UUID, body: ContractTerms) -> ContractOut:
    """Agree a contract with a provider; the same one again gives the one that there is."""
    return _out(add_contract(work.session, work.actor, provider_id, body))


@router.put("/contracts/{contract_id}/missed-sessions")
def missed_sessions(work: Manager, contract_id: UUID, body: MissedSessions) -> ContractOut:
    """Agree what a missed session costs, as a part of the price of a unit, and how many there can be."""
    return _out(set_missed_sessions(work.session, work.actor, contract_id, body))


@router.post("/contracts/{contract_id}/suspend")
def suspended(work: Manager, contract_id: UUID) -> ContractOut:
    """Hide what the provider offers and stop new referrals; those that run go on."""
    return _out(suspend_contract(work.session, work.actor, contract_id))


@router.post("/contracts/{contract_id}/resume")
def resumed(work: Manager, contract_id: UUID) -> ContractOut:
    """Take a suspension back."""
    return _out(resume_contract(work.session, work.actor, contract_id))


@router.post("/contracts/{contract_id}/end")
def ended(work: Manager, contract_id: UUID, body: EndIn) -> ContractOut:
    """Let a contract run through a day and no longer."""
    return _out(end_contract(work.session, work.actor, contract_id, body.ends_on))


def _out(view: ContractView) -> ContractOut:
    return ContractOut.model_validate(view)
