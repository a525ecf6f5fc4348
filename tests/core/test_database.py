"""Connections that lie in the pool: one that broke there is not handed to anybody."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

import core.database
from core.database import Database, Door
from tests.world import World

OWN = text("SELECT pg_backend_pid()")
END = text("SELECT pg_terminate_backend(:pid)")


def served_by(database: Database) -> int:
    """Return which process of the server answers behind the open door."""
    with database.transaction(Door.OPEN) as session:
        return int(session.execute(OWN).scalar_one())


def test_a_connection_that_broke_while_it_lay_is_replaced(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(world.database.settings, world.database.owner_url)
    first = served_by(database)
    assert served_by(database) == first
    with Session(world.database.owner) as owner:
        owner.execute(END, {"pid": first})
    monkeypatch.setattr(core.database, "LONGEST_REST", 0.0)
    assert served_by(database) != first
    database.dispose()
