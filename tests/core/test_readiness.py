"""/readyz means it: the database behind every door, the schema of this code, and not on the way out."""

import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

import core.readiness
from application import build
from core.database import Database
from core.readiness import Readiness


def nothing() -> bool:
    return False


def test_it_says_what_search_asks(database: Database, tmp_path: Path) -> None:
    client = TestClient(build(database.settings.model_copy(update={"data_dir": tmp_path}), database))
    assert client.get("/readyz").json() == {"status": "ready", "search": "database"}


def test_one_that_leaves_is_not_ready(database: Database) -> None:
    app = build(database.settings, database)
    app.state.readiness.leaving = True
    answer = TestClient(app).get("/readyz")
    assert (answer.status_code, answer.json()["waiting_for"]) == (503, "shutdown")
    assert answer.headers["Retry-After"]


def test_without_a_database_it_is_not_ready_and_says_so_soon(database: Database) -> None:
    away = Database(database.settings, "postgresql://nobody@127.0.0.1:1/none")
    began = time.monotonic()
    assert Readiness(away, nothing).waits_for() == "database"
    assert time.monotonic() - began < 5


def test_one_door_that_is_shut_is_enough(database: Database) -> None:
    wrong = database.settings.model_copy(update={"database_care_url": None})
    made = Database(wrong, database.owner_url)
    made.url = lambda door: Database.url(made, door).set(database="none" if door == "care" else None)  # type: ignore[method-assign]
    assert Readiness(made, nothing).waits_for() == "database"


def test_an_older_schema_waits_and_a_newer_one_does_not(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.readiness, "newest", lambda: "9999")
    assert Readiness(database, nothing).waits_for() == "schema"
    monkeypatch.setattr(core.readiness, "newest", lambda: "0000")
    assert Readiness(database, nothing).waits_for() is None


def test_an_answer_is_kept_for_a_moment(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    readiness = Readiness(database, nothing)
    assert readiness.waits_for() is None
    monkeypatch.setattr(database, "url", lambda _door: pytest.fail("asked again"))
    assert readiness.waits_for() is None


def test_a_search_engine_that_hangs_does_not_hold_up_the_answer(database: Database) -> None:
    def hangs() -> bool:
        time.sleep(3)
        return True

    began = time.monotonic()
    assert not Readiness(database, hangs).searches()
    assert time.monotonic() - began < 2


def test_the_logins_read_the_version_and_nothing_more_of_it(database: Database) -> None:
    with database.owner.connect() as connection:
        rights = connection.execute(
            text(
                "SELECT DISTINCT privilege_type FROM information_schema.role_table_grants"
                " WHERE table_name = 'alembic_version' AND grantee LIKE 'providerboog%'"
            )
        )
        assert rights.scalars().all() == ["SELECT"]
