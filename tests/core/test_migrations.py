"""Which schema is the newest, known without reading Alembic in."""

from alembic.script import ScriptDirectory
from sqlalchemy import text

from core.database import Database
from core.migrations import is_current, newest
from core.upgrade import config


def test_the_newest_version_is_the_one_that_alembic_would_go_to(database: Database) -> None:
    with database.owner.connect() as connection:
        assert ScriptDirectory.from_config(config(connection)).get_heads() == [newest()]


def test_a_database_is_current_until_it_is_behind(database: Database) -> None:
    with database.owner.connect() as connection:
        assert is_current(connection)
        connection.execute(text("UPDATE app.alembic_version SET version_num = '0000'"))
        assert not is_current(connection)
        connection.execute(text("DROP TABLE app.alembic_version"))
        assert not is_current(connection)
        connection.rollback()
