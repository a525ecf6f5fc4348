"""Whoever says that he is the system: at a login of people nobody believes it, and it opens nothing (ADR 0001)."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlmodel import Session

from core.database import Context, Database, Door
from demo.people import demo_id
from identity.actor import system
from tests.wall.planted import ACCOUNTS, OPEN_ROLES, Planted

READABLE = text(
    "SELECT string_agg(format('SELECT %L, count(*) FROM %I.%I', c.oid::regclass, n.nspname, c.relname), ' UNION ALL ')"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND has_schema_privilege(n.oid, 'USAGE')"
    " WHERE c.relkind = 'r' AND n.nspname = ANY (ARRAY['identity', 'network', 'cases', 'billing', 'medical'])"
    " AND has_any_column_privilege(c.oid, 'SELECT')"
)
BY_THE_SYSTEM = ("UPDATE cases.absence_case SET number = number", "UPDATE cases.employee SET name = name")
"""What it may do on either side, that changes nothing here."""

TENANT = system(demo_id("organisation:arbo")).context


def seen(database: Database, door: Door, context: Context) -> dict[str, int]:
    """Return how many rows of each table that may be read at all are there for `context`."""
    with database.transaction(door, context) as session:
        rows = session.execute(text(session.execute(READABLE).scalar_one()))
        return {name: count for name, count in rows if count}


def changed(session: Session, statement: str) -> int:
    """Return how many rows a statement changes."""
    return int(session.execute(text(f"WITH done AS ({statement} RETURNING 1) SELECT count(*) FROM done")).scalar_one())


@pytest.mark.parametrize("door", [Door.OPEN, Door.CARE])
def test_at_a_login_of_people_it_shows_nothing(database: Database, planted: Planted, door: Door) -> None:
    """R18, R22: whoever says so sees no row of any table, whoever else he says that he is."""
    roles = (planted.stage.actors[ACCOUNTS[role]].context for role in OPEN_ROLES)
    for context in (TENANT, *(replace(each, role="system") for each in roles)):
        assert seen(database, door, context) == {}


@pytest.mark.parametrize("door", [Door.OPEN, Door.CARE])
def test_nor_does_it_change_anything(database: Database, planted: Planted, door: Door) -> None:
    """R22: not by itself, and not through a function that runs with another's rights."""
    assert planted
    with database.transaction(door, TENANT) as session:
        assert [changed(session, each) for each in BY_THE_SYSTEM] == [0, 0]
    with database.transaction(Door.CARE, TENANT) as session:
        assert session.execute(text("SELECT count(*) FROM medical.files_past_term(100)")).scalar_one() == 0


@pytest.mark.parametrize("door", [Door.OPEN, Door.CARE])
def test_the_system_itself_does_both(database: Database, planted: Planted, door: Door) -> None:
    """What is held shut at the logins of people is there."""
    assert planted
    assert len(seen(database, door.of_system, TENANT)) > 20
    with database.transaction(door.of_system, TENANT) as session:
        assert min(changed(session, each) for each in BY_THE_SYSTEM) > 0
