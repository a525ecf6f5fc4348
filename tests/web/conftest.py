"""The whole application, and a visitor for each role: with a browser and with a token."""

from collections.abc import Callable, Iterator
from functools import cache
from uuid import UUID

import pytest
from fastapi import FastAPI

from application import build
from core.database import Database
from identity.roles import OrganisationKind, Role
from tests.medical.stage import Stage
from tests.wall.walk import Call, Visitor, calls

PEOPLE = tuple(sorted(set(Role) - {Role.SYSTEM}))
SOMETHING = UUID("5a1c0de5-0000-4000-8000-000000000000")
WALK_ALL = {Role.PHYSICIAN, Role.EMPLOYER}
"""One role of each side walks what everybody may, such as the pages of the own account; the others what is theirs."""


@cache
def everybodys(app: FastAPI) -> frozenset[Call]:
    """Return the calls that every role may make."""
    return frozenset.intersection(*(frozenset(calls(app, (SOMETHING,), role, refused=False)) for role in PEOPLE))


def own_calls(app: FastAPI, role: Role) -> Iterator[Call]:
    """Yield every call that the policy gives to a role, but the one that ends its session."""
    for call in calls(app, (SOMETHING,), role, refused=False):
        if call.url != "/account/sign-out" and (role in WALK_ALL or call not in everybodys(app)):
            yield call


@pytest.fixture(scope="session")
def app(database: Database) -> FastAPI:
    """The whole application."""
    return build(database.settings, database)


@pytest.fixture
def visitor(app: FastAPI, stage: Stage) -> Callable[[Role], Visitor]:
    """Returns somebody of a role around one case."""

    def made(role: Role) -> Visitor:
        world = stage.world
        if role is Role.EMPLOYEE:
            return Visitor(app, world.actor(role, stage.employer_id, subject_id=stage.employee_id))
        place = {
            Role.PROVIDER: lambda: stage.provider_id,
            Role.EMPLOYER: lambda: stage.employer_id,
            Role.INSURER: lambda: world.organisation(OrganisationKind.INSURER, "Verzekeraar"),
        }.get(role)
        of_employers = role in (Role.DELEGATE, Role.CASE_MANAGER)
        return Visitor(
            app,
            world.actor(role, place() if place else None, employers=(stage.employer_id,) if of_employers else ()),
        )

    return made
