"""A network in the database with an index of its own, for tests of finding and indexing."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, SQLModel, update

from core.database import Door
from identity.actor import Actor, system
from identity.roles import Role
from network.tables import OfferingState
from search.gateway import SearchEngine
from search.indexing import index_offering
from search.offerings_find import FoundOfferings, find_offerings
from search.query import SearchFilters
from tests.network.offers import add_offering
from tests.world import World
from worker.tasks import JOBS


@dataclass
class Network:
    """A world, and an index that is kept up by hand."""

    world: World
    engine: SearchEngine

    def follow(self, *offering_ids: UUID) -> None:
        """Let the index follow what has become of offerings, as the worker does."""
        actor = system(self.world.tenant_id)
        with self.world.acting(Door.OPEN, actor) as session:
            for offering_id in offering_ids:
                index_offering(session, actor, self.engine, offering_id)

    def offer(self, provider_id: UUID, **changes: Any) -> UUID:
        """Add an approved offering, unless a test says otherwise, and let the index follow."""
        offering_id = add_offering(self.world, provider_id, **changes)
        self.follow(offering_id)
        return offering_id

    def find(
        self, who: Actor | Role = Role.PHYSICIAN, state: OfferingState | None = None, **asked: Any
    ) -> FoundOfferings:
        """Find what an actor finds, or somebody in a role."""
        actor = self.world.actor(who) if isinstance(who, Role) else who
        with self.world.acting(Door.OPEN, actor) as session:
            return find_offerings(session, actor, self.engine, SearchFilters(**asked), state)

    def change(self, table: type[SQLModel], condition: Any, **values: Any) -> None:
        """Change rows past every rule, and without telling the index."""
        with Session(self.world.database.owner) as session:
            session.exec(update(table).where(condition).values(**values))
            session.commit()


def ids(found: FoundOfferings) -> list[UUID]:
    """Return which offerings stand on the page, in order."""
    return [one.offering.id for one in found.page.items]


def work_off(world: World) -> int:
    """Do the indexing jobs that wait for a tenant, as the worker would; return how many there were."""
    waiting = text(
        "DELETE FROM procrastinate_jobs"
        " WHERE task_name LIKE 'search.%' AND args ->> 'tenant_id' = :tenant RETURNING id, task_name, args"
    )
    with Session(world.database.owner) as session:
        session.execute(text("SET LOCAL search_path = jobs"))
        rows = sorted(session.execute(waiting, {"tenant": str(world.tenant_id)}).all())
        session.commit()
    for _id, task, arguments in rows:
        JOBS[task](world.database, **arguments)
    return len(rows)
