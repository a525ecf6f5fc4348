"""The table of what the arbodienst's own services cost an employer in a month."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from billing.tables import SCHEMA
from core.columns import Row, choice
from core.privacy import PrivacyClass


class ServiceBasis(StrEnum):
    """How the services of a month are billed, and so whether the employer knows what they come to."""

    BY_USE = "by_use"  # he does not, and a confidential amount can be added to them (R46)
    FIXED = "fixed"  # he does, and would find by subtraction whatever is added


class ServiceAmount(Row, table=True):
    """What the services of a month cost one employer, until the run charges it; never seen by the employer itself."""

    __tablename__ = "service_amount"
    __table_args__ = (
        Index("uq_service_amount", "employer_id", "month", unique=True),
        CheckConstraint("net_cents > 0", name="positive"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    month: date
    basis: ServiceBasis = Field(sa_type=choice(ServiceBasis))
    net_cents: int
    entered_by: UUID
    charge_id: UUID | None = Field(default=None, foreign_key="billing.charge.id", unique=True)
