"""What one arbodienst has decided for itself: suppression, VAT and terms."""

from sqlalchemy import bindparam
from sqlmodel import Session, select

from identity.actor import Actor
from network.tables import ArbodienstSettings

OF_TENANT = select(ArbodienstSettings).where(ArbodienstSettings.tenant_id == bindparam("tenant_id"))


def arbodienst_settings(session: Session, actor: Actor) -> ArbodienstSettings:
    """Return the settings of the actor's arbodienst, the usual ones where it has decided nothing; only to be read."""
    found = session.exec(OF_TENANT, params={"tenant_id": actor.tenant_id}).one_or_none()
    return found or ArbodienstSettings(tenant_id=actor.tenant_id)
