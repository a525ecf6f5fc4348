"""Servers for the tests that look at pages the way people do."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI

from application import build
from cases.tables import ConsentScope
from core.database import Database
from identity.roles import Role
from network.tables import OfferingState
from tests.billing.office import CONF, Office
from tests.medical.stage import Stage
from tests.network.offers import add_offering, add_provider
from tests.portal.kitchen import sink
from tests.portal.managed import Network
from tests.portal.requested import Asked
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
def physician(stage: Stage, sign_in: SignIn) -> Visitor:
    """The physician of the stage, in the portal."""
    return sign_in(stage.physician)


@pytest.fixture
def delegate(stage: Stage, sign_in: SignIn) -> Visitor:
    """The delegate of the stage, in the portal."""
    return sign_in(stage.delegate)


@pytest.fixture
def secretary(office: Office, sign_in: SignIn) -> Visitor:
    """The medical secretariat of the office, in the portal."""
    return sign_in(office.secretary)


@pytest.fixture
def network(world: World) -> Network:
    """A provider whose offering waits for approval."""
    provider_id = add_provider(world)
    waiting = add_offering(world, provider_id, state=OfferingState.SUBMITTED, decided_at=None)
    return Network(world, provider_id, waiting)


@pytest.fixture
def manager(world: World, sign_in: SignIn) -> Visitor:
    """The network manager, in the portal."""
    return sign_in(world.actor(Role.NETWORK_MANAGER))


@pytest.fixture
def asked(world: World, sign_in: SignIn) -> Asked:
    """A request for co-financing that waits for its case manager."""
    office = Office(world)
    employer = office.employer()
    office.insurer(employer)
    sick = office.sick(employer, ConsentScope.EMPLOYER, ConsentScope.INSURER)
    request = office.request_of(office.referred(sick, CONF, cofinancing=True))
    assert request is not None
    return Asked(office, sick, request.id, sign_in(office.case_manager(employer)))
