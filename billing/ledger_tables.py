"""The tables of closed months: what was booked in them, that they are closed, and that it was proved again."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from billing.tables import SCHEMA
from core.columns import Row
from core.privacy import PrivacyClass


class LedgerMonth(Row, table=True):
    """What was booked in a month that is over, on one account for one party; adding these up saves the entries."""

    __tablename__ = "ledger_month"
    __table_args__ = (
        Index(
            "uq_ledger_month",
            "tenant_id",
            "month",
            "account",
            "party_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("debit_cents >= 0 AND credit_cents >= 0", name="two_sides"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    month: date
    account: str = Field(max_length=40)
    party_id: UUID | None = Field(default=None, foreign_key="identity.organisation.id")
    debit_cents: int = Field(sa_type=BigInteger)
    credit_cents: int = Field(sa_type=BigInteger)


class LedgerClosing(Row, table=True):
    """That a month of the ledger is closed: nothing is booked in it any more."""

    __tablename__ = "ledger_closing"
    __table_args__ = (Index("uq_ledger_closing", "tenant_id", "month", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    month: date


class LedgerProof(Row, table=True):
    """What came of adding every entry up again: how many sums of closed months differ, and what is left over of all."""

    __tablename__ = "ledger_proof"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    entries: int = Field(sa_type=BigInteger)
    differences: int
    left_over_cents: int = Field(sa_type=BigInteger)
