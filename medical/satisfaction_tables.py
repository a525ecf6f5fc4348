"""The one table that says how satisfied an employee was with the help that he got; only ever added to (R75)."""

from typing import ClassVar

from sqlalchemy import CheckConstraint, Index

from core.privacy import PrivacyClass
from medical.tables import SCHEMA, ReferralPart


class Satisfaction(ReferralPart, table=True):
    """What an employee thought of it, from 1 (not at all satisfied) to 5; once for each referral, and no words."""

    __tablename__ = "satisfaction"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        Index("uq_satisfaction", "referral_id", unique=True),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    score: int
