"""Jobs that tell people by mail that something waits for them; this module never imports `medical`."""

from uuid import UUID

from cases.reminders import remind
from core.database import Database, Door
from core.mail import post_for
from identity.digests import send_digest
from worker.stage import acting, tenants


def remind_everybody(database: Database) -> None:
    """Put down who is told today; a later round of the same day finds that it was done."""
    for tenant_id in tenants(database):
        with acting(database, Door.OPEN, tenant_id) as (session, actor):
            remind(session, actor)


def send(database: Database, *, digest_id: str, tenant_id: str) -> None:
    """Send one digest."""
    with acting(database, Door.OPEN, tenant_id) as (session, _actor):
        send_digest(session, UUID(digest_id), post_for(database.settings), database.settings)
