"""A provider and the network manager at work, for tests of publishing and deciding."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.database import Door
from identity.actor import Actor
from identity.roles import Role
from network.offering_values import OfferingValues
from network.offering_view import OfferingView
from network.offerings_decide import approve_offering, reject_offering
from network.offerings_publish import Published, change_offering, publish_offering, withdraw_offering
from network.tables import RejectionReason
from network.waits import state_wait
from tests.world import World

FACTS: dict[str, Any] = {
    "title": "Behandeling bij spanningsklachten",
    "description": "Acht gesprekken, werkgericht.",
    "intervention": "PSY",
    "causes": ["M02", "M01"],
    "sickness_years": [2, 1],
    "postcode": "3511 AB",
    "price_cents": 10_500,
    "price_unit": "session",
    "vat_rate": 0,
    "stated_wait_days": 10,
}


def values(**changes: Any) -> OfferingValues:
    """Return the values of a good offering, with whatever a test changes; None leaves a value out."""
    return OfferingValues.model_validate({k: v for k, v in (FACTS | changes).items() if v is not None})


@dataclass
class Desk:
    """A provider and the network manager, each acting in a transaction of its own."""

    world: World
    provider_id: UUID
    provider: Actor
    manager: Actor

    def publish(self, **changes: Any) -> Published:
        with self.world.acting(Door.OPEN, self.provider) as session:
            return publish_offering(session, self.provider, values(**changes))

    def change(self, offering_id: UUID, version: int | None = None, **changes: Any) -> OfferingView:
        with self.world.acting(Door.OPEN, self.provider) as session:
            return change_offering(session, self.provider, offering_id, values(**changes), version)

    def withdraw(self, offering_id: UUID) -> OfferingView:
        with self.world.acting(Door.OPEN, self.provider) as session:
            return withdraw_offering(session, self.provider, offering_id)

    def wait(self, offering_id: UUID, days: int) -> OfferingView:
        with self.world.acting(Door.OPEN, self.provider) as session:
            return state_wait(session, self.provider, offering_id, days)

    def approve(self, offering_id: UUID, **given: Any) -> OfferingView:
        with self.world.acting(Door.OPEN, self.manager) as session:
            return approve_offering(session, self.manager, offering_id, **given)

    def reject(self, offering_id: UUID, reason: RejectionReason = RejectionReason.PRICE) -> OfferingView:
        with self.world.acting(Door.OPEN, self.manager) as session:
            return reject_offering(session, self.manager, offering_id, reason)

    def approved(self, **changes: Any) -> UUID:
        offering_id = self.publish(**changes).offering.id
        self.approve(offering_id)
        return offering_id


def desk_of(world: World, provider_id: UUID) -> Desk:
    """Return somebody of a provider beside the network manager."""
    return Desk(world, provider_id, world.actor(Role.PROVIDER, provider_id), world.actor(Role.NETWORK_MANAGER))
