"""Where a job acts: in one transaction, as the system of one tenant, at the door of the system."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from core.database import Database, Door
from identity.actor import Actor, system

TENANTS = text("SELECT * FROM app.tenants()")


@contextmanager
def acting(database: Database, door: Door, tenant_id: UUID | str) -> Iterator[tuple[Session, Actor]]:
    """Open a transaction on the side of `door` in which the system acts for a tenant."""
    actor = system(UUID(str(tenant_id)))
    with database.transaction(door.of_system, actor.context) as session:
        yield session, actor


def tenants(database: Database) -> tuple[UUID, ...]:
    """Return every arbodienst that this installation serves."""
    with database.transaction(Door.SYSTEM_OPEN) as session:
        return tuple(session.execute(TENANTS).scalars())
