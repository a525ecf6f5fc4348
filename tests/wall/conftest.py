"""One planted network for each worker."""

import pytest
from fastapi import FastAPI

from application import build
from core.database import Database
from tests.wall.planted import Planted, plant


@pytest.fixture(scope="session")
def planted(database: Database) -> Planted:
    """The demo network with canaries in it."""
    return plant(database)


@pytest.fixture(scope="session")
def app(database: Database) -> FastAPI:
    """The whole application."""
    return build(database.settings, database)
