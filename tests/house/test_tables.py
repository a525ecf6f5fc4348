"""Every table says what it holds, and the schema, the keys and the database hold it to that."""

import re

import alembic.command
import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

import schema
from core.database import Database, Door
from core.privacy import PrivacyClass
from core.upgrade import config

FORBIDDEN = re.compile(r"(^|_)(bsn|cas|diagnos\w*|icd\w*|burgerservice\w*)(_|$)")
TABLES = {str(mapper.local_table): mapper.class_ for mapper in SQLModel._sa_registry.mappers}


def test_all_tables_are_known() -> None:
    assert set(TABLES) == {table.fullname for table in schema.metadata.sorted_tables}
    assert {table.schema for table in schema.metadata.sorted_tables} == set(schema.SCHEMAS)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_health_is_in_the_medical_schema_and_only_there(name: str) -> None:
    """R18."""
    declared = vars(TABLES[name]).get("__privacy__")
    assert isinstance(declared, PrivacyClass)
    assert (declared == PrivacyClass.HEALTH) == name.startswith("medical.")


def test_no_key_leads_from_an_open_room_to_the_medical_one() -> None:
    """R18."""
    across = [
        f"{table.fullname}.{key.parent.name}"
        for table in schema.metadata.sorted_tables
        for key in table.foreign_keys
        if table.schema != "medical" and key.target_fullname.startswith("medical.")
    ]
    assert across == []


def test_no_bsn_no_diagnosis_no_cas_code() -> None:
    """R72."""
    columns = [f"{t.fullname}.{c.name}" for t in schema.metadata.sorted_tables for c in t.columns]
    assert columns
    assert [name for name in columns if FORBIDDEN.search(name.rsplit(".", 1)[1])] == []


def test_tables_and_migrations_agree(database: Database) -> None:
    with database.owner.connect() as connection:
        alembic.command.check(config(connection))


def test_row_level_security_is_forced_everywhere(database: Database) -> None:
    query = text(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname = ANY(:schemas) AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
    )
    with database.owner.connect() as connection:
        assert connection.execute(query, {"schemas": list(schema.SCHEMAS)}).scalars().all() == []


def test_on_every_table_it_is_asked_once_who_is_believed(database: Database) -> None:
    """R22: in a restrictive policy for everybody, which no other policy takes back."""
    query = text(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname = ANY(:schemas) AND NOT EXISTS (SELECT FROM pg_policy p WHERE"
        " p.polrelid = c.oid AND NOT p.polpermissive AND p.polcmd = '*' AND p.polroles = '{0}' AND"
        " pg_get_expr(p.polqual, c.oid) LIKE '%SELECT app.believed_role()%IS NOT NULL%')"
    )
    with database.owner.connect() as connection:
        assert connection.execute(query, {"schemas": list(schema.SCHEMAS)}).scalars().all() == []


def test_a_login_owns_nothing_and_is_nobody_special(database: Database) -> None:
    """R22."""
    owned = text(
        "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
        " WHERE r.rolname LIKE 'providerboog%login'"
    )
    special = text(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'providerboog%'"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
    )
    with database.owner.connect() as connection:
        assert connection.execute(owned).scalar_one() == 0
        assert connection.execute(special).scalars().all() == []


def test_only_its_own_logins_are_believed_to_be_the_system(database: Database) -> None:
    """R22: what they belong to gives no rights, and nobody can become it."""
    members = text(
        "SELECT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member"
        " WHERE a.roleid = 'providerboog_system'::regrole AND NOT (a.admin_option OR a.inherit_option OR a.set_option)"
    )
    believed = text(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'providerboog%'"
        " AND pg_has_role(rolname, 'providerboog_system', 'MEMBER') AND rolname <> 'providerboog_system'"
    )
    logins = {Door.SYSTEM_OPEN.login, Door.SYSTEM_CARE.login}
    with database.owner.connect() as connection:
        assert set(connection.execute(members).scalars()) == logins
        assert set(connection.execute(believed).scalars()) == logins


REMOVER = "providerboog_remover"
"""Who owns the functions that take away what has passed its term; nobody can sign in as him or become him (R71)."""


def test_only_the_care_role_may_enter_the_medical_schema(database: Database) -> None:
    """R22: and the remover, who is nobody."""
    query = text(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'providerboog%'"
        " AND has_schema_privilege(rolname, 'medical', 'USAGE')"
    )
    with database.owner.connect() as connection:
        assert connection.execute(query).scalars().all() == [Door.CARE.role, REMOVER]


def test_nothing_is_deleted_by_anybody(database: Database) -> None:
    query = text(
        "SELECT DISTINCT grantee FROM information_schema.role_table_grants"
        " WHERE grantee LIKE 'providerboog%' AND privilege_type IN ('DELETE', 'TRUNCATE') AND table_schema <> 'jobs'"
    )
    become = text(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'providerboog%' AND rolname <> :remover"
        " AND pg_has_role(rolname, :remover, 'MEMBER')"
    )
    with database.owner.connect() as connection:
        assert connection.execute(query).scalars().all() == [REMOVER]
        assert connection.execute(become, {"remover": REMOVER}).scalars().all() == []
