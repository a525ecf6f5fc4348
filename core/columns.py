"""Column types that every table shares: choices kept as words with a CHECK, instants, and lists of words."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Enum, MetaData, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from core.clock import now

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


def choice(kind: type[StrEnum], name: str | None = None) -> Any:
    """Return the type of a column that holds one value of `kind`: text, kept to its values by a CHECK.

    `name` tells the CHECKs apart where one table holds the same kind twice.
    """
    return Enum(
        kind,
        native_enum=False,
        length=32,
        create_constraint=True,
        name=name or kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def words() -> Any:
    """Return the type of a column that holds a list of words."""
    return ARRAY(Text)


class Row(SQLModel):
    """What every row of a tenant has: a random id, the arbodienst to which it belongs, and when it was made."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    tenant_id: UUID = Field(index=True)
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


def instant(**arguments: Any) -> Any:
    """Return a field that holds an instant in UTC, or nothing yet."""
    return Field(default=None, sa_type=DateTime(timezone=True), **arguments)
