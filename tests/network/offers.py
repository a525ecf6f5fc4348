"""Rows of offerings, registrations and contracts for tests, all in order unless a test says otherwise."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from core.clock import now, today
from identity.roles import OrganisationKind
from network.tables import Offering, OfferingState, PriceUnit, Registration, RegistrationKind, RejectionReason
from tests.world import World

BIG = "12345678925"


def add_provider(world: World, name: str = "Praktijk De Brug", *kinds: RegistrationKind) -> UUID:
    """Register a provider with a running contract and registrations that are valid for a year (BIG unless said)."""
    provider_id = world.organisation(OrganisationKind.PROVIDER, name)
    for kind in kinds or (RegistrationKind.BIG,):
        world.add(registration(world, provider_id, kind))
    return provider_id


def registration(world: World, provider_id: UUID, kind: RegistrationKind, days: int = 365) -> Registration:
    """Return a registration that is valid for `days` more days; below zero it has expired."""
    return Registration(
        tenant_id=world.tenant_id,
        provider_id=provider_id,
        kind=kind,
        number=BIG if kind is RegistrationKind.BIG else "90101901",
        valid_until=today() + timedelta(days=days),
    )


def offering(world: World, provider_id: UUID, **changes: Any) -> Offering:
    """Return an approved offering of a psychologist in Utrecht, with whatever a test changes."""
    facts: dict[str, Any] = {
        "title": "Kortdurende behandeling bij spanningsklachten",
        "description": "Acht gesprekken, werkgericht.",
        "intervention": "PSY",
        "causes": ["M01"],
        "sickness_years": [1, 2],
        "postcode": "3511",
        "region": "Utrecht",
        "languages": ["nl"],
        "latitude": 52.09,
        "longitude": 5.12,
        "radius_km": 0,
        "price_cents": 10_500,
        "price_unit": PriceUnit.SESSION,
        "vat_rate": 0,
        "price_valid_from": today() - timedelta(days=100),
        "stated_wait_days": 10,
        "stated_on": today(),
        "state": OfferingState.APPROVED,
        "decided_at": now(),
    }
    facts |= changes
    if facts["state"] is OfferingState.REJECTED:
        facts.setdefault("rejection_reason", RejectionReason.INCOMPLETE)
    return Offering(tenant_id=world.tenant_id, provider_id=provider_id, **facts)


def add_offering(world: World, provider_id: UUID, **changes: Any) -> UUID:
    """Write an approved offering, with whatever a test changes, and return its id."""
    made = offering(world, provider_id, **changes)
    world.add(made)
    return made.id
