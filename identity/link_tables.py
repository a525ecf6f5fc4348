"""The table of links that are mailed and work once: to come in, and to choose a new password."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, DateTime
from sqlmodel import Field, SQLModel

from core.clock import now
from core.columns import choice, instant
from core.privacy import PrivacyClass
from identity.roles import Role


class LinkKind(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"  # to begin in a role
    ANEW = "anew"  # to begin anew in an account of which every second factor is lost
    RESET = "reset"  # to choose a new password; the second factor is still asked for


class OneTimeLink(SQLModel, table=True):
    """A link in a mail; its secret follows from its id and the secret key, and is kept nowhere.

    A reset is written down before anybody has looked whether there is such an account, so that asking tells nothing.
    """

    __tablename__ = "one_time_link"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'reset') = (tenant_id IS NULL) AND (kind = 'reset') = (role IS NULL)", name="invited_somewhere"
        ),
        {"schema": "identity"},
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.CREDENTIAL

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: LinkKind = Field(sa_type=choice(LinkKind))
    email: str = Field(max_length=254)
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
    sent_at: datetime | None = instant()
    used_at: datetime | None = instant()
    revoked_at: datetime | None = instant()
    tenant_id: UUID | None = None
    organisation_id: UUID | None = Field(default=None, foreign_key="identity.organisation.id", index=True)
    role: Role | None = Field(default=None, sa_type=choice(Role))
    name: str | None = Field(default=None, max_length=200)
    invited_by: UUID | None = Field(default=None, foreign_key="identity.account.id")
    registration_number: str | None = Field(default=None, max_length=40)
    registered_until: date | None = None
    responsible_account_id: UUID | None = Field(default=None, foreign_key="identity.account.id")
