"""Jobs of the open rooms; this module never imports `medical`."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import text

from core.database import Database, Door, enter
from identity.actor import system
from identity.audit_chain import BATCH, seal

TENANTS = text("SELECT * FROM app.tenants()")


def tenants(database: Database) -> Iterator[UUID]:
    """Return every arbodienst that this installation serves."""
    with database.transaction(Door.OPEN) as session:
        found = list(session.execute(TENANTS).scalars())
    yield from found


def seal_audit(database: Database) -> None:
    """Chain the audit events of every tenant, a bounded piece at a time."""
    for tenant_id in tenants(database):
        sealed = BATCH
        while sealed == BATCH:
            with database.transaction(Door.OPEN) as session:
                actor = system(tenant_id)
                enter(session, Door.OPEN, actor.context)
                sealed = seal(session, actor)
