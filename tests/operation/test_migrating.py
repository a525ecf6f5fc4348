"""A migration that cannot have its lock lets readers through, and gets there when it can."""

import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

import core.migrations
from core.database import Database
from core.migrations import migrate
from tests.conftest import copied

SLOWEST_READER = 1.5  # seconds; the lock is asked for during half a second


@pytest.fixture
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database in which a migration may fail."""
    with copied(request.config, f"migrating_{uuid4().hex[:6]}", tmp_path_factory.mktemp("own")) as made:
        yield made


@pytest.fixture
def adds_a_column(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be something to migrate, with the limits that migrations have."""

    def upgrade(connection: Connection) -> None:
        connection.execute(text("SET LOCAL lock_timeout = '500ms'"))
        connection.execute(text("ALTER TABLE cases.absence_case ADD COLUMN later text"))

    monkeypatch.setattr(core.migrations, "is_current", lambda _connection: False)
    monkeypatch.setattr("core.upgrade.upgrade", upgrade)
    monkeypatch.setattr(core.migrations, "PAUSE_SECONDS", 0.3)


def reading(own: Database, until: threading.Event, took: list[float]) -> None:
    with own.owner.execution_options(isolation_level="AUTOCOMMIT").engine.connect() as connection:
        while not until.is_set():
            began = time.monotonic()
            connection.execute(text("SELECT count(*) FROM cases.absence_case"))
            connection.rollback()
            took.append(time.monotonic() - began)
            time.sleep(0.02)


@pytest.mark.usefixtures("adds_a_column")
def test_readers_are_let_through_while_it_waits(own: Database) -> None:
    done, took = threading.Event(), list[float]()
    other, third = (Database(own.settings, own.owner_url) for _each in range(2))
    with other.owner.connect() as holder:
        holder.execute(text("SELECT count(*) FROM cases.absence_case"))  # a long report keeps this lock
        reader = threading.Thread(target=reading, args=(third, done, took))
        migrating = threading.Thread(target=migrate, args=(own,))
        reader.start()
        migrating.start()
        time.sleep(2.5)
        assert migrating.is_alive()
        holder.rollback()
    migrating.join(20)
    done.set()
    reader.join(5)
    assert len(took) > 20
    assert max(took) < SLOWEST_READER
    with own.owner.connect() as connection:
        connection.execute(text("SELECT later FROM cases.absence_case"))
    third.dispose()
    other.dispose()


@pytest.mark.usefixtures("adds_a_column")
def test_it_gives_up_after_a_while_and_leaves_nothing(own: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.migrations, "TRIES", 2)
    other = Database(own.settings, own.owner_url)
    with other.owner.connect() as holder:
        holder.execute(text("SELECT count(*) FROM cases.absence_case"))
        with pytest.raises(Exception, match="lock timeout"):
            migrate(own)
    with own.owner.connect() as connection:
        found = connection.execute(
            text("SELECT count(*) FROM information_schema.columns WHERE column_name = 'later'")
        ).scalar_one()
    assert found == 0
    other.dispose()
