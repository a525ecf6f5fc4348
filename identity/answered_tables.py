"""The table of answers that are kept for a day, on the open side, for a client that did not get them."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import DateTime, LargeBinary
from sqlmodel import Field, SQLModel

from core.clock import now
from core.privacy import PrivacyClass


class AnsweredBase(SQLModel):
    """What was answered to an act that its client gave a key: sealed, and bound to what was asked."""

    account_id: UUID = Field(primary_key=True)
    key_hash: bytes = Field(sa_type=LargeBinary, primary_key=True)
    tenant_id: UUID
    asked: bytes = Field(sa_type=LargeBinary)  # the hash of method, address and body
    status: int
    key_id: str = Field(max_length=16)
    sealed: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True), index=True)


class AnsweredAct(AnsweredBase, table=True):
    """An answer of the open side."""

    __tablename__ = "answered_act"
    __table_args__ = {"schema": "identity"}
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL
