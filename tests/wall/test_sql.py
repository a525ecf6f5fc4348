"""An open role with nothing but SQL: no statement of a long list, made from the catalogue, reads anything of health."""

import psycopg
import pytest
from sqlalchemy import text

from core.database import Database
from identity.actor import Actor
from identity.roles import Role
from tests.wall.planted import ACCOUNTS, OPEN_ROLES, Planted
from tests.wall.sql_attacks import BY_NUMBER, WITH_A_TABLE, Hidden, attacks
from tests.wall.sql_functions import callable_functions, calls_of
from tests.wall.sql_session import SqlSession, sql_session
from tests.wall.written import Needles

RELATIONS = text(
    "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'v', 'm', 'S') AND n.nspname NOT LIKE 'pg_toast%' ORDER BY 1"
)
HIDDEN = text(
    "SELECT c.oid::regclass::text, c.oid, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " WHERE c.relnamespace = 'medical'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'S', 'p', 'f') GROUP BY c.oid"
)
NETWORK = ("identity.organisation", "identity.membership", "identity.person", "identity.account", "network.")
"""Who is in the network, and what he offers: business facts, which say nothing of any employee."""

BARE_LOGIN = "bare login"
WHO = (*OPEN_ROLES, BARE_LOGIN)
QUOTING = ("(t::text)::int = 0", "1 / length(left(t::text, 0)) = 1", "(t::text)::jsonb IS NULL")
"""Conditions that fail on every row, with words that quote it."""

FEWEST_ATTACKS, FEWEST_CALLS = 3_500, 3_000


def actor_of(planted: Planted, who: str) -> Actor | None:
    return None if who == BARE_LOGIN else planted.stage.actors[ACCOUNTS[Role(who)]]


def hidden_tables(database: Database) -> list[Hidden]:
    with database.owner.connect() as connection:
        return [Hidden(name, oid, tuple(columns)) for name, oid, columns in connection.execute(HIDDEN)]


def looked_for(planted: Planted, who: str, relation: str = "") -> Needles:
    """Return the needles that may not be in a relation."""
    role = Role.EMPLOYER if who == BARE_LOGIN else Role(who)
    if role in (Role.CASE_MANAGER, Role.AUDITOR) and relation.startswith(NETWORK):
        return Needles(planted.needles[Role.NETWORK_MANAGER])
    if not relation or relation.startswith("pg_catalog."):
        # The system's own tables are full of numbers that mean nothing here.
        return Needles(needle for needle in planted.needles[role] if not needle.isdigit())
    return Needles(planted.needles[role])


def leaking(needles: Needles, answers: dict[str, str]) -> dict[str, set[str]]:
    """Return which of the answers hold a needle; all are looked through at once, for nearly always none does."""
    if not needles.found(["\n".join(answers.values())]):
        return {}
    return {asked: seen for asked, words in answers.items() if (seen := needles.found([words]))}


@pytest.mark.parametrize("who", WHO)
def test_no_readable_row_holds_a_canary(database: Database, planted: Planted, who: str) -> None:
    """R18."""
    with database.owner.connect() as connection:
        relations = connection.execute(RELATIONS).scalars().all()
    with sql_session(database, actor_of(planted, who)) as session:
        answers = {relation: session.ask(f"SELECT t::text FROM {relation} t") for relation in relations}
    leaks = {
        relation: seen
        for relation, answer in answers.items()
        if (seen := looked_for(planted, who, relation).found([answer.everything]))
    }
    assert sum(not answer.state for answer in answers.values()) > 10
    assert leaks == {}


@pytest.mark.parametrize("who", WHO)
def test_every_attack_is_refused(database: Database, planted: Planted, who: str) -> None:
    """R18, R22: each for want of the right, and with words that tell nothing."""
    with sql_session(database, actor_of(planted, who)) as session:
        tried = [(attack, session.ask(attack.statement)) for attack in attacks(hidden_tables(database))]
    assert {(answer.state, attack.statement) for attack, answer in tried if answer.state not in attack.states} == set()
    assert leaking(looked_for(planted, who), {attack.statement: answer.words for attack, answer in tried}) == {}
    assert len(tried) >= FEWEST_ATTACKS


def test_no_function_of_the_catalogue_tells(database: Database, planted: Planted) -> None:
    """R18: each that may be called is called, with names, numbers and queries of medical tables for arguments."""
    table = next(table for table in hidden_tables(database) if table.name == "medical.referral_content")
    tried: dict[str, str] = {}
    for who in (str(Role.EMPLOYER), BARE_LOGIN):
        with sql_session(database, actor_of(planted, who)) as session:
            calls = [call for each in callable_functions(session) for call in calls_of(each, table, planted.ids[0])]
            # What both may call is called once.
            answers = {call: session.ask(call) for call in calls if call not in tried}
        tried |= {call: answer.everything for call, answer in answers.items()}
        assert any(not answer.state for answer in answers.values())
    assert leaking(looked_for(planted, Role.EMPLOYER), tried) == {}
    assert len(tried) >= FEWEST_CALLS


@pytest.mark.parametrize("who", WHO)
def test_no_error_shows_a_row_that_is_not_shown(database: Database, planted: Planted, who: str) -> None:
    """R18: a condition that fails on every row quotes only rows that row-level security lets through."""
    with database.owner.connect() as connection:
        relations = [each for each in connection.execute(RELATIONS).scalars() if not each.startswith("pg_catalog.")]
    with sql_session(database, actor_of(planted, who)) as session:
        answers = {
            (relation, condition): session.ask(f"SELECT count(*) FROM {relation} t WHERE {condition}").everything
            for relation in relations
            for condition in QUOTING
        }
    assert {asked for asked, words in answers.items() if looked_for(planted, who, asked[0]).found([words])} == set()


def test_the_same_statements_work_for_the_owner(database: Database, planted: Planted) -> None:
    """An attack that fails for everybody would prove nothing."""
    address = database.owner.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        connection.execute(b"SET statement_timeout = '500ms'")
        connection.commit()
        session = SqlSession(connection)
        shown = session.ask("TABLE medical.referral_content").everything
        reading = [*WITH_A_TABLE[:20], *BY_NUMBER]
        table = next(each for each in hidden_tables(database) if each.name == "medical.referral_content")
        answers = {each: session.ask(each.format(t=table.name, oid=table.oid)) for each in reading}
    assert planted
    assert "UUID(" in shown
    assert {each: answer for each, answer in answers.items() if answer.state} == {}


def test_jobs_hold_identifiers_and_nothing_else(database: Database, planted: Planted) -> None:
    assert planted
    with database.owner.connect() as connection:
        arguments = connection.execute(text("SELECT args FROM jobs.procrastinate_jobs")).scalars().all()
    values = [str(value) for each in arguments for value in each.values()]
    assert values
    assert [value for value in values if len(value) != 36 and not value.isdigit()] == []
