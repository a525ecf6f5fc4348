"""Registrations: those that end soon, adding one, and renewing one (R30, R31)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from network.providers_read import find_provider
from network.registrations import (
    NewRegistration,
    RegistrationView,
    add_registration,
    list_expiring,
    list_registrations,
    renew_registration,
)
from network.tables import RegistrationKind
from portal import flash
from portal.attempts import attempt
from portal.forms import Form, FormFields, blank, parse
from portal.network_words import registration_words
from portal.open.show import show
from portal.typed import TypedDay

router = Section()
Manager = Annotated[Work, open_side(Permission.MANAGE_NETWORK)]
PAGE_SIZE = 25
MOST = 100


class ExpiryFilters(BaseModel):
    """What the address bar says: within how many days."""

    days: Literal["0", "30", "60", "180"] = "60"
    page: int = Field(default=1, ge=1, le=100_000)


class Added(NewRegistration):
    """The same as the network asks, with the day as people type it."""

    valid_until: TypedDay


class Renewal(BaseModel, extra="forbid"):
    """Through which day the entry holds now."""

    valid_until: TypedDay


@router.get("/registraties")
def expiring(request: Request, work: Manager) -> Response:
    """List the registrations that end soon or have ended, the oldest first."""
    form = parse(ExpiryFilters, request.query_params)
    chosen = form.value or ExpiryFilters()
    found = list_expiring(work.session, work.actor, int(chosen.days), chosen.page, PAGE_SIZE)
    return show(
        request,
        work,
        "open/network_manager/registrations.html",
        chosen=chosen,
        found=found,
        registration_words=registration_words,
    )


@router.get("/providers/{provider_id}/registraties/nieuw")
def new_registration(request: Request, work: Manager, provider_id: UUID) -> Response:
    """Show the form for another registration."""
    return _adding(request, work, provider_id, blank())


@router.post("/providers/{provider_id}/registraties/nieuw")
def add(request: Request, work: Manager, provider_id: UUID, data: FormFields) -> Response:
    """Put a registration on file."""
    tried = attempt(
        work.session, parse(Added, data), lambda new: add_registration(work.session, work.actor, provider_id, new)
    )
    if tried.done is None:
        return _adding(request, work, provider_id, tried.form, tried.status)
    return _back(request, provider_id, _("De registratie is toegevoegd."))


@router.get("/providers/{provider_id}/registraties/{registration_id}")
def renewal_page(request: Request, work: Manager, provider_id: UUID, registration_id: UUID) -> Response:
    """Ask through which day a registration holds now."""
    return _renewing(request, work, provider_id, registration_id, blank())


@router.post("/providers/{provider_id}/registraties/{registration_id}")
def renew(request: Request, work: Manager, provider_id: UUID, registration_id: UUID, data: FormFields) -> Response:
    """Let a registration hold longer."""
    _of_provider(work, provider_id, registration_id)
    tried = attempt(
        work.session,
        parse(Renewal, data),
        lambda typed: renew_registration(work.session, work.actor, registration_id, typed.valid_until),
    )
    if tried.done is None:
        return _renewing(request, work, provider_id, registration_id, tried.form, tried.status)
    return _back(request, provider_id, _("De registratie is verlengd."))


def _back(request: Request, provider_id: UUID, said: str) -> Response:
    return flash.redirect(request, f"/netwerk/providers/{provider_id}#registraties", said)


def _adding(request: Request, work: Work, provider_id: UUID, form: Form[Added], status: int = 200) -> Response:
    return show(
        request,
        work,
        "open/network_manager/registration_new.html",
        status=status,
        provider=find_provider(work.session, work.actor, provider_id),
        form=form,
        kinds=[(kind.value, registration_words(kind)) for kind in RegistrationKind],
    )


def _renewing(
    request: Request, work: Work, provider_id: UUID, registration_id: UUID, form: Form[Renewal], status: int = 200
) -> Response:
    registration = _of_provider(work, provider_id, registration_id)
    return show(
        request,
        work,
        "open/network_manager/registration_renew.html",
        status=status,
        registration=registration,
        register=registration_words(registration.kind),
        form=form,
    )


def _of_provider(work: Work, provider_id: UUID, registration_id: UUID) -> RegistrationView:
    """Return the registration, when it is one of this provider."""
    for registration in list_registrations(work.session, work.actor, provider_id, 1, MOST).items:
        if registration.id == registration_id:
            return registration
    raise NotFound(_("Deze registratie is niet gevonden."))
