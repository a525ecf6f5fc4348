"""Providers that an employer contracts itself, over JSON: registering them, and what it hears of an invoice (R55)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel

from api.money import Money, money
from api.paged import Paged, PageQuery
from billing.direct.contracts import (
    DirectAnswerView,
    DirectContractView,
    NewDirectContract,
    end_direct,
    list_direct,
    list_direct_answers,
    register_direct,
)
from billing.direct_tables import DirectOutcome
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission

router = Section(prefix="/direct-contracts", tags=["direct contracts"])
Employer = Annotated[Work, open_side(Permission.KEEP_DIRECT_CONTRACTS)]


class ContractOut(BaseModel):
    """A contract; `connected_on`: since when its provider can send specifications."""

    id: UUID
    provider_name: str
    kvk: str
    email: str
    connected_on: date | None
    ended: bool


class AnswerOut(BaseModel):
    """What was heard of an invoice: agreed, not_agreed or question."""

    id: UUID
    contract_id: UUID
    provider_name: str
    invoice_reference: str
    total: Money
    outcome: DirectOutcome
    answered_on: date


class AnswersOut(Paged[AnswerOut]):
    """A page of answers, the latest first."""


@router.get("")
def contracts(work: Employer) -> list[ContractOut]:
    """Return the own contracts."""
    return [_contract(each) for each in list_direct(work.session, work.actor)]


@router.post("", status_code=201)
def register(work: Employer, body: NewDirectContract) -> ContractOut:
    """Register a provider."""
    return _contract(register_direct(work.session, work.actor, body))


@router.get("/answers")
def answers(work: Employer, query: Annotated[PageQuery, Query()]) -> AnswersOut:
    """Return what was heard."""
    found = list_direct_answers(work.session, work.actor, query.page, query.page_size)
    results = [_answer(each) for each in found.items]
    return AnswersOut(total=found.total, page=found.page, page_size=found.page_size, results=results)


@router.delete("/{contract_id}", status_code=204)
def end(work: Employer, contract_id: UUID) -> Response:
    """End a contract."""
    end_direct(work.session, work.actor, contract_id)
    return Response(status_code=204)


def _contract(each: DirectContractView) -> ContractOut:
    return ContractOut(
        id=each.id,
        provider_name=each.provider_name,
        kvk=each.kvk,
        email=each.email,
        connected_on=each.connected_on,
        ended=each.ended,
    )


def _answer(each: DirectAnswerView) -> AnswerOut:
    return AnswerOut(
        id=each.id,
        contract_id=each.contract_id,
        provider_name=each.provider_name,
        invoice_reference=each.invoice_reference,
        total=money(each.total_cents),
        outcome=each.outcome,
        answered_on=each.answered_on,
    )
