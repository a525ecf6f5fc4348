"""The table of who somebody is at the identity provider of his arbodienst."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Index, text
from sqlmodel import Field, SQLModel

from core.clock import now
from core.columns import instant
from core.privacy import PrivacyClass


class ProviderLink(SQLModel, table=True):
    """That an account is opened by one person at one provider: made by its owner alone, and of nobody else then."""

    __tablename__ = "provider_link"
    __table_args__ = (
        Index("uq_provider_link_kept", "issuer", "subject", unique=True, postgresql_where=text("removed_at IS NULL")),
        {"schema": "identity"},
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.CREDENTIAL

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="identity.account.id", index=True)
    issuer: str = Field(max_length=255)
    subject: str = Field(max_length=255)
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    last_used_at: datetime | None = instant()
    removed_at: datetime | None = instant()
