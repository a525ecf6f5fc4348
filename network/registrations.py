"""Registrations of providers and their professionals, with the day on which they end (R30, R31)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from sqlalchemy import ColumnElement, func, true
from sqlmodel import Session, col, select

from core import outbox
from core.clock import today
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.language import _
from core.locks import take_turn
from core.paging import Page, offset
from core.validation import Day, OneLine
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.roles import Role
from identity.tables import Organisation
from network import numbers
from network.providers_read import find_provider
from network.registers import is_latest
from network.tables import Registration, RegistrationKind

FORMS: Mapping[RegistrationKind, Callable[[str], str]] = MappingProxyType(
    {RegistrationKind.BIG: numbers.big, RegistrationKind.AGB: numbers.agb}
)
"""Registers whose numbers have a form that can be checked; those of the others are free (rules chapter 4)."""


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """An entry in a register, and whose it is; `holder` is the professional, or empty for the provider itself."""

    id: UUID
    provider_id: UUID
    provider_name: str
    kind: RegistrationKind
    number: str
    holder: str
    valid_until: date

    @property
    def is_valid(self) -> bool:
        """Whether it holds today; its last day counts."""
        return self.valid_until >= today()


class NewRegistration(BaseModel):
    """An entry as the register shows it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: RegistrationKind
    number: Annotated[OneLine, Field(max_length=40)]
    holder: Annotated[OneLine, Field(max_length=200)] | None = None
    valid_until: Day

    @field_validator("number")
    @classmethod
    def _of_its_register(cls, number: str, info: ValidationInfo) -> str:
        form = FORMS.get(info.data.get("kind"))  # type: ignore[arg-type]
        return form(number) if form else number


def add_registration(session: Session, actor: Actor, provider_id: UUID, new: NewRegistration) -> RegistrationView:
    """Put an entry on file; the same one again gives the one that there is, with another last day it is a Conflict."""
    require(actor, Permission.MANAGE_NETWORK)
    find_provider(session, actor, provider_id)
    take_turn(session, "network.registration", provider_id)
    there = _same(session, provider_id, new)
    if there is not None:
        if there.valid_until != new.valid_until:
            sentence = _("Deze registratie staat er al. Verleng die als de einddatum is veranderd.")
            raise Conflict(sentence, code="double", possible=("renew",))
        return _read(session, there.id)
    values = new.model_dump() | {"holder": new.holder or ""}
    registration = Registration(tenant_id=actor.tenant_id, provider_id=provider_id, **values)
    return _changed(session, actor, registration, "added")


def renew_registration(session: Session, actor: Actor, registration_id: UUID, valid_until: date) -> RegistrationView:
    """Let an entry hold through a later day; raises Invalid when the day is not later."""
    require(actor, Permission.MANAGE_NETWORK)
    query = select(Registration).where(Registration.id == registration_id).with_for_update()
    registration = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if registration is None:
        raise _not_found()
    if valid_until <= registration.valid_until:
        sentence = _("Kies een latere dag dan de einddatum die er nu staat.")
        raise Invalid(sentence, (FieldError("valid_until", sentence),))
    registration.valid_until = valid_until
    return _changed(session, actor, registration, "renewed")


def list_registrations(
    session: Session, actor: Actor, provider_id: UUID, page: int, page_size: int
) -> Page[RegistrationView]:
    """Return the registrations of one provider, the one that ends first on top; a provider sees its own only."""
    find_provider(session, actor, provider_id)
    return _listed(session, page, page_size, col(Registration.provider_id) == provider_id)


def list_expiring(session: Session, actor: Actor, days: int, page: int, page_size: int) -> Page[RegistrationView]:
    """Return the registrations that end within `days` days or have ended and were not replaced, the oldest first."""
    require(actor, Permission.SEE_PROVIDER)
    own = col(Registration.provider_id) == actor.organisation_id if actor.role is Role.PROVIDER else true()
    ends = col(Registration.valid_until) <= today() + timedelta(days=days)
    return _listed(session, page, page_size, own, ends, is_latest())


def _listed(session: Session, page: int, page_size: int, *conditions: ColumnElement[bool]) -> Page[RegistrationView]:
    total = session.exec(select(func.count()).select_from(Registration).where(*conditions)).one()
    first = _views().where(*conditions).order_by(col(Registration.valid_until), col(Registration.id))
    rows = session.exec(first.limit(page_size).offset(offset(page, page_size)))
    return Page(tuple(_view(*row) for row in rows), total, page, page_size)


def _views() -> Any:
    return select(Registration, Organisation.name).join(Organisation, col(Organisation.id) == Registration.provider_id)


def _read(session: Session, registration_id: UUID) -> RegistrationView:
    return _view(*session.exec(_views().where(col(Registration.id) == registration_id)).one())


def _same(session: Session, provider_id: UUID, new: NewRegistration) -> Registration | None:
    query = select(Registration).where(
        Registration.provider_id == provider_id,
        Registration.kind == new.kind,
        Registration.number == new.number,
    )
    return session.exec(query.order_by(col(Registration.valid_until).desc()).limit(1)).one_or_none()


def _changed(session: Session, actor: Actor, registration: Registration, event: str) -> RegistrationView:
    session.add(registration)
    record(session, actor, f"network:registration:{event}", registration.id)
    outbox.put(session, "search.index_provider", provider_id=registration.provider_id, tenant_id=registration.tenant_id)
    session.flush()
    return _read(session, registration.id)


def _view(registration: Registration, provider_name: str) -> RegistrationView:
    return RegistrationView(
        registration.id,
        registration.provider_id,
        provider_name,
        registration.kind,
        registration.number,
        registration.holder,
        registration.valid_until,
    )


def _not_found() -> NotFound:
    return NotFound(_("Deze registratie is niet gevonden."))
