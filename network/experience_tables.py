"""What was measured of how a provider keeps its word and pleases people, let out of the medical room (R75)."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime
from sqlmodel import Field, SQLModel

from core.clock import now
from core.privacy import PrivacyClass
from network.tables import SCHEMA


class MeasuredExperience(SQLModel, table=True):
    """Of a provider, or of all providers of an arbodienst together; each half from ten people on, in steps of six."""

    __tablename__ = "measured_experience"
    __table_args__ = (
        CheckConstraint("in_time_n >= 10 AND num_nulls(in_time_percent, in_time_n) IN (0, 2)", name="in_time"),
        CheckConstraint("satisfied_n >= 10 AND num_nulls(satisfied_percent, satisfied_n) IN (0, 2)", name="satisfied"),
        CheckConstraint("in_time_percent BETWEEN 0 AND 100", name="in_time_percent"),
        CheckConstraint("satisfied_percent BETWEEN 0 AND 100", name="satisfied_percent"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    organisation_id: UUID = Field(primary_key=True, foreign_key="identity.organisation.id")
    tenant_id: UUID = Field(index=True)
    in_time_percent: int | None = None  # of what was accepted and should have begun: begun within its term
    in_time_n: int | None = None
    satisfied_percent: int | None = None  # of the employees who answered: 4 or 5 out of 5
    satisfied_n: int | None = None
    measured_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
