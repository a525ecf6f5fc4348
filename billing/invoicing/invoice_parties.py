"""The organisations on a document, from what the network has registered of them (R53)."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session, col, select

from billing.invoicing.document_parties import Party, Seller
from core.errors import Conflict
from core.language import _
from identity.tables import Organisation
from network.tables import OrganisationProfile


def seller_of(session: Session, tenant_id: UUID) -> Seller:
    """Return the arbodienst as the seller; raises Conflict when what an invoice must show is not registered."""
    organisation, profile = _registered(session, [tenant_id])[tenant_id]
    try:
        return Seller.model_validate({**_facts(organisation, profile), "iban": profile.iban})
    except ValidationError as fault:
        raise _incomplete(organisation) from fault


def buyers(session: Session, ids: Iterable[UUID]) -> Mapping[UUID, Party]:
    """Return the organisations that buy, by id; raises Conflict for the first that cannot be invoiced yet."""
    found: dict[UUID, Party] = {}
    for organisation, profile in _registered(session, list(ids)).values():
        try:
            found[organisation.id] = Party.model_validate(_facts(organisation, profile))
        except ValidationError as fault:
            raise _incomplete(organisation) from fault
    return found


def _registered(session: Session, ids: list[UUID]) -> dict[UUID, tuple[Organisation, OrganisationProfile]]:
    organisations = session.exec(select(Organisation).where(col(Organisation.id).in_(ids))).all()
    profiles = {
        profile.organisation_id: profile
        for profile in session.exec(
            select(OrganisationProfile).where(col(OrganisationProfile.organisation_id).in_(ids))
        )
    }
    for organisation in organisations:
        if organisation.id not in profiles:
            raise _incomplete(organisation)
    return {organisation.id: (organisation, profiles[organisation.id]) for organisation in organisations}


def _facts(organisation: Organisation, profile: OrganisationProfile) -> dict[str, str | None]:
    return {
        "name": organisation.name,
        "street": profile.street,
        "postcode": profile.postcode,
        "city": profile.city,
        "kvk": profile.kvk,
        "vat_id": profile.vat_id,
        "email": profile.email,
    }


def _incomplete(organisation: Organisation) -> Conflict:
    message = _("Van %(name)s ontbreken gegevens die op een factuur moeten staan: adres, KvK-nummer of btw-nummer.")
    return Conflict(message % {"name": organisation.name}, code="party_incomplete")
