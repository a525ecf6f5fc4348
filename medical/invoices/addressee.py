"""To whom a provider writes its invoices: always the arbodienst, whoever pays in the end (R38)."""

from dataclasses import dataclass

from sqlmodel import Session, select

from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.tables import Organisation
from network.tables import OrganisationProfile


@dataclass(frozen=True)
class Addressee:
    """The arbodienst as it stands on an invoice to it."""

    name: str
    street: str
    postcode: str
    city: str
    kvk: str | None
    vat_id: str | None


def get_addressee(session: Session, actor: Actor) -> Addressee:
    """Return the buyer that an invoice of this provider names."""
    require(actor, Permission.SEND_PROVIDER_INVOICE)
    name = session.exec(select(Organisation.name).where(Organisation.id == actor.tenant_id)).one()
    profile = session.get(OrganisationProfile, actor.tenant_id)
    record(session, actor, "medical:provider_invoice:addressed")
    if profile is None:
        return Addressee(name, "", "", "", None, None)
    return Addressee(name, profile.street, profile.postcode, profile.city, profile.kvk, profile.vat_id)
