"""The database that a command works on: the one that the settings name, or the embedded one."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text

from core.database import Database
from core.embedded_postgres import EmbeddedPostgres
from core.settings import Settings

DATABASE_NAME = "providerboog"
ALONE = 7_205_760  # the advisory lock that keeps two creating processes apart


@contextmanager
def opened(settings: Settings, server: EmbeddedPostgres | None) -> Iterator[Database]:
    """Yield the database on `server`, or the one that the settings name; its connections are closed at the end."""
    if server is not None:
        create_database(server)
        owner: str | None = server.url(DATABASE_NAME, "postgres")
    else:
        owner = settings.database_url.get_secret_value() if settings.database_url else None
    database = Database(settings, owner)
    try:
        yield database
    finally:
        database.dispose()


def create_database(server: EmbeddedPostgres) -> None:
    """Create the database in the embedded server when it is not there yet."""
    engine = create_engine(server.url("postgres", "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ALONE})
        found = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": DATABASE_NAME})
        if found.scalar() is None:
            connection.execute(text(f'CREATE DATABASE "{DATABASE_NAME}"'))
    engine.dispose()
