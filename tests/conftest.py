"""Real PostgreSQL for every test: one embedded server, one migrated template, one copy of it for each worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from core.database import Database
from core.embedded_postgres import EmbeddedPostgres
from core.migrations import migrate
from core.settings import ROOT, Settings
from tests.world import World

SERVER = ROOT / ".data" / "tests"
SECRET = "a-secret-for-the-tests-that-is-long-enough"
TEMPLATE = "providerboog_template"


def server() -> EmbeddedPostgres:
    """Return the server of the test run; its data may be lost, so it need not wait for the disk."""
    return EmbeddedPostgres(SERVER, durable=False, settings={"max_connections": "200"})


def settings_for_tests(data_dir: Path) -> Settings:
    """Return settings for tests, whatever the environment says."""
    return Settings(data_dir=data_dir, secret_key=SecretStr(SECRET), demo=False, pool_size=4)


def administer(running: EmbeddedPostgres, *statements: str) -> None:
    """Run statements on the server itself, outside any transaction."""
    engine = create_engine(running.url("postgres", "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def pytest_configure(config: pytest.Config) -> None:
    """Start the server and migrate the template once, in the process that leads the run."""
    if hasattr(config, "workerinput"):
        return
    running = server()
    running.start()
    config.stash[STARTED] = running
    administer(running, f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)", f"CREATE DATABASE {TEMPLATE}")
    database = Database(settings_for_tests(SERVER), running.url(TEMPLATE, "postgres"))
    migrate(database)
    database.dispose()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that this run started."""
    if STARTED in config.stash:
        config.stash[STARTED].stop()


STARTED = pytest.StashKey[EmbeddedPostgres]()


@pytest.fixture(scope="session")
def database(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A migrated database of this worker's own."""
    running = server()
    running.start()
    name = f"providerboog_{worker_id}"
    administer(
        running,
        f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
        f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy",
    )
    made = Database(settings_for_tests(tmp_path_factory.mktemp("data")), running.url(name, "postgres"))
    yield made
    made.dispose()
    running.stop()


@pytest.fixture
def world(database: Database) -> World:
    """An arbodienst of this test's own: what other tests do cannot be seen from it."""
    return World(database)
