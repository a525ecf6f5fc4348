"""Registrations of providers over JSON: put on file, renewed, and listed before they end (R30)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.paged import Paged, PageQuery
from core.paging import Page
from core.routing import Section
from core.validation import Day
from identity.guard import Work, open_side
from identity.policy import Permission
from network.registrations import (
    NewRegistration,
    RegistrationView,
    add_registration,
    list_expiring,
    list_registrations,
    renew_registration,
)
from network.tables import RegistrationKind

router = Section(tags=["providers"])
Manager = Annotated[Work, open_side(Permission.MANAGE_NETWORK)]
Reader = Annotated[Work, open_side(Permission.SEE_PROVIDER)]


class RegistrationOut(BaseModel):
    """An entry in a register; `holder` is the professional, empty for the provider itself."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    provider_id: UUID
    provider_name: str
    kind: RegistrationKind
    number: str
    holder: str
    valid_until: date
    is_valid: bool


class RegistrationsOut(Paged[RegistrationOut]):
    """A page of registrations, the one that ends first on top."""


class ExpiringQuery(PageQuery):
    """Within how many days they end; what has ended and was not replaced is among them."""

    within_days: int = Field(default=60, ge=0, le=731)


class RenewalIn(BaseModel):
    """The new last day."""

    model_config = ConfigDict(extra="forbid")

    valid_until: Day


@router.get("/providers/{provider_id}/registrations")
def registrations(work: Reader, provider_id: UUID, query: Annotated[PageQuery, Query()]) -> RegistrationsOut:
    """Return the registrations of a provider."""
    return _page(list_registrations(work.session, work.actor, provider_id, query.page, query.page_size))


@router.post("/providers/{provider_id}/registrations", status_code=201)
def added(work: Manager, provider_id: UUID, body: NewRegistration) -> RegistrationOut:
    """Put a registration on file; the same one again gives the one that there is."""
    return _out(add_registration(work.session, work.actor, provider_id, body))


@router.get("/registrations")
def expiring(work: Reader, query: Annotated[ExpiringQuery, Query()]) -> RegistrationsOut:
    """Return the registrations that end soon, of the whole network or of the own organisation."""
    return _page(list_expiring(work.session, work.actor, query.within_days, query.page, query.page_size))


@router.post("/registrations/{registration_id}/renew")
def renewed(work: Manager, registration_id: UUID, body: RenewalIn) -> RegistrationOut:
    """Let a registration hold through a later day."""
    return _out(renew_registration(work.session, work.actor, registration_id, body.valid_until))


def _page(found: Page[RegistrationView]) -> RegistrationsOut:
    return RegistrationsOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[_out(view) for view in found.items]
    )


def _out(view: RegistrationView) -> RegistrationOut:
    return RegistrationOut.model_validate(view)
