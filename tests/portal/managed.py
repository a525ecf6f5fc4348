"""A network with its manager, for tests of his pages."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from network.tables import (
    Contract,
    Offering,
    Registration,
)
from tests.world import World

ADMISSION = {
    "name": "Coachpraktijk Zuid",
    "name_reveals_care": "no",
    "kvk": "12 34 56 78",
    "iban": "nl91 abna 0417 1643 00",
    "vat_id": "NL123456782B12",
    "street": "Weg 1",
    "postcode": "3511ab",
    "city": "Utrecht",
    "email": "info@zuid.test",
    "starts_on": "01-02-2026",
}


@dataclass(frozen=True)
class Network:
    """A provider with a contract, a BIG registration and an offering that waits for approval."""

    world: World
    provider_id: UUID
    offering_id: UUID

    @property
    def known(self) -> dict[str, UUID | int]:
        return {
            "provider_id": self.provider_id,
            "offering_id": self.offering_id,
            "contract_id": self.one(Contract).id,
            "registration_id": self.one(Registration).id,
        }

    def one(self, table: type[Any], **where: Any) -> Any:
        """Return the one row of a table of this provider, as it stands now."""
        with Session(self.world.database.owner) as session:
            return session.exec(select(table).filter_by(**({"provider_id": self.provider_id} | where))).one()

    def offering(self) -> Offering:
        found: Offering = self.one(Offering, id=self.offering_id)
        return found


def provider_page(network: Network, rest: str = "") -> str:
    return f"/netwerk/providers/{network.provider_id}{rest}"
