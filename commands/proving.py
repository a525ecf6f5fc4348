"""Proving every audit trail of a database, for whoever restored it."""

from core.backup import RestoreFailed
from core.database import Database, Door
from identity.audit_chain import prove_chain
from worker.stage import acting, tenants


def prove_all(database: Database) -> int:
    """Go through the trail of every tenant; returns how many there are, raises RestoreFailed for one that is broken."""
    served = tenants(database)
    for tenant_id in served:
        with acting(database, Door.OPEN, tenant_id) as (session, actor):
            found = prove_chain(session, actor, database.settings.signer)
        if not found.whole:
            raise RestoreFailed(f"the audit trail of {tenant_id} is broken at link {found.broken_at}: {found.fault}")
    return len(served)
