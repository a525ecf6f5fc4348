"""The tables of keys: wrapped, each under the one above it, so that the database alone opens nothing."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, text
from sqlmodel import Field

from core.columns import Row, instant
from core.privacy import PrivacyClass
from medical.tables import SCHEMA


class TenantKey(Row, table=True):
    """A key of an arbodienst, wrapped by the master key; the one that is not retired wraps new data keys."""

    __tablename__ = "tenant_key"
    __table_args__ = (
        Index("uq_tenant_key_newest", "tenant_id", unique=True, postgresql_where=text("retired_at IS NULL")),
        Index("uq_tenant_key_stands", "id", "tenant_id", "stands", unique=True),
        CheckConstraint("stands = (wrapped IS NOT NULL)", name="destroyed_or_not"),
        CheckConstraint("stands OR retired_at IS NOT NULL", name="retired_before_destroyed"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    wrapped: bytes | None = Field(default=None, sa_type=LargeBinary)
    stands: bool = True  # false once it was destroyed
    retired_at: datetime | None = instant()


class DataKey(Row, table=True):
    """The key of what is sealed about one case, or one paper that belongs to none, wrapped by the tenant's key."""

    __tablename__ = "data_key"
    __table_args__ = (
        Index("uq_data_key_handle", "handle", unique=True),
        Index("uq_data_key_subject", "subject_id", unique=True, postgresql_where=text("destroyed_at IS NULL")),
        # No key of a tenant is destroyed while a data key rests on it.
        ForeignKeyConstraint(
            ["tenant_key_id", "tenant_id", "tenant_key_stands"],
            ["medical.tenant_key.id", "medical.tenant_key.tenant_id", "medical.tenant_key.stands"],
            name="fk_data_key_stands",
        ),
        CheckConstraint("tenant_key_stands", name="rests_on_one_that_stands"),
        CheckConstraint(
            "(destroyed_at IS NULL) = (wrapped IS NOT NULL) AND (wrapped IS NULL) = (tenant_key_id IS NULL)",
            name="destroyed_or_not",
        ),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    subject_id: UUID  # a case, an invoice of a provider, or a specification
    handle: bytes = Field(sa_type=LargeBinary)  # by what sealed values name it
    tenant_key_id: UUID | None = Field(default=None, index=True)
    tenant_key_stands: bool = True
    wrapped: bytes | None = Field(default=None, sa_type=LargeBinary)
    destroyed_at: datetime | None = instant()
