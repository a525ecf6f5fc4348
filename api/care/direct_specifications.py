"""Specifications of employers' own providers over JSON: sent, asked about, judged; and whom they name (R27, R55)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict

from api.money import Money, money
from api.paged import Paged, PageQuery
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.direct.connect import connect_direct, list_to_connect
from medical.direct.judge import Judgement, judge_specification
from medical.direct.named import list_named_in
from medical.direct.specifications import (
    NewSpecification,
    SpecificationLine,
    Words,
    answer_direct_question,
    direct_contracts_held,
    get_specification,
    list_specifications,
    send_specification,
)
from medical.direct_tables import DirectMessageKind, DisagreementReason, SpecificationState

router = Section(prefix="/direct-specifications", tags=["direct contracts"])
Sender = Annotated[Work, care(Permission.SEND_SPECIFICATION)]
Desk = Annotated[Work, care(Permission.JUDGE_SPECIFICATION)]
Reader = Annotated[Work, care(Permission.SEND_SPECIFICATION, Permission.JUDGE_SPECIFICATION)]
Myself = Annotated[Work, care(Permission.SEE_OWN_FILE)]


class SpecificationsQuery(PageQuery):
    """Which specifications; `waiting` leaves out what was decided."""

    waiting: bool = False


class AnswerIn(BaseModel):
    """What the provider answers."""

    model_config = ConfigDict(extra="forbid")

    words: Words


class ConnectIn(BaseModel):
    """Which organisation the provider of a contract is."""

    model_config = ConfigDict(extra="forbid")

    provider_id: UUID


class MadeOut(BaseModel):
    """A specification that was sent."""

    id: UUID


class LineOut(BaseModel):
    """A specification in a list; `due_on`: until when whoever has it acts."""

    id: UUID
    employer: str
    provider: str
    invoice_reference: str
    total: Money
    state: SpecificationState
    due_on: date | None


class MessageOut(BaseModel):
    """Something that was said."""

    at: datetime
    kind: DirectMessageKind
    words: str


class SpecificationOut(LineOut):
    """A whole specification."""

    specification: str
    employee_reference: str | None
    reason: DisagreementReason | None
    messages: list[MessageOut]


class SpecificationsOut(Paged[LineOut]):
    """A page of specifications, what is due first on top."""


class HeldOut(BaseModel):
    """A contract under which one can send."""

    contract_id: UUID
    employer: str


class CandidateOut(BaseModel):
    """An organisation with the number that the employer gave."""

    provider_id: UUID
    name: str
    city: str


class ToConnectOut(BaseModel):
    """A contract that waits to be connected."""

    contract_id: UUID
    employer: str
    provider_name: str
    kvk: str
    email: str
    candidates: list[CandidateOut]


class NamedOut(BaseModel):
    """That a provider of the own employer told the secretariat of the caller."""

    at: datetime
    provider: str
    invoice_reference: str


@router.get("")
def specifications(work: Reader, query: Annotated[SpecificationsQuery, Query()]) -> SpecificationsOut:
    """Return specifications: the own ones, or all for the secretariat."""
    found = list_specifications(
        work.session, work.actor, waiting=query.waiting, page=query.page, page_size=query.page_size
    )
    results = [LineOut(**_line(each)) for each in found.items]
    return SpecificationsOut(total=found.total, page=found.page, page_size=found.page_size, results=results)


@router.post("", status_code=201)
def send(work: Sender, body: NewSpecification) -> MadeOut:
    """Send a specification."""
    return MadeOut(id=send_specification(work.session, work.actor, body))


@router.get("/contracts")
def held(work: Sender) -> list[HeldOut]:
    """Return the contracts under which the caller can send."""
    found = direct_contracts_held(work.session, work.actor)
    return [HeldOut(contract_id=each.id, employer=each.employer_name) for each in found]


@router.get("/connections")
def to_connect(work: Desk) -> list[ToConnectOut]:
    """Return the contracts that wait to be connected."""
    return [
        ToConnectOut(
            contract_id=each.contract_id,
            employer=each.employer_name,
            provider_name=each.provider_name,
            kvk=each.kvk,
            email=each.email,
            candidates=[CandidateOut(provider_id=who.id, name=who.name, city=who.city) for who in each.candidates],
        )
        for each in list_to_connect(work.session, work.actor)
    ]


@router.put("/connections/{contract_id}", status_code=204)
def connect(work: Desk, contract_id: UUID, body: ConnectIn) -> Response:
    """Say which organisation a provider is."""
    connect_direct(work.session, work.actor, contract_id, body.provider_id)
    return Response(status_code=204)


@router.get("/naming-me")
def naming_me(work: Myself) -> list[NamedOut]:
    """Return which providers of the own employer told the secretariat of the caller."""
    found = list_named_in(work.session, work.actor)
    return [
        NamedOut(at=each.at, provider=each.provider_name, invoice_reference=each.invoice_reference) for each in found
    ]


@router.get("/{specification_id}")
def specification(work: Reader, specification_id: UUID) -> SpecificationOut:
    """Return one specification."""
    found = get_specification(work.session, work.actor, specification_id)
    return SpecificationOut(
        **_line(found.line),
        specification=found.specification,
        employee_reference=found.employee_reference,
        reason=found.reason,
        messages=[MessageOut(at=each.at, kind=each.kind, words=each.words) for each in found.messages],
    )


@router.post("/{specification_id}/answer", status_code=204)
def answer(work: Sender, specification_id: UUID, body: AnswerIn) -> Response:
    """Answer the question of the secretariat."""
    answer_direct_question(work.session, work.actor, specification_id, body.words)
    return Response(status_code=204)


@router.post("/{specification_id}/judgement", status_code=204)
def judge(work: Desk, specification_id: UUID, body: Judgement) -> Response:
    """Judge a specification; the employer hears one word."""
    judge_specification(work.session, work.actor, specification_id, body)
    return Response(status_code=204)


def _line(each: SpecificationLine) -> dict[str, object]:
    return {
        "id": each.id,
        "employer": each.employer_name,
        "provider": each.provider_name,
        "invoice_reference": each.invoice_reference,
        "total": money(each.total_cents),
        "state": each.state,
        "due_on": each.due_on,
    }
