"""The tables of specifications that providers under contract with an employer send to the medical secretariat (R55)."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index
from sqlmodel import Field

from core.clock import now
from core.columns import Row, choice
from core.privacy import PrivacyClass
from core.sealed import SealedChoice, SealedCode, SealedText
from identity.roles import Role
from medical.tables import SCHEMA


class DirectLink(Row, table=True):
    """Which organisation a provider of an employer's own is; on this side of the wall, so that the other cannot
    tell whether it is in the network too."""

    __tablename__ = "direct_link"
    __table_args__ = (Index("uq_direct_link", "contract_id", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    contract_id: UUID = Field(foreign_key="billing.direct_contract.id")
    provider_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    connected_by: UUID


class SpecificationState(StrEnum):
    """Where a specification stands, and with whom."""

    SENT = "sent"  # waits for the secretariat
    QUESTION = "question"  # waits for the provider
    AGREED = "agreed"
    NOT_AGREED = "not_agreed"


class DisagreementReason(StrEnum):
    """Why the secretariat does not agree; told to the provider and never to the employer (R55)."""

    NOT_SUPPLIED = "not_supplied"
    PRICE = "price"
    NOT_ADVISED = "not_advised"
    INCOMPLETE = "incomplete"
    NOT_FOR_EMPLOYER = "not_for_employer"


class DirectSpecification(Row, table=True):
    """What stands behind an invoice that a provider sends to its employer: for the secretariat, and nobody there."""

    __tablename__ = "direct_specification"
    __table_args__ = (
        Index("uq_direct_specification", "contract_id", "invoice_reference", unique=True),
        Index("ix_direct_specification_state", "tenant_id", "state"),
        CheckConstraint("(state = 'not_agreed') = (reason IS NOT NULL)", name="reason_of_disagreement"),
        CheckConstraint("(state IN ('sent', 'question')) = (due_on IS NOT NULL)", name="term_while_it_waits"),
        CheckConstraint("total_cents > 0", name="positive"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    contract_id: UUID = Field(foreign_key="billing.direct_contract.id")
    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    provider_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    provider_name: str = Field(max_length=200)  # as the employer knows it
    invoice_reference: str = Field(max_length=30)
    total_cents: int  # with VAT, as on the invoice
    employee_reference: str | None = Field(
        default=None, sa_type=SealedCode("direct_specification.employee_reference", "id")
    )
    specification: str = Field(sa_type=SealedText("direct_specification.specification", "id"))
    state: SpecificationState = Field(default=SpecificationState.SENT, sa_type=choice(SpecificationState))
    state_since: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    due_on: date | None = None  # until when whoever has it acts
    reason: DisagreementReason | None = Field(
        default=None, sa_type=SealedChoice(DisagreementReason, "direct_specification.reason", "id")
    )
    sent_by: UUID


class DirectMessageKind(StrEnum):
    """Who says it."""

    QUESTION = "question"  # of the secretariat
    ANSWER = "answer"  # of the provider


class DirectMessage(Row, table=True):
    """Words about a specification between the secretariat and the provider; only ever added."""

    __tablename__ = "direct_message"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    specification_id: UUID = Field(foreign_key="medical.direct_specification.id", index=True)
    provider_id: UUID = Field(foreign_key="identity.organisation.id")
    kind: DirectMessageKind = Field(sa_type=choice(DirectMessageKind))
    words: str = Field(sa_type=SealedText("direct_message.words", "specification_id"))
    account_id: UUID
    role: Role = Field(sa_type=choice(Role))


class DirectNaming(Row, table=True):
    """That a specification names an employee to the secretariat: for himself to see (R27); only ever added."""

    __tablename__ = "direct_naming"
    __table_args__ = (Index("uq_direct_naming", "specification_id", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    specification_id: UUID = Field(foreign_key="medical.direct_specification.id")
    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    employee_id: UUID = Field(foreign_key="cases.employee.id", index=True)
