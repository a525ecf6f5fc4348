"""Alembic at work, for the few times that there is something to migrate."""

import alembic.command
from alembic.config import Config
from sqlalchemy import Connection

from core.settings import ROOT


def config(connection: Connection) -> Config:
    """Return Alembic's configuration, working on `connection`."""
    made = Config(str(ROOT / "alembic.ini"))
    made.attributes["connection"] = connection
    return made


def upgrade(connection: Connection) -> None:
    """Bring the database to the newest schema, in the caller's transaction."""
    alembic.command.upgrade(config(connection), "head")
