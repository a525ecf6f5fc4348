"""The physician's estimates of how much shorter an absence becomes: his own, and only ever added to (R60)."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from core.privacy import PrivacyClass
from medical.tables import SCHEMA, ReferralPart


class DaysEstimate(ReferralPart, table=True):
    """How many days of absence a physician expects a referral to save; the latest one is in force."""

    __tablename__ = "days_estimate"
    __table_args__ = (CheckConstraint("days BETWEEN 1 AND 730", name="days"), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    days: int
    estimated_by: UUID = Field(foreign_key="identity.account.id")
