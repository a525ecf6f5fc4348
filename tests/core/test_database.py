"""Connections that lie in the pool: one that broke there is not handed to anybody."""

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlmodel import Session

import core.database
from core.database import Database, Door, as_psycopg
from tests.world import World

OWN = text("SELECT pg_backend_pid()")
END = text("SELECT pg_terminate_backend(:pid)")


def test_each_login_can_be_handed_out_by_hand(database: Database) -> None:
    addresses = {door: f"postgresql://name:password@elsewhere/{door.value}" for door in Door}
    settings = database.settings.model_copy(
        update={f"database_{door.value}_url": SecretStr(address) for door, address in addresses.items()}
    )
    by_hand = Database(settings, None)
    assert {door: by_hand.url(door) for door in Door} == {door: as_psycopg(each) for door, each in addresses.items()}


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
