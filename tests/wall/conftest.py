"""One planted network for each worker, in a database of its own: the demo is loaded into an empty one only.

So are a world of money, and worlds that differ in health: each is built once, and looked at by many tests.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import uuid4

import pytest
from _pytest.terminal import TerminalReporter
from fastapi import FastAPI

from application import build
from core.database import Database
from identity.roles import Role
from tests.conftest import copied
from tests.wall.health import ONE, OTHER, SAME
from tests.wall.looking import seen
from tests.wall.paying_world import PayingWorld, build_paying_world
from tests.wall.planted import Planted, plant
from tests.wall.worlds import SEED, BuiltWorld, build_world

Fresh = Callable[[], AbstractContextManager[Database]]
Twins = Callable[[], AbstractContextManager[BuiltWorld]]


@pytest.fixture(scope="session")
def database(
    request: pytest.FixtureRequest, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """An empty database for the demo network."""
    with copied(request.config, f"{worker_id}_wall", tmp_path_factory.mktemp("wall")) as made:
        yield made


@pytest.fixture(scope="session")
def planted(database: Database) -> Planted:
    """The demo network with canaries in it."""
    return plant(database)


@pytest.fixture(scope="session")
def app(database: Database) -> FastAPI:
    """The whole application."""
    return build(database.settings, database)


@pytest.fixture(scope="session")
def paying(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PayingWorld]:
    """One world for all leaks of money, in a database of its own."""
    with copied(request.config, f"leaks_{uuid4().hex[:6]}", tmp_path_factory.mktemp("leaks")) as made:
        yield build_paying_world(made)


@pytest.fixture(scope="session")
def plain(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BuiltWorld]:
    """A world that is compared with nothing but its own copies.

    What a process does for the first time may draw lots of its own: this one is built and looked at before any other.
    """
    with copied(request.config, uuid4().hex[:8], tmp_path_factory.mktemp("world")) as made:
        world = build_world(made, SAME, SEED)
        seen(world, Role.INSURER)
        yield world


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, plain: BuiltWorld, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Make fresh databases, as many as asked for, each dropped after use."""
    assert plain
    return lambda: copied(request.config, uuid4().hex[:8], tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def twins(request: pytest.FixtureRequest, plain: BuiltWorld, tmp_path_factory: pytest.TempPathFactory) -> Twins:
    """Copy the plain world with all that is in it, as often as asked for."""

    @contextmanager
    def copy() -> Iterator[BuiltWorld]:
        plain.database.dispose()
        name = plain.database.owner.url.database or ""
        with copied(request.config, uuid4().hex[:8], tmp_path_factory.mktemp("twin"), of=name) as made:
            yield plain.moved_to(made)

    return copy


@pytest.fixture(scope="session")
def pair(databases: Fresh) -> Iterator[tuple[BuiltWorld, BuiltWorld]]:
    """Two worlds that differ in all of health, and in nothing else."""
    with databases() as first, databases() as second:
        yield build_world(first, ONE, SEED), build_world(second, OTHER, SEED)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say how much was searched: a search that shrinks is seen by whoever runs it."""
    for report in terminalreporter.getreports("passed"):
        for name, told in report.user_properties:
            if name == "searched":
                terminalreporter.write_line(str(told))
