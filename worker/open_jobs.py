"""Jobs of the open rooms; this module never imports `medical`."""

from core.database import Database, Door
from identity.audit_chain import BATCH, seal
from worker.stage import acting, tenants


def seal_audit(database: Database) -> None:
    """Chain the audit events of every tenant, a bounded piece at a time."""
    for tenant_id in tenants(database):
        sealed = BATCH
        while sealed == BATCH:
            with acting(database, Door.OPEN, tenant_id) as (session, actor):
                sealed = seal(session, actor)
