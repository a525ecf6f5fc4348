"""Providers over JSON: the network manager admits them and keeps their numbers; a provider sees its own entry."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.paged import Paged, PageQuery
from core.routing import Section
from core.validation import OneLine
from identity.guard import Work, open_side
from identity.policy import Permission
from network.providers import NewProvider, ProviderFacts, admit_provider, change_provider
from network.providers_read import ProviderView, find_provider, list_providers

router = Section(prefix="/providers", tags=["providers"])
Manager = Annotated[Work, open_side(Permission.MANAGE_NETWORK)]
Reader = Annotated[Work, open_side(Permission.SEE_PROVIDER)]


class ProviderOut(BaseModel):
    """A provider: `under_contract` is null when none runs and false while it is suspended; counts are of offerings."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    kvk: str | None
    vat_id: str | None
    iban: str | None
    agb: str | None
    street: str
    postcode: str
    city: str
    email: str | None
    name_reveals_care: bool
    under_contract: bool | None
    expires_on: date | None
    offerings: int
    waiting: int


class ProvidersOut(Paged[ProviderOut]):
    """A page of providers in the order of their names."""


class ProvidersQuery(PageQuery):
    """Which providers; `q` is a part of the name or the place."""

    q: Annotated[OneLine, Field(max_length=100)] | None = None


@router.get("")
def providers(work: Manager, query: Annotated[ProvidersQuery, Query()]) -> ProvidersOut:
    """Return the providers of the network."""
    found = list_providers(work.session, work.actor, query.q or "", query.page, query.page_size)
    return ProvidersOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[_out(view) for view in found.items]
    )


@router.post("", status_code=201, responses={200: {"description": "The same provider was admitted before."}})
def admitted(work: Manager, body: NewProvider, response: Response) -> ProviderOut:
    """Admit a provider with its contract."""
    made = admit_provider(work.session, work.actor, body)
    if made.known:
        response.status_code = 200
    return _out(made.provider)


@router.get("/{provider_id}")
def provider(work: Reader, provider_id: UUID) -> ProviderOut:
    """Return one provider; a provider finds itself."""
    return _out(find_provider(work.session, work.actor, provider_id))


@router.put("/{provider_id}")
def changed(work: Manager, provider_id: UUID, body: ProviderFacts) -> ProviderOut:
    """Give a provider other facts."""
    return _out(change_provider(work.session, work.actor, provider_id, body))


def _out(view: ProviderView) -> ProviderOut:
    return ProviderOut.model_validate(view)
