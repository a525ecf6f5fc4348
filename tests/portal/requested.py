"""A request for co-financing that waits, for tests of pages."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from billing.tables import CofinancingRequest
from tests.billing.office import Office, Sick
from tests.portal.visitors import Visitor


@dataclass(frozen=True)
class Asked:
    """A request for co-financing that waits to be sent: a price of 1,000 euros, half of it asked, 20 days expected."""

    office: Office
    sick: Sick
    id: UUID
    manager: Visitor

    @property
    def path(self) -> str:
        return f"/regie/cofinanciering/{self.id}"

    def stored(self) -> CofinancingRequest:
        with Session(self.office.world.database.owner) as session:
            return session.get_one(CofinancingRequest, self.id)
