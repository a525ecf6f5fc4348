"""Reading providers: the whole network for its manager, its own entry for a provider."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, true
from sqlmodel import Session, col

from core.clock import today
from core.errors import NotFound
from core.language import _
from core.paging import Page, offset
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import OrganisationKind, Role
from identity.tables import Organisation
from network.registers import is_latest
from network.tables import Contract, Offering, OfferingState, OrganisationProfile, Registration


@dataclass(frozen=True, slots=True)
class ProviderView:
    """A provider with its numbers and address, and how it stands in the network today.

    `under_contract` is None when no contract runs today, False while it is suspended; `expires_on` is the earliest
    last day of its registrations; `offerings` counts those that are approved, `waiting` those that await a decision.
    """

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


def list_providers(
    session: Session, actor: Actor, words: str, page: int, page_size: int, *, without_contract: bool = False
) -> Page[ProviderView]:
    """Return the providers of the network in the order of their names; `words` is part of a name or place.

    `without_contract` keeps those with whom no contract runs today; a suspended one runs.
    """
    require(actor, Permission.MANAGE_NETWORK)
    # Unlike a case, a provider is public, so what is typed here may be looked for as it is.
    wanted = and_(
        _is_provider(),
        col(Organisation.name).icontains(words, autoescape=True)
        | col(OrganisationProfile.city).icontains(words, autoescape=True),
        _under_contract().is_(None) if without_contract else true(),
    )
    profile = col(OrganisationProfile.organisation_id) == col(Organisation.id)
    counted = select(func.count()).select_from(Organisation).outerjoin(OrganisationProfile, profile).where(wanted)
    total = session.scalar(counted) or 0
    by_name = _select_views().where(wanted).order_by(col(Organisation.name), col(Organisation.id))
    rows = session.execute(by_name.limit(page_size).offset(offset(page, page_size)))
    return Page(tuple(map(_view, rows)), total, page, page_size)


def find_provider(session: Session, actor: Actor, provider_id: UUID) -> ProviderView:
    """Return one provider; a provider finds itself only. Raises NotFound."""
    require(actor, Permission.SEE_PROVIDER)
    row = session.execute(_select_views().where(_is_provider(), col(Organisation.id) == provider_id)).one_or_none()
    if row is None or (actor.role is Role.PROVIDER and provider_id != actor.organisation_id):
        raise NotFound(_("Deze provider is niet gevonden."))
    return _view(row)


def _is_provider() -> ColumnElement[bool]:
    return col(Organisation.kind) == OrganisationKind.PROVIDER


def _select_views() -> Select[*tuple[Any, ...]]:
    profile = col(OrganisationProfile.organisation_id) == col(Organisation.id)
    return select(
        Organisation,
        OrganisationProfile,
        _under_contract().label("under_contract"),
        _of_provider(func.min(col(Registration.valid_until)), Registration, is_latest()).label("expires_on"),
        _offerings(OfferingState.APPROVED).label("offerings"),
        _offerings(OfferingState.SUBMITTED).label("waiting"),
    ).outerjoin(OrganisationProfile, profile)


def _under_contract() -> ColumnElement[Any]:
    on = today()
    running = and_(col(Contract.starts_on) <= on, func.coalesce(col(Contract.ends_on) >= on, true()))
    # Over no rows at all this is NULL: no contract runs.
    return _of_provider(func.bool_and(col(Contract.suspended_at).is_(None)), Contract, running)


def _offerings(state: OfferingState) -> ColumnElement[Any]:
    return _of_provider(func.count(), Offering, col(Offering.state) == state)


def _of_provider(
    value: Any, table: type[Contract | Registration | Offering], *conditions: ColumnElement[bool]
) -> ColumnElement[Any]:
    """Return a value worked out over the rows of a table that belong to the provider."""
    mine = col(table.provider_id) == col(Organisation.id)
    return select(value).select_from(table).where(mine, *conditions).correlate(Organisation).scalar_subquery()


def _view(row: Row[Any]) -> ProviderView:
    organisation: Organisation = row.Organisation
    profile = row.OrganisationProfile or OrganisationProfile(
        organisation_id=organisation.id, tenant_id=organisation.tenant_id, name_reveals_care=True
    )
    return ProviderView(
        id=organisation.id,
        name=organisation.name,
        **{name: getattr(profile, name) for name in _OF_PROFILE},
        under_contract=row.under_contract,
        expires_on=row.expires_on,
        offerings=row.offerings,
        waiting=row.waiting,
    )


_OF_PROFILE = tuple(field.name for field in fields(ProviderView) if field.name in OrganisationProfile.model_fields)
