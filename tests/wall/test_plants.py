"""For each leak that is put in on purpose a test fails: those that find nothing find nothing because it is so."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import cast
from unittest.mock import patch

import grimp
import pytest
import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

import search.indexing
from core import logs
from core.database import Database
from medical.hatch.values import ReleasedCharge
from tests.house import test_definers, test_tables
from tests.medical import test_release_values
from tests.wall import test_fields, test_sql
from tests.wall.paying_world import PayingWorld
from tests.wall.places import index, overhearing, rows
from tests.wall.planted import GOAL, Planted
from tests.wall.plants import PLANTS, narrowed
from tests.wall.sql_attacks import attacks
from tests.wall.written import Needles

pytestmark = pytest.mark.timeout(300)

CAUGHT = (AssertionError, pytest.fail.Exception)
WORDS = Needles({GOAL})


@pytest.mark.parametrize("name", sorted(PLANTS))
def test_a_leak_of_money_is_caught(paying: PayingWorld, name: str) -> None:
    """R43, leaks L1 to L14."""
    plant = PLANTS[name]
    with plant.put_in(paying), pytest.raises(CAUGHT):
        plant.caught_by(narrowed(paying, plant))


def test_without_a_plant_nothing_is_caught(paying: PayingWorld) -> None:
    for plant in {each.caught_by: each for each in PLANTS.values()}.values():
        plant.caught_by(narrowed(paying, plant))


ALL_GOALS = (
    "CREATE FUNCTION app.all_goals() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
    " SET search_path = pg_catalog, pg_temp AS 'SELECT count(*) FROM medical.referral_content'"
)
RIGHTS: dict[str, tuple[str, Callable[[Database], None]]] = {
    "entry to the schema": (
        "GRANT USAGE ON SCHEMA medical TO providerboog_open",
        test_tables.test_only_the_care_role_may_enter_the_medical_schema,
    ),
    "policies that are not forced": (
        "ALTER TABLE medical.referral NO FORCE ROW LEVEL SECURITY",
        test_tables.test_row_level_security_is_forced_everywhere,
    ),
    "a function for all": (
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA medical TO PUBLIC",
        test_definers.test_functions_of_the_medical_room_are_for_its_own_side,
    ),
    "a path that can be misled": (
        "ALTER FUNCTION app.tenants() RESET search_path",
        test_definers.test_none_can_be_misled_by_what_the_caller_made,
    ),
    "a function with the owner's rights": (ALL_GOALS, test_definers.test_each_is_listed_with_its_reason),
    "one more login that is believed": (
        "GRANT providerboog_system TO providerboog_open_login",
        test_tables.test_only_its_own_logins_are_believed_to_be_the_system,
    ),
    "a table that believes everybody": (
        "DROP POLICY believed ON billing.payable",
        test_tables.test_on_every_table_it_is_asked_once_who_is_believed,
    ),
    "removing rows": (
        "GRANT DELETE ON medical.referral TO providerboog_care",
        test_tables.test_nothing_is_deleted_by_anybody,
    ),
}


@dataclass
class Within:
    """A database in which something was done that nobody else sees, and that is taken back."""

    connection: Connection

    @property
    def owner(self) -> "Within":
        """Stand in for the owner's engine."""
        return self

    def connect(self) -> AbstractContextManager[Connection]:
        """Return the connection in which it was done."""
        return nullcontext(self.connection)


@pytest.mark.parametrize("name", sorted(RIGHTS))
def test_a_right_too_many_is_caught(database: Database, name: str) -> None:
    statement, caught_by = RIGHTS[name]
    with database.owner.connect() as connection:
        connection.execute(text(statement))
        with pytest.raises(CAUGHT):
            caught_by(cast("Database", Within(connection)))
        connection.rollback()


ATTACKED = {
    "a grant on one table": (
        "GRANT USAGE ON SCHEMA medical TO providerboog_open;"
        " GRANT SELECT ON medical.referral_content TO providerboog_open",
        "SELECT * FROM medical.referral_content",
    ),
    "how large a table is": (
        "GRANT EXECUTE ON FUNCTION pg_relation_size(regclass), pg_relation_size(regclass, text) TO PUBLIC",
        "SELECT pg_relation_size({oid})",
    ),
    "how many rows a table has": (
        "GRANT SELECT ON pg_class TO PUBLIC",
        "SELECT reltuples, relpages FROM pg_class WHERE oid = {oid}",
    ),
    "who writes when": (
        "GRANT EXECUTE ON FUNCTION pg_stat_get_tuples_inserted(oid) TO PUBLIC",
        "SELECT pg_stat_get_tuples_inserted({oid})",
    ),
}
"""What is granted, and the attack of the list that then goes through."""


@pytest.mark.parametrize("name", sorted(ATTACKED))
def test_an_attack_that_works_is_caught(database: Database, name: str) -> None:
    granted, statement = ATTACKED[name]
    tables = test_sql.hidden_tables(database)
    table = next(each for each in tables if each.name == "medical.referral_content")
    attack = statement.format(oid=table.oid)
    assert attack in {each.statement for each in attacks([table])}
    for before in ("SELECT 1", granted):
        with database.owner.connect() as connection:
            connection.execute(text(before))
            connection.execute(text("SET LOCAL ROLE providerboog_open"))
            outcome = nullcontext() if before == granted else pytest.raises(DBAPIError)
            with outcome:
                connection.execute(text(attack))
            connection.rollback()


def test_a_line_in_the_log_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "KEYS", logs.KEYS | {"goal"})
    with overhearing() as heard:
        structlog.get_logger().info("referral", goal=GOAL)
    assert WORDS.found(lying for _name, lying in heard.places()) == {GOAL}


def test_an_argument_of_a_job_is_caught(database: Database, planted: Planted) -> None:
    assert planted
    with database.owner.connect() as connection:
        put = "UPDATE jobs.procrastinate_jobs SET args = args || jsonb_build_object('goal', CAST(:goal AS text))"
        connection.execute(text(put), {"goal": GOAL})
        within = cast("Database", Within(connection))
        with pytest.raises(CAUGHT):
            test_sql.test_jobs_hold_identifiers_and_nothing_else(within, planted)
        assert WORDS.found(lying for _name, lying in rows(within)) == {GOAL}
        connection.rollback()


def test_a_field_of_the_index_is_caught(database: Database, planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    assert planted
    written = search.indexing.document_of
    monkeypatch.setattr(
        search.indexing, "document_of", lambda *of: written(*of).model_copy(update={"title": f"voor {GOAL}"})
    )
    assert WORDS.found(lying for _name, lying in index(database)) == {GOAL}


def test_a_field_more_in_a_charge_is_caught() -> None:
    class Telling(ReleasedCharge):
        """A charge that would take anything."""

        model_config = {"extra": "allow"}

    values = test_release_values.VALUES[ReleasedCharge]
    with patch.dict(test_release_values.VALUES, {Telling: values}), pytest.raises(CAUGHT):
        test_release_values.test_it_is_frozen_and_takes_no_field_that_is_not_listed(Telling)


def test_a_column_without_a_canary_is_caught(planted: Planted) -> None:
    fewer = replace(planted, columns=planted.columns - {"provider_report.clinical"})
    with pytest.raises(CAUGHT):
        test_fields.test_every_column_of_words_had_a_canary(fewer)


def test_an_import_of_the_medical_room_is_caught() -> None:
    """The contract that `make check` keeps, over the imports as they are and over one more."""
    graph = grimp.build_graph("portal", "api", "medical")
    open_doors = [name for name in graph.modules if name.startswith(("portal.open", "api.open"))]
    medical = {name for name in graph.modules if name.startswith("medical.")}
    assert not [door for door in open_doors if graph.find_modules_directly_imported_by(door) & medical]
    graph.add_import(importer=sorted(open_doors)[0], imported="medical.tables")
    assert [door for door in open_doors if graph.find_modules_directly_imported_by(door) & medical]
