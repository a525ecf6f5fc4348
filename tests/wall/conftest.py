"""One planted network for each worker, in a database of its own: the demo is loaded into an empty one only."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from _pytest.terminal import TerminalReporter
from fastapi import FastAPI

from application import build
from core.database import Database
from tests.conftest import copied
from tests.wall.paying_world import PayingWorld, build_paying_world
from tests.wall.planted import Planted, plant


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


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say how much was searched: a search that shrinks is seen by whoever runs it."""
    for report in terminalreporter.getreports("passed"):
        for name, told in report.user_properties:
            if name == "searched":
                terminalreporter.write_line(str(told))
