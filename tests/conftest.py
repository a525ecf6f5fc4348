"""Real PostgreSQL for every test: one embedded server, one migrated template for each run, a copy for each worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
import structlog
from playwright.sync_api import Browser
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from core.database import Database
from core.embedded_postgres import EmbeddedPostgres
from core.logs import configure
from core.migrations import migrate, of_temporary
from core.settings import ROOT, Settings
from core.vault import write_key
from identity.actor import Actor
from tests.billing.office import Office
from tests.browser import chromium
from tests.medical.stage import Stage, set_stage
from tests.world import World

SERVER = ROOT / ".data" / "tests"
SECRET = "a-secret-for-the-tests-that-is-long-enough"
MASTER_KEY = b"k" * 32
ANCHOR_KEY = b"a" * 32
# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")
RUN = pytest.StashKey["Run"]()


@dataclass(frozen=True)
class Run:
    """One run of the tests; two runs side by side share the server and nothing else."""

    server: EmbeddedPostgres
    template: str


def server() -> EmbeddedPostgres:
    """Return the server of the test run; its data may be lost, so it need not wait for the disk."""
    return EmbeddedPostgres(SERVER, durable=False, settings={"max_connections": "200"})


def settings_for_tests(data_dir: Path) -> Settings:
    """Return settings for tests, whatever the environment says."""
    keys = SecretStr(write_key(MASTER_KEY))
    made = Settings(
        data_dir=data_dir,
        secret_key=SecretStr(SECRET),
        demo=False,
        pool_size=4,
        master_keys=keys,
        anchor_keys=SecretStr(write_key(ANCHOR_KEY)),
    )
    # The client of the tests calls the app "testserver", and asks more in a minute than a person does.
    return made.model_copy(update={"meilisearch_url": None, "allowed_hosts": "testserver", "limit_factor": 0})


def administer(running: EmbeddedPostgres, *statements: str) -> None:
    """Run statements on the server itself, outside any transaction."""
    engine = create_engine(running.url("postgres", "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let somebody ask for pictures of every page that a journey looks at."""
    parser.addoption("--pictures", type=Path, metavar="FOLDER", help="leave pictures of pages there, desk and phone")


def pytest_configure(config: pytest.Config) -> None:
    """Start the server, and migrate the template once in the process that leads the run."""
    pytest.MonkeyPatch().setenv("PROVIDERBOOG_MASTER_KEYS", write_key(MASTER_KEY))  # for what reads its own settings
    told: dict[str, Any] | None = getattr(config, "workerinput", None)
    running = server()
    running.start()
    run = Run(running, told["template"] if told else f"run_{uuid4().hex[:12]}")
    config.stash[RUN] = run
    if told is None:
        administer(running, f"CREATE DATABASE {run.template}")
        database = Database(settings_for_tests(SERVER), running.url(run.template, "postgres"))
        migrate(database)
        database.dispose()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of which run it is."""
    node.workerinput["template"] = node.config.stash[RUN].template


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in one order in every process, also where a set gave the parameters."""
    items.sort(key=lambda item: item.nodeid)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take away what this process made, and let go of the server; its last user stops it."""
    run = config.stash.get(RUN, None)
    if run is None:
        return
    if not hasattr(config, "workerinput"):
        administer(run.server, f"DROP DATABASE IF EXISTS {run.template} WITH (FORCE)")
    run.server.stop()


@contextmanager
def copied(config: pytest.Config, name: str, data_dir: Path, *, of: str = "", **differing: Any) -> Iterator[Database]:
    """A fresh copy of the migrated template, or of a database to which nobody is connected; dropped at the end.

    `differing` settings are not the usual.
    """
    run = config.stash[RUN]
    full = f"{run.template}_{name}"
    administer(run.server, f"CREATE DATABASE {full} TEMPLATE {of or run.template}", *of_temporary(full))
    settings = settings_for_tests(data_dir).model_copy(update=differing)
    made = Database(settings, run.server.url(full, "postgres"))
    try:
        yield made
    finally:
        made.dispose()
        administer(run.server, f"DROP DATABASE {full} WITH (FORCE)")


@pytest.fixture(scope="session")
def database(
    request: pytest.FixtureRequest, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A migrated database of this worker's own."""
    with copied(request.config, worker_id, tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.fixture(scope="module")
def database_apart(
    request: pytest.FixtureRequest, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A migrated database of one module, for acts that go past everything there is, such as a nightly round."""
    with copied(request.config, f"{worker_id}_{uuid4().hex[:6]}", tmp_path_factory.mktemp("apart")) as made:
        yield made


@pytest.fixture(scope="module")
def quiet_log() -> Iterator[None]:
    """For reports that print as they go: a line for each of many thousand requests stays out of them."""
    configure("WARNING")
    yield
    structlog.reset_defaults()


@pytest.fixture
def world(database: Database) -> World:
    """An arbodienst of this test's own: what other tests do cannot be seen from it."""
    return World(database)


@pytest.fixture
def stage(world: World) -> Stage:
    """A sick employee with everybody around him; nothing judged, nothing consented."""
    return set_stage(world)


@pytest.fixture
def office(world: World) -> Office:
    """The arbodienst as one that charges onward with 21% VAT; nothing supplied yet."""
    return Office(world)


@pytest.fixture
def employer(office: Office) -> Actor:
    """An employer of the office."""
    return office.employer("Bakkerij Zonneveld")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium; one for each worker, for Playwright runs once in a process."""
    yield from chromium()
