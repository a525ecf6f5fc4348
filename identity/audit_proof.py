"""Proving every chain of an installation, for whoever restored a backup."""

from sqlalchemy import text

from core.database import Database, Door, enter
from core.errors import Unavailable
from core.language import _
from identity.actor import Actor
from identity.audit_chain import verify
from identity.roles import Role

TENANTS = text("SELECT * FROM app.tenants()")


def prove_all(database: Database) -> int:
    """Go through the chain of every tenant; returns how many there are, raises Unavailable for the first broken one."""
    with database.transaction(Door.OPEN) as session:
        everybody = tuple(session.execute(TENANTS).scalars())
    for tenant_id in everybody:
        auditor = Actor(role=Role.AUDITOR, tenant_id=tenant_id, organisation_id=tenant_id)
        with database.transaction(Door.OPEN) as session:
            enter(session, Door.OPEN, auditor.context)
            found = verify(session, auditor)
        if not found.whole:
            said = _("De keten van %(tenant)s is gebroken bij %(place)s.")
            raise Unavailable(said % {"tenant": tenant_id, "place": found.broken_at})
    return len(everybody)
