"""The whole house as `make demo` starts it: the demo network, a server on loopback, and a worker beside."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from httpx2 import Client
from sqlalchemy import text

import demo.network
import demo.play
from application import build
from core.database import Database, Door
from core.settings import Settings
from identity.roles import Role
from identity.sign_in import issue_token
from search.engines import engine_for
from tests.conftest import copied
from tests.journeys.caller import Caller
from worker.open_jobs import rebuild_index
from worker.queue import Worker
from worker.tasks import JOBS, ROUNDS

LONGEST_WAIT = 30  # seconds
IDENTITY = text("SELECT set_config('role', :role, true)")


@dataclass
class House:
    """A house that runs; `address` is where."""

    address: str
    database: Database
    _clients: dict[str, Client] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """The settings with which it runs."""
        return self.database.settings

    def caller(self, name: str) -> Caller:
        """Return somebody of the demo with a token of the kind that `make token` prints, and nobody without a name."""
        if name not in self._clients:
            headers = {"Authorization": f"Bearer {self.token(f'{name}@demo.test')}"} if name else {}
            self._clients[name] = Client(base_url=f"{self.address}/api/v1", headers=headers, timeout=20)
        return Caller(self._clients[name])

    def token(self, email: str, role: Role | None = None) -> str:
        """Return an API token, made as the command line makes it."""
        with self.database.transaction(Door.IDENTITY) as session:
            session.execute(IDENTITY, {"role": Door.IDENTITY.role})
            return issue_token(session, email, role, self.settings)

    def close(self) -> None:
        """Let go of every connection."""
        for client in self._clients.values():
            client.close()


@contextmanager
def house_with_demo(config: pytest.Config, name: str, data_dir: Path) -> Iterator[House]:
    """The whole house as `make demo` starts it, on a port and a database of its own."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        copied(config, name, data_dir, demo=True, port=listening.getsockname()[1]) as made,
        serving(made, listening) as running,
    ):
        yield running


@contextmanager
def serving(database: Database, listening: socket.socket) -> Iterator[House]:
    """Fill an empty database with the demo network, and serve it until the block ends."""
    settings = database.settings
    demo.network.load(database, settings)
    demo.play.play(database)
    rebuild_index(database, engine_for(settings))
    with _working(database), _listening(database, listening):
        house = House(settings.base_url, database)
        yield house
        house.close()


@contextmanager
def _working(database: Database) -> Iterator[None]:
    worker = Worker(database, JOBS, ROUNDS)
    thread = worker.start_beside()
    try:
        yield
    finally:
        worker.stop()
        thread.join(timeout=LONGEST_WAIT)
    assert not thread.is_alive()


@contextmanager
def _listening(database: Database, listening: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(
        build(database.settings, database),
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until = time.monotonic() + LONGEST_WAIT
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    try:
        assert server.started
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=LONGEST_WAIT)
    assert not thread.is_alive()
