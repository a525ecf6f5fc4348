"""Specifications of providers under contract with an employer: sent to the secretariat, and read by these two (R55)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from billing.direct.reference import CleanReference
from billing.direct_tables import DirectContract
from core import outbox
from core.clock import now, today
from core.errors import Conflict, NotFound
from core.language import _
from core.locks import take_turn
from core.paging import Page, offset
from core.validation import OneLine, Prose
from core.working_days import add_working_days
from identity.actor import Actor
from identity.audit import record, record_list
from identity.policy import Permission, allows, require
from identity.tables import Organisation
from medical.direct_tables import (
    DirectLink,
    DirectMessage,
    DirectMessageKind,
    DirectNaming,
    DirectSpecification,
    DisagreementReason,
    SpecificationState,
)
from network.settings import arbodienst_settings

TASK = "medical.name_employee"
WAITING = (SpecificationState.SENT, SpecificationState.QUESTION)
Words = Annotated[Prose, Field(max_length=2_000)]


class NewSpecification(BaseModel):
    """What a provider sends: his own invoice by number and total with VAT, and what stands behind it.

    Of all this the employer gets the number and the total, and nothing else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    contract_id: UUID
    invoice_reference: CleanReference
    total_cents: Annotated[int, Field(gt=0, le=100_000_000)]
    employee_reference: Annotated[OneLine, Field(max_length=40)] | None = None
    specification: Annotated[Prose, Field(max_length=10_000)]


@dataclass(frozen=True)
class ContractHeld:
    """A contract under which the provider can send specifications."""

    id: UUID
    employer_name: str


@dataclass(frozen=True)
class SpecificationLine:
    """A specification in a list; cents with VAT."""

    id: UUID
    employer_name: str
    provider_name: str
    invoice_reference: str
    total_cents: int
    state: SpecificationState
    since: datetime
    due_on: date | None


@dataclass(frozen=True)
class MessageView:
    """Something that was said about a specification."""

    at: datetime
    kind: DirectMessageKind
    words: str


@dataclass(frozen=True)
class SpecificationView:
    """A whole specification, for its provider and the secretariat; `is_named` tells the secretariat who it is about."""

    line: SpecificationLine
    specification: str
    employee_reference: str | None
    reason: DisagreementReason | None
    messages: tuple[MessageView, ...]
    is_named: bool


def direct_contracts_held(session: Session, actor: Actor) -> tuple[ContractHeld, ...]:
    """Return the contracts of the actor's organisation that hold, by the name of the employer."""
    require(actor, Permission.SEND_SPECIFICATION)
    record(session, actor, "medical:direct_contract:listed", actor.organisation_id)
    found = (
        select(DirectContract.id, Organisation.name)
        .join(DirectLink, col(DirectLink.contract_id) == DirectContract.id)
        .outerjoin(Organisation, col(Organisation.id) == DirectContract.employer_id)
        .where(DirectLink.provider_id == actor.organisation_id, col(DirectContract.ended_at).is_(None))
        .order_by(col(Organisation.name))
    )
    return tuple(ContractHeld(contract_id, name or "") for contract_id, name in session.exec(found))


def send_specification(session: Session, actor: Actor, new: NewSpecification) -> UUID:
    """Send a specification to the secretariat, which has a term to judge it.

    Raises NotFound for a contract that is not the actor's or has ended, Conflict for an invoice that was sent before.
    The employee that it names is looked up by a job afterwards: the answer is the same whether he is known here or not.
    """
    require(actor, Permission.SEND_SPECIFICATION)
    take_turn(session, "medical.direct", new.contract_id)
    held = select(DirectContract).join(DirectLink, col(DirectLink.contract_id) == DirectContract.id)
    mine = held.where(DirectLink.provider_id == actor.organisation_id, col(DirectContract.ended_at).is_(None))
    contract = session.exec(mine.where(DirectContract.id == new.contract_id)).one_or_none()
    if contract is None:
        raise NotFound(_("Dit contract is niet gevonden, of het is beëindigd."))
    same = select(DirectSpecification.id).where(
        DirectSpecification.contract_id == contract.id, DirectSpecification.invoice_reference == new.invoice_reference
    )
    if session.exec(same).first() is not None:
        raise Conflict(_("U hebt deze factuur al gespecificeerd."), code="double")
    specification = DirectSpecification(
        tenant_id=actor.tenant_id,
        employer_id=contract.employer_id,
        provider_id=actor.organisation_id,
        provider_name=contract.provider_name,
        due_on=_secretariat_term(session, actor),
        sent_by=actor.account,
        **new.model_dump(),
    )
    session.add(specification)
    session.flush()
    record(session, actor, "medical:specification:sent", specification.id)
    outbox.put(session, TASK, specification_id=specification.id, tenant_id=actor.tenant_id)
    return specification.id


def answer_direct_question(session: Session, actor: Actor, specification_id: UUID, words: str) -> UUID:
    """Answer the secretariat's question, which then has a new term; raises Conflict when none was asked."""
    require(actor, Permission.SEND_SPECIFICATION)
    specification = find_specification(session, actor, specification_id, lock=True)
    if specification.state is not SpecificationState.QUESTION:
        raise Conflict(_("Er staat geen vraag open."), code="no_question")
    due_on = _secretariat_term(session, actor)
    session.add(message_of(specification, actor, DirectMessageKind.ANSWER, words))
    specification.state, specification.state_since, specification.due_on = SpecificationState.SENT, now(), due_on
    session.add(specification)
    session.flush()
    record(session, actor, "medical:specification:answered", specification.id)
    return specification.id


def list_specifications(
    session: Session, actor: Actor, *, waiting: bool = False, page: int = 1, page_size: int = 50
) -> Page[SpecificationLine]:
    """Return specifications: those of the own organisation, or all for the secretariat; what is due first on top."""
    _require_reader(actor)
    found = _visible(actor)
    if waiting:
        found = found.where(col(DirectSpecification.state).in_(WAITING))
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    ordered = found.order_by(col(DirectSpecification.due_on).nulls_last(), col(DirectSpecification.created_at).desc())
    rows = session.exec(ordered.limit(page_size).offset(offset(page, page_size))).all()
    named = select(DirectNaming.employee_id).where(col(DirectNaming.specification_id).in_([row.id for row in rows]))
    record_list(
        session, actor, "medical:specification:listed", session.exec(named).all() if rows else (), actor.organisation_id
    )
    return Page(tuple(_lines(session, list(rows))), total, page, page_size)


def get_specification(session: Session, actor: Actor, specification_id: UUID) -> SpecificationView:
    """Return one specification with what was said about it; raises NotFound for another's."""
    _require_reader(actor)
    row = find_specification(session, actor, specification_id)
    naming = session.exec(select(DirectNaming).where(DirectNaming.specification_id == row.id)).one_or_none()
    about = naming.employee_id if naming else None
    record(session, actor, "medical:specification:read", row.id, data_subject_id=about)
    said = select(DirectMessage).where(DirectMessage.specification_id == row.id)
    messages = session.exec(said.order_by(col(DirectMessage.created_at), col(DirectMessage.id))).all()
    return SpecificationView(
        line=_lines(session, [row])[0],
        specification=row.specification,
        employee_reference=row.employee_reference,
        reason=row.reason,
        messages=tuple(MessageView(each.created_at, each.kind, each.words) for each in messages),
        is_named=naming is not None and allows(actor.role, Permission.JUDGE_SPECIFICATION),
    )


def count_specifications(session: Session, actor: Actor) -> int:
    """Return how many specifications wait for the actor: to be judged, or with a question."""
    _require_reader(actor)
    desk = allows(actor.role, Permission.JUDGE_SPECIFICATION)
    state = SpecificationState.SENT if desk else SpecificationState.QUESTION
    waiting = _visible(actor).where(DirectSpecification.state == state)
    return session.exec(select(func.count()).select_from(waiting.subquery())).one()


def find_specification(
    session: Session, reader: Actor, specification_id: UUID, *, lock: bool = False
) -> DirectSpecification:
    """Return the row of a specification that a reader may see; what it is read for, its use case records."""
    found = _visible(reader).where(DirectSpecification.id == specification_id)
    row = session.exec(found.with_for_update() if lock else found).one_or_none()
    if row is None:
        raise NotFound(_("Deze specificatie is niet gevonden."))
    return row


def message_of(specification: DirectSpecification, actor: Actor, kind: DirectMessageKind, words: str) -> DirectMessage:
    """Return words about a specification, to be kept."""
    return DirectMessage(
        tenant_id=specification.tenant_id,
        specification_id=specification.id,
        provider_id=specification.provider_id,
        kind=kind,
        words=words,
        account_id=actor.account,
        role=actor.role,
    )


def _secretariat_term(session: Session, actor: Actor) -> date:
    """Return until when the secretariat judges what comes in today."""
    return add_working_days(today(), arbodienst_settings(session, actor).invoice_check_working_days)


def _visible(actor: Actor) -> SelectOfScalar[DirectSpecification]:
    found = select(DirectSpecification).where(DirectSpecification.tenant_id == actor.tenant_id)
    if allows(actor.role, Permission.JUDGE_SPECIFICATION):
        return found
    return found.where(DirectSpecification.provider_id == actor.organisation_id)


def _require_reader(actor: Actor) -> None:
    if not allows(actor.role, Permission.JUDGE_SPECIFICATION):
        require(actor, Permission.SEND_SPECIFICATION)


def _lines(session: Session, rows: list[DirectSpecification]) -> list[SpecificationLine]:
    employers = {row.employer_id for row in rows}
    names = dict(
        session.exec(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(employers))).all()
    )
    return [
        SpecificationLine(
            id=row.id,
            employer_name=names.get(row.employer_id, ""),
            provider_name=row.provider_name,
            invoice_reference=row.invoice_reference,
            total_cents=row.total_cents,
            state=row.state,
            since=row.state_since,
            due_on=row.due_on,
        )
        for row in rows
    ]
