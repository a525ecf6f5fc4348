"""One planted network for each worker, in a database of its own: the demo is loaded into an empty one only."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from application import build
from core.database import Database
from tests.conftest import copied
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
