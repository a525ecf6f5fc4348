"""The table of emergency access: who may read a case that is not his, until when, and who looks at it afterwards."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime
from sqlmodel import Field

from core.columns import Row, choice, instant
from core.privacy import PrivacyClass

SCHEMA = {"schema": "cases"}


class EmergencyReason(StrEnum):
    """Why it could not wait; none of them tells of anybody's health."""

    COVER = "cover"  # whoever works for this employer cannot be reached
    CONTACT = "contact"  # the employee, or who treats him, asks for an answer at once
    DEADLINE = "deadline"  # a term of the law ends before somebody else can act


class EmergencyVerdict(StrEnum):
    """What the second person found afterwards."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


class EmergencyAccess(Row, table=True):
    """An hour at most in which somebody reads one case that is not his (R22).

    It is written by one function of the database only, begins when it is made and tells a second person. In his own
    words why it was needed stands on the medical side.
    """

    __tablename__ = "emergency_access"
    __table_args__ = (
        CheckConstraint("until > created_at AND until <= created_at + interval '60 minutes'", name="an_hour_at_most"),
        CheckConstraint("num_nonnulls(reviewed_at, reviewed_by, verdict) IN (0, 3)", name="reviewed_by_somebody"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    case_id: UUID = Field(foreign_key="cases.absence_case.id", index=True)
    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    employee_id: UUID = Field(foreign_key="cases.employee.id")
    account_id: UUID = Field(foreign_key="identity.account.id", index=True)
    told_account_id: UUID = Field(foreign_key="identity.account.id")  # the second person
    reason: EmergencyReason = Field(sa_type=choice(EmergencyReason))
    until: datetime = Field(sa_type=DateTime(timezone=True))
    ended_at: datetime | None = instant()  # earlier than by itself
    told_at: datetime | None = instant()  # by mail
    reviewed_at: datetime | None = instant()
    reviewed_by: UUID | None = Field(default=None, foreign_key="identity.account.id")
    verdict: EmergencyVerdict | None = Field(default=None, sa_type=choice(EmergencyVerdict))
