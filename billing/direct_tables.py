"""The tables of providers that an employer contracts itself: who they are, and the answers that cross the wall."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from billing.direct.reference import IN_SQL
from billing.tables import SCHEMA
from core.columns import Row, choice, instant
from core.privacy import PrivacyClass


class DirectContract(Row, table=True):
    """That an employer contracts a provider itself, in the employer's own words; of the network it says nothing."""

    __tablename__ = "direct_contract"
    __table_args__ = (
        Index("uq_direct_contract", "employer_id", "kvk", unique=True, postgresql_where=text("ended_at IS NULL")),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    provider_name: str = Field(max_length=200)
    kvk: str = Field(max_length=8)
    email: str = Field(max_length=254)
    registered_by: UUID
    connected_on: date | None = None  # since when the provider can send specifications
    ended_at: datetime | None = instant()


class DirectOutcome(StrEnum):
    """All that an employer hears of a specification (R55)."""

    AGREED = "agreed"
    NOT_AGREED = "not_agreed"
    QUESTION = "question"


class DirectAnswer(Row, table=True):
    """What an employer hears: of its own invoice, by number and total, one of three words; only ever added (R55)."""

    __tablename__ = "direct_answer"
    __table_args__ = (
        CheckConstraint(f"invoice_reference ~ '{IN_SQL}'", name="clean_reference"),
        CheckConstraint("total_cents > 0", name="positive"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    contract_id: UUID = Field(foreign_key="billing.direct_contract.id", index=True)
    employer_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    invoice_reference: str = Field(max_length=30)
    total_cents: int
    outcome: DirectOutcome = Field(sa_type=choice(DirectOutcome))
    answered_on: date
