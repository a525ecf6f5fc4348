"""The table of the words with which somebody opened emergency access: they may tell of health, so they are sealed."""

from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from core.columns import Row
from core.privacy import PrivacyClass
from core.sealed import SealedText

SCHEMA = {"schema": "medical"}


class EmergencyWords(Row, table=True):
    """Why it could not wait, in words; for whoever wrote it and for the physicians who look at it afterwards."""

    __tablename__ = "emergency_words"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    access_id: UUID = Field(foreign_key="cases.emergency_access.id", unique=True)
    case_id: UUID = Field(foreign_key="cases.absence_case.id")
    employee_id: UUID = Field(foreign_key="cases.employee.id")
    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    account_id: UUID = Field(foreign_key="identity.account.id")
    words: str = Field(sa_type=SealedText("emergency_words.words"))
