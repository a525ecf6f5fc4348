"""An open role with nothing but SQL finds no canary in anything that it can read."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.database import Database, Door
from identity.roles import Role
from tests.wall.planted import ACCOUNTS, OPEN_ROLES, Planted
from tests.wall.walk import written

RELATIONS = text(
    "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'v', 'm', 'S') AND n.nspname NOT LIKE 'pg_toast%' ORDER BY 1"
)
NETWORK = ("identity.organisation", "identity.membership", "identity.person", "identity.account", "network.")
"""Who is in the network, and what he offers: business facts, which say nothing of any employee."""
ATTACKS = (
    "SELECT * FROM medical.referral",
    "SELECT r.number FROM cases.absence_case c JOIN medical.referral r ON r.case_id = c.id",
    "SET ROLE providerboog_care",
    "SET SESSION AUTHORIZATION providerboog_care_login",
    "RESET SESSION AUTHORIZATION; SET ROLE providerboog_care",
    "SELECT medical.is_physician(gen_random_uuid())",
    "SELECT nextval('jobs.procrastinate_jobs_id_seq')",
    "SELECT * FROM jobs.procrastinate_jobs",
    "SELECT password_hash FROM identity.account",
    "SELECT * FROM identity.web_session",
    "COPY medical.referral TO STDOUT",
    "CREATE TABLE app.stolen AS SELECT * FROM medical.referral",
    "SELECT lo_import('/etc/passwd')",
    "EXPLAIN ANALYZE SELECT * FROM medical.referral",
    "ALTER TABLE billing.charge DISABLE ROW LEVEL SECURITY",
    "DELETE FROM identity.audit_event",
)


def looked_for(planted: Planted, role: Role, relation: str) -> frozenset[str]:
    """Return the needles that may not be in a relation."""
    if relation.startswith("pg_catalog."):
        # The system's own tables are full of numbers that mean nothing here.
        return frozenset(needle for needle in planted.needles[role] if not needle.isdigit())
    if role in (Role.CASE_MANAGER, Role.AUDITOR) and relation.startswith(NETWORK):
        return planted.needles[Role.NETWORK_MANAGER]
    return planted.needles[role]


@pytest.mark.parametrize("role", OPEN_ROLES)
def test_no_readable_row_holds_a_canary(database: Database, planted: Planted, role: Role) -> None:
    """R18."""
    actor = planted.stage.actors[ACCOUNTS[role]]
    with database.owner.connect() as connection:
        relations = connection.execute(RELATIONS).scalars().all()
    read, leaks = 0, {}
    for relation in relations:
        try:
            with planted.stage.acting(actor, door=Door.OPEN) as act:
                rows = act.session.execute(text(f"SELECT t::text FROM {relation} t")).scalars().all()
        except DBAPIError:
            continue
        read += 1
        everything = "\n".join(rows).casefold()
        needles = looked_for(planted, role, relation)
        if found := {n for n in needles if any(form in everything for form in written(n))}:
            leaks[relation] = found
    assert read > 10
    assert leaks == {}


@pytest.mark.parametrize("statement", ATTACKS)
def test_an_attack_is_refused(planted: Planted, statement: str) -> None:
    """R18."""
    employer = planted.stage.actors["werkgever"]
    with pytest.raises(DBAPIError), planted.stage.acting(employer, door=Door.OPEN) as act:
        act.session.connection().exec_driver_sql(statement)


def test_jobs_hold_identifiers_and_nothing_else(database: Database, planted: Planted) -> None:
    with database.owner.connect() as connection:
        arguments = connection.execute(text("SELECT args FROM jobs.procrastinate_jobs")).scalars().all()
    values = [str(value) for each in arguments for value in each.values()]
    assert values
    assert [value for value in values if len(value) != 36 and not value.isdigit()] == []
