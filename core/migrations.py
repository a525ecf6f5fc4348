"""Brings a database to the newest schema, and gives the doors' logins their passwords."""

import alembic.command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import Connection, text

from core.database import Database, Door, login_password
from core.settings import ROOT, Settings


def config(connection: Connection) -> Config:
    """Return Alembic's configuration, working on `connection`."""
    made = Config(str(ROOT / "alembic.ini"))
    made.attributes["connection"] = connection
    return made


def migrate(database: Database) -> None:
    """Upgrade the database of the owner to the newest schema in one transaction; safe to repeat."""
    with database.owner.begin() as connection:
        alembic.command.upgrade(config(connection), "head")
        set_passwords(connection, database.settings)


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


def is_current(database: Database) -> bool:
    """Tell whether the schema is there at all; used to answer /readyz."""
    with database.engine(Door.IDENTITY).connect() as connection:
        return connection.execute(text("SELECT to_regclass('identity.account') IS NOT NULL")).scalar_one() is True
