"""Admitting providers to the network and keeping their numbers and address (rules chapter 4)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import func
from sqlmodel import Session, col, select

from core import outbox
from core.errors import Conflict, NotFound
from core.language import _
from core.locks import take_turn
from core.validation import OneLine
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.roles import OrganisationKind
from identity.tables import Organisation
from network.contracts import ContractTerms
from network.numbers import Agb, Iban, Kvk, VatId
from network.postcodes import read_postcode
from network.providers_read import ProviderView, find_provider
from network.tables import Contract, OrganisationProfile

_POSTCODE = re.compile(r"([1-9][0-9]{3})\s?([A-Za-z]{2})")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")


def _full_postcode(text: str) -> str:
    form = _POSTCODE.fullmatch(text)
    if form is None:
        raise ValueError(_("Een postcode in een adres ziet eruit als 3511 AB."))
    read_postcode(form[1])
    return f"{form[1]} {form[2].upper()}"


def _email(text: str) -> str:
    if _EMAIL.fullmatch(text) is None:
        raise ValueError(_("Een e-mailadres ziet eruit als naam@voorbeeld.nl."))
    return text


class ProviderFacts(BaseModel):
    """Who a provider is. Whether its name tells of care must be said: it decides what others may know (rules 2.1)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[OneLine, Field(max_length=200)]
    kvk: Kvk
    iban: Iban
    vat_id: VatId | None = None
    agb: Agb | None = None
    street: Annotated[OneLine, Field(max_length=200)]
    postcode: Annotated[OneLine, AfterValidator(_full_postcode)]
    city: Annotated[OneLine, Field(max_length=100)]
    email: Annotated[OneLine, Field(max_length=254), AfterValidator(_email)]
    name_reveals_care: bool

    @property
    def profile(self) -> Mapping[str, Any]:
        """The facts that are kept beside the name."""
        return self.model_dump(include=set(ProviderFacts.model_fields) - {"name"})


class NewProvider(ProviderFacts, ContractTerms):
    """A provider with the contract by which it enters the network."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """The provider as it stands; `known` when the same one had been admitted before."""

    provider: ProviderView
    known: bool


def admit_provider(session: Session, actor: Actor, new: NewProvider) -> Admitted:
    """Admit a provider with its contract; the same one again gives the one that there is.

    Raises Conflict when a provider of this name and number of the trade register is there with other facts.
    """
    require(actor, Permission.MANAGE_NETWORK)
    take_turn(session, "network.provider", actor.tenant_id)
    there = _same(session, new)
    if there is not None:
        if any(getattr(there, name) != value for name, value in new.profile.items()):
            sentence = _("Deze provider staat al in het netwerk, met andere gegevens. Wijzig die.")
            raise Conflict(sentence, code="double", possible=("change",))
        return Admitted(find_provider(session, actor, there.organisation_id), known=True)
    organisation = Organisation(tenant_id=actor.tenant_id, kind=OrganisationKind.PROVIDER, name=new.name)
    session.add(organisation)
    session.flush()
    terms = new.model_dump(include=set(ContractTerms.model_fields))
    session.add(OrganisationProfile(organisation_id=organisation.id, tenant_id=actor.tenant_id, **new.profile))
    session.add(Contract(tenant_id=actor.tenant_id, provider_id=organisation.id, **terms))
    record(session, actor, "network:provider:admitted", organisation.id)
    session.flush()
    return Admitted(find_provider(session, actor, organisation.id), known=False)


def change_provider(session: Session, actor: Actor, provider_id: UUID, facts: ProviderFacts) -> ProviderView:
    """Give a provider other facts; what it offers is indexed anew, for its name and openness stand there."""
    require(actor, Permission.MANAGE_NETWORK)
    organisation = session.get(Organisation, provider_id, with_for_update=True)
    profile = session.get(OrganisationProfile, provider_id)
    if organisation is None or profile is None or organisation.kind is not OrganisationKind.PROVIDER:
        raise NotFound(_("Deze provider is niet gevonden."))
    organisation.name = facts.name
    for name, value in facts.profile.items():
        setattr(profile, name, value)
    record(session, actor, "network:provider:changed", provider_id)
    outbox.put(session, "search.index_provider", provider_id=provider_id, tenant_id=actor.tenant_id)
    session.flush()
    return find_provider(session, actor, provider_id)


def _same(session: Session, new: NewProvider) -> OrganisationProfile | None:
    query = (
        select(OrganisationProfile)
        .join(Organisation, col(Organisation.id) == OrganisationProfile.organisation_id)
        .where(
            Organisation.kind == OrganisationKind.PROVIDER,
            func.lower(Organisation.name) == new.name.lower(),
            OrganisationProfile.kvk == new.kvk,
        )
    )
    return session.exec(query.limit(1)).one_or_none()
