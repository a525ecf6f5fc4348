"""Tables of what providers are owed and how they are paid; nothing in them tells of a referral or an employee."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from core.columns import Row, choice, instant, words
from core.privacy import PrivacyClass

SCHEMA = {"schema": "billing"}


class PayoutAccount(Row, table=True):
    """The account of a provider at the payment provider, to which he is paid out."""

    __tablename__ = "payout_account"
    __table_args__ = (Index("uq_payout_account_provider", "tenant_id", "provider_id", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    provider_id: UUID = Field(foreign_key="identity.organisation.id")
    gateway_reference: str = Field(max_length=120, unique=True)
    is_ready: bool = False
    needs: list[str] = Field(default_factory=list, sa_type=words())  # words of the payment provider
    checked_at: datetime | None = instant()


class PayoutState(StrEnum):
    """How far a payment to a provider is."""

    PLANNED = "planned"
    SENT = "sent"
    REFUSED = "refused"  # by the payment provider; stands on a list until it is tried again
    REVERSED = "reversed"  # taken back; what it paid is owed again


class Payout(Row, table=True):
    """What is transferred to a provider at once: his payables that are due, less what he has to give back."""

    __tablename__ = "payout"
    __table_args__ = (CheckConstraint("cents > 0", name="positive"), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    provider_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    account: str = Field(max_length=120)
    cents: int
    state: PayoutState = Field(default=PayoutState.PLANNED, sa_type=choice(PayoutState))
    attempt: int = 1
    gateway_reference: str | None = Field(default=None, max_length=120, unique=True)
    fault: str | None = Field(default=None, max_length=60)
    planned_by: UUID | None = None
    sent_at: datetime | None = instant()


class Payable(Row, table=True):
    """What is owed to a provider for one approved invoice; below zero for a credit note."""

    __tablename__ = "payable"
    __table_args__ = (
        CheckConstraint("cents <> 0", name="something"),
        CheckConstraint(
            "(agreed_by IS NULL) = (agreed_person_id IS NULL) AND (agreed_by IS NULL) = (agreed_at IS NULL)"
            " AND agreed_person_id IS DISTINCT FROM approved_person_id",
            name="four_eyes",
        ),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    provider_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    cents: int
    due_on: date
    approved_by: UUID
    approved_person_id: UUID
    needs_second: bool  # above the limit of the day on which it was approved (R42)
    agreed_by: UUID | None = None
    agreed_person_id: UUID | None = None
    agreed_at: datetime | None = instant()
    payout_id: UUID | None = Field(default=None, foreign_key="billing.payout.id", index=True)
