"""The table of what the owner of an account is told by mail: that something changed in how it is opened."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import DateTime
from sqlmodel import Field, SQLModel

from core.clock import now
from core.columns import choice, instant
from core.privacy import PrivacyClass


class Happened(StrEnum):
    """What changed."""

    NEW_DEVICE = "new_device"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    CODES_RENEWED = "codes_renewed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 -- a word, not a password
    TOKEN_MADE = "token_made"  # noqa: S105 -- a word, not a token
    PROVIDER_LINKED = "provider_linked"
    PROVIDER_UNLINKED = "provider_unlinked"


class OwnerNotice(SQLModel, table=True):
    """One message to the owner of an account."""

    __tablename__ = "owner_notice"
    __table_args__ = ({"schema": "identity"},)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.CREDENTIAL

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="identity.account.id", index=True)
    happened: Happened = Field(sa_type=choice(Happened))
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    sent_at: datetime | None = instant()
    refused_at: datetime | None = instant()  # by the mail server, for good
