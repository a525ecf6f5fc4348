"""One house for each worker, with the demo network in a database of its own, and a browser to walk through it."""

import socket
from collections.abc import Iterator

import pytest

from core.database import Database
from tests.conftest import RUN, administer, settings_for_tests
from tests.journeys.house import House, serving


@pytest.fixture(scope="session")
def house(request: pytest.FixtureRequest, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The whole house with its demo network; other tests know nothing of it, nor it of them."""
    run = request.config.stash[RUN]
    name = f"{run.template}_{worker_id}_demo"
    administer(run.server, f"CREATE DATABASE {name} TEMPLATE {run.template} STRATEGY file_copy")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        usual = settings_for_tests(tmp_path_factory.mktemp("house"))
        settings = usual.model_copy(update={"demo": True, "port": listening.getsockname()[1]})
        database = Database(settings, run.server.url(name, "postgres"))
        with serving(database, listening) as running:
            yield running
        database.dispose()
    administer(run.server, f"DROP DATABASE {name} WITH (FORCE)")
