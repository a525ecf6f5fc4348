"""Tables of what a charge run would make: kept for a day, so that it can be looked at page by page."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from billing.tables import SCHEMA
from core.columns import Row
from core.privacy import PrivacyClass


class ChargeRehearsal(Row, table=True):
    """What a charge run would make, as one person of the secretariat saw it: in numbers, and a mark for all of it."""

    __tablename__ = "charge_rehearsal"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    rehearsed_by: UUID
    month: date
    documents: int
    credit_notes: int
    total_cents: int = Field(sa_type=BigInteger)  # with VAT, credit notes below zero
    mark: str = Field(max_length=64)


class RehearsedPage(Row, table=True):
    """A page of the documents of a rehearsal, in order of number; emptied after a day."""

    __tablename__ = "rehearsed_page"
    __table_args__ = (UniqueConstraint("rehearsal_id", "page"), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    rehearsal_id: UUID = Field(foreign_key="billing.charge_rehearsal.id")
    page: int
    documents: list[Any] = Field(sa_type=JSONB)
