"""Builds one world from a seed: the same seed gives the same ids, numbers and moments, whatever the health in it."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import text

from application import build
from cases.tables import ConsentScope
from core.database import Database
from identity.actor import Actor
from identity.roles import Role
from tests.billing.office import Office, Sick
from tests.wall import money
from tests.wall.health import AGO, Health
from tests.wall.lives import Lives, seeded
from tests.wall.money import Buyers
from tests.world import World

SEED = 20_261_122
APART = 100_000
"""So far apart are the seeds of two lives: each has a few of its own."""

MOST_IDS = 4
TOLD_ONE, TOLD_AGO = 5, 20
"""The place of the one about whom the employer may know something, and when he was referred: that is told, too."""

HIDDEN, TOLD = (), (ConsentScope.EMPLOYER, ConsentScope.INSURER)
CONSENTS = (HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, TOLD, HIDDEN)
"""What each employee consents to: five who make a pool, one about whom the employer may know something, and one more
who finds nobody to hide among, until the line for services is due."""

WATCHERS = (Role.EMPLOYER, Role.INSURER, Role.CASE_MANAGER, Role.NETWORK_MANAGER)


@dataclass
class BuiltWorld:
    """A world, and who looks at it from the open side."""

    office: Office
    roles: dict[Role, Actor]

    @property
    def database(self) -> Database:
        """The database in which the world is."""
        return self.office.world.database

    @cached_property
    def app(self) -> FastAPI:
        """The whole application on it."""
        return build(self.database.settings, self.database)

    def moved_to(self, database: Database) -> "BuiltWorld":
        """Return the same world in a copy of its database."""
        world = copy(self.office.world)
        world.database = database
        return BuiltWorld(replace(self.office, world=world), self.roles)

    def ids(self) -> list[UUID]:
        """Return ids to ask for, the same things in the same order in every world."""
        tables = (
            "billing.invoice ORDER BY created_at, id",
            "billing.cofinancing_request ORDER BY created_at, id",
            "billing.budget_request ORDER BY created_at, id",
            "billing.payment ORDER BY created_at, id",
            "billing.direct_contract ORDER BY created_at, id",
            "cases.absence_case ORDER BY created_at, id",
            # Who was referred first, and how often in vain, is of health.
            "medical.referral WHERE state <> 'declined' ORDER BY id",
            "network.offering ORDER BY created_at, id",
        )
        with self.database.owner.connect() as connection:
            ids = [connection.execute(text(f"SELECT id FROM {rows}")) for rows in tables]
            return [value for found in ids for value in _ends(found.scalars().all())]


def _ends(ids: Sequence[UUID]) -> Sequence[UUID]:
    """Return the first and the last few: what began it all, and what came of it."""
    return ids if len(ids) <= MOST_IDS else [*ids[: MOST_IDS // 2], *ids[-MOST_IDS // 2 :]]


def build_world(database: Database, health: tuple[Health, ...], seed: int) -> BuiltWorld:
    """Play two months of referrals, each declined first or not, invoices, co-financing and everything of money."""
    with seeded(seed, AGO):
        office = Office(World(database))
        employer = office.employer()
        insurer = office.insurer(employer)
        buyers = Buyers(employer, insurer, office.case_manager(employer))
        roles = {
            Role.EMPLOYER: employer,
            Role.INSURER: insurer,
            Role.CASE_MANAGER: buyers.manager,
            Role.NETWORK_MANAGER: office.world.actor(Role.NETWORK_MANAGER),
            Role.AUDITOR: office.world.actor(Role.AUDITOR),
        }
        lives = Lives.of(office)
        people = [office.sick(employer, *scopes) for scopes in CONSENTS]
    invoices = _live(lives, people, health, seed)
    with seeded(seed + 1):
        money.share(office, buyers)
        office.run()
        money.pay(office, employer, money.issued(office, employer)[0])
        money.specify(office, employer, health[0].words)
    late = replace(health[0], began=0)
    lives.live(people[-1], late, 0, seed=seed + APART * len(people))
    told = health[TOLD_ONE]
    with seeded(seed + 2):
        money.limit(office, employer, 0)
        lives.refer(people[TOLD_ONE], told, lives.houses[told.house], told=True)
        money.agree(office, employer)
        money.limit(office, employer, None)
        money.next_month(office, buyers, [invoices[0], invoices[TOLD_ONE]])
    return BuiltWorld(office, roles)


def _live(lives: Lives, people: list[Sick], health: tuple[Health, ...], seed: int) -> dict[int, UUID]:
    """Live each life, whoever was referred first comes first; return the invoice of each."""
    ago = [TOLD_AGO if nth == TOLD_ONE else each.began for nth, each in enumerate(health)]
    return {
        nth: lives.live(people[nth], health[nth], ago[nth], seed=seed + APART * (nth + 1), cofinancing=nth == TOLD_ONE)
        for nth in sorted(range(len(health)), key=lambda nth: -ago[nth])
    }
