"""Providers that an employer contracts itself: registered by the employer, who hears of a specification one word (R55).

Whether such a provider is in the network of the arbodienst as well is not said, asked or looked up here: the link to
its organisation stands on the other side of the wall, where the employer's door does not lead.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from billing.direct_tables import DirectAnswer, DirectContract, DirectOutcome
from core.clock import now
from core.errors import Conflict, NotFound
from core.language import _
from core.locks import take_turn
from core.paging import Page, offset
from core.validation import OneLine
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from network.numbers import Kvk

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
MOST_CONTRACTS = 200


def _email(text: str) -> str:
    if EMAIL.fullmatch(text) is None:
        raise ValueError(_("Een e-mailadres ziet eruit als naam@voorbeeld.nl."))
    return text


class NewDirectContract(BaseModel):
    """A provider as the employer knows it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider_name: Annotated[OneLine, Field(max_length=200)]
    kvk: Kvk
    email: Annotated[OneLine, Field(max_length=254), AfterValidator(_email)]


@dataclass(frozen=True)
class DirectContractView:
    """A direct contract as its employer sees it; `connected_on`: since when the provider can send specifications."""

    id: UUID
    provider_name: str
    kvk: str
    email: str
    connected_on: date | None
    ended: bool


@dataclass(frozen=True)
class DirectAnswerView:
    """What the employer hears of an invoice of a provider of its own."""

    id: UUID
    contract_id: UUID
    provider_name: str
    invoice_reference: str
    total_cents: int
    outcome: DirectOutcome
    answered_on: date


def register_direct(session: Session, actor: Actor, new: NewDirectContract) -> DirectContractView:
    """Register a provider that the employer contracts itself; raises Conflict for one registered already."""
    require(actor, Permission.KEEP_DIRECT_CONTRACTS)
    take_turn(session, "billing.direct", actor.organisation_id)
    mine = _own(actor).where(col(DirectContract.ended_at).is_(None))
    there = session.exec(mine).all()
    if any(each.kvk == new.kvk for each in there):
        raise Conflict(_("U hebt deze provider al aangemeld."), code="double")
    if len(there) >= MOST_CONTRACTS:
        raise Conflict(_("U hebt te veel providers aangemeld. Beëindig er eerst een."), code="too_many")
    contract = DirectContract(
        tenant_id=actor.tenant_id, employer_id=actor.organisation_id, registered_by=actor.account, **new.model_dump()
    )
    session.add(contract)
    session.flush()
    record(session, actor, "billing:direct_contract:registered", contract.id)
    return _view(contract)


def end_direct(session: Session, actor: Actor, contract_id: UUID) -> None:
    """End a contract: its provider sends no more specifications. Raises NotFound for another's, or one that ended."""
    require(actor, Permission.KEEP_DIRECT_CONTRACTS)
    wanted = _own(actor).where(DirectContract.id == contract_id, col(DirectContract.ended_at).is_(None))
    contract = session.exec(wanted.with_for_update()).one_or_none()
    if contract is None:
        raise NotFound(_("Niet gevonden."))
    contract.ended_at = now()
    session.add(contract)
    session.flush()
    record(session, actor, "billing:direct_contract:ended", contract.id)


def list_direct(session: Session, actor: Actor) -> tuple[DirectContractView, ...]:
    """Return the employer's own contracts, those that hold first, by name."""
    require(actor, Permission.KEEP_DIRECT_CONTRACTS)
    newest = _own(actor).order_by(col(DirectContract.ended_at).desc().nulls_first(), col(DirectContract.provider_name))
    return tuple(_view(each) for each in session.exec(newest.limit(2 * MOST_CONTRACTS)))


def list_direct_answers(session: Session, actor: Actor, page: int = 1, page_size: int = 50) -> Page[DirectAnswerView]:
    """Return what the employer heard, the latest first: a number, a total and one of three words (R55)."""
    require(actor, Permission.KEEP_DIRECT_CONTRACTS)
    found = (
        select(DirectAnswer, DirectContract.provider_name)
        .join(DirectContract, col(DirectContract.id) == DirectAnswer.contract_id)
        .where(DirectAnswer.employer_id == actor.organisation_id)
    )
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    latest = found.order_by(col(DirectAnswer.created_at).desc(), col(DirectAnswer.id))
    rows = session.exec(latest.limit(page_size).offset(offset(page, page_size))).all()
    return Page(tuple(_heard(answer, name) for answer, name in rows), total, page, page_size)


def _own(actor: Actor) -> SelectOfScalar[DirectContract]:
    return select(DirectContract).where(DirectContract.employer_id == actor.organisation_id)


def _view(contract: DirectContract) -> DirectContractView:
    return DirectContractView(
        id=contract.id,
        provider_name=contract.provider_name,
        kvk=contract.kvk,
        email=contract.email,
        connected_on=contract.connected_on,
        ended=contract.ended_at is not None,
    )


def _heard(answer: DirectAnswer, name: str) -> DirectAnswerView:
    return DirectAnswerView(
        id=answer.id,
        contract_id=answer.contract_id,
        provider_name=name,
        invoice_reference=answer.invoice_reference,
        total_cents=answer.total_cents,
        outcome=answer.outcome,
        answered_on=answer.answered_on,
    )
