"""Servers for the tests that look at pages the way people do."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI

from application import build
from core.database import Database
from tests.medical.stage import Stage, set_stage
from tests.portal.kitchen import sink
from tests.portal.visitors import SignIn, Visitor, visitors
from tests.world import World


@pytest.fixture(scope="session")
def kitchen_address() -> Iterator[str]:
    """The address of a running kitchen: a portal of nothing but components."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(sink(), log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture(scope="session")
def app(database: Database) -> FastAPI:
    """The whole application."""
    return build(database.settings, database)


@pytest.fixture
def sign_in(app: FastAPI, world: World) -> SignIn:
    """Signs people of this test's arbodienst in to the portal."""
    return visitors(app, world)


@pytest.fixture
def stage(world: World) -> Stage:
    """A sick employee with everybody around him; nothing judged, nothing consented."""
    return set_stage(world)


@pytest.fixture
def physician(stage: Stage, sign_in: SignIn) -> Visitor:
    """The physician of the stage, in the portal."""
    return sign_in(stage.physician)


@pytest.fixture
def delegate(stage: Stage, sign_in: SignIn) -> Visitor:
    """The delegate of the stage, in the portal."""
    return sign_in(stage.delegate)
