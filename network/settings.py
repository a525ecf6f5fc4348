"""What one arbodienst has decided for itself: suppression, VAT and terms."""

from sqlmodel import Session

from identity.actor import Actor
from network.tables import ArbodienstSettings


def arbodienst_settings(session: Session, actor: Actor) -> ArbodienstSettings:
    """Return the settings of the actor's arbodienst, the usual ones where it has decided nothing; only to be read."""
    return session.get(ArbodienstSettings, actor.tenant_id) or ArbodienstSettings(tenant_id=actor.tenant_id)
