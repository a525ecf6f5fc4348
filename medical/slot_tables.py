"""The one table that says for which case somebody asks who has the first free slot."""

from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from core.privacy import PrivacyClass
from medical.tables import SCHEMA, Held


class SlotLink(Held, table=True):
    """For which case somebody asks who has the first slot; the only place where that stands."""

    __tablename__ = "slot_link"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    question_id: UUID = Field(foreign_key="network.slot_question.id", unique=True)
    asked_by: UUID = Field(foreign_key="identity.account.id")
    referral_id: UUID | None = Field(default=None, foreign_key="medical.referral.id")  # what the slot became
