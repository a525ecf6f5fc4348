"""The table of anchors: where the chain of the audit trail stood on a day, signed."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, LargeBinary
from sqlmodel import Field, SQLModel

from core.clock import now
from core.privacy import PrivacyClass

SCHEMA = {"schema": "identity"}


class AuditAnchor(SQLModel, table=True):
    """That the chain of a tenant had this digest at this link; signed with a key that the database never sees (R68)."""

    __tablename__ = "audit_anchor"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    tenant_id: UUID = Field(primary_key=True)
    position: int = Field(sa_type=BigInteger, primary_key=True)
    digest: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    key_id: str = Field(max_length=16)
    signature: bytes = Field(sa_type=LargeBinary)
