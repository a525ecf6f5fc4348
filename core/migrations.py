"""Brings a database to the newest schema, and gives the doors' logins their passwords."""

import time
from importlib import import_module

import structlog
from psycopg import sql
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from core.database import Database, Door, login_password
from core.settings import ROOT, Settings

log = structlog.get_logger()
TRIES, PAUSE_SECONDS = 40, 1.5
VERSIONS = ROOT / "alembic" / "versions"
IS_THERE = text("SELECT to_regclass('app.alembic_version') IS NOT NULL")
AT = text("SELECT version_num FROM app.alembic_version")


def migrate(database: Database) -> None:
    """Upgrade the database of the owner to the newest schema in one transaction; safe to repeat.

    A lock that a migration cannot have at once is not waited for, since everybody who comes after would wait behind
    it: the migration lets go of everything and begins again a while later.
    """
    for left in reversed(range(TRIES)):
        try:
            _migrate_once(database)
        except OperationalError as fault:
            if not isinstance(fault.orig, LockNotAvailable) or not left:
                raise
            log.warning("migration_waits_for_a_lock", count=left)
            time.sleep(PAUSE_SECONDS)
        else:
            return


def _migrate_once(database: Database) -> None:
    """Alembic takes as long to read in as a whole room, so it is left alone where there is nothing to do."""
    with database.owner.begin() as connection:
        if not is_current(connection):
            import_module("core.upgrade").upgrade(connection)
        set_passwords(connection, database.settings)
        close_temporary(connection)


def newest() -> str:
    """Return the newest version of the schema: the files are numbered."""
    return max(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*.py"))


def is_current(connection: Connection) -> bool:
    """Tell whether the owner's database has the newest schema."""
    return connection.execute(IS_THERE).scalar_one() is True and connection.execute(AT).scalar() == newest()


def set_passwords(connection: Connection, settings: Settings) -> None:
    """Give each door's login the password that follows from the secret key, so that a new key takes effect at once."""
    raw = connection.connection.driver_connection
    if raw is None:
        raise RuntimeError("no connection to set passwords on")
    for door in Door:
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(
            sql.Identifier(door.login), sql.Literal(login_password(settings, door.login))
        )
        raw.execute(statement)


def close_temporary(connection: Connection) -> None:
    """Let nobody but the owner and the keeper make temporary tables and functions, which are found before our own.

    That right stands on the database itself and not in it: a copy or a restored backup does not bring it along.
    """
    name = connection.execute(text("SELECT current_database()")).scalar_one()
    for statement in of_temporary(name):
        connection.execute(text(statement))


def of_temporary(database: str) -> tuple[str, ...]:
    """Return the statements that close a database of this name; the keeper sets up a network by way of such tables."""
    quoted = '"' + database.replace('"', '""') + '"'
    return (
        f"REVOKE TEMPORARY ON DATABASE {quoted} FROM PUBLIC",
        f"GRANT TEMPORARY ON DATABASE {quoted} TO providerboog_keeper",
    )
