"""Runs migrations on the connection that the caller hands over, one process at a time."""

from typing import Literal

from alembic.autogenerate.api import AutogenContext
from sqlalchemy import text
from sqlalchemy.sql.schema import SchemaItem

import schema
from alembic import context
from core.sealed import Sealed

LOCK = 7_205_759  # the advisory lock that keeps two migrating processes apart
FOR_OTHERS = "60s"  # that another process which migrates gets to finish
FOR_A_LOCK = "500ms"  # that readers and writers are held up at most, while a table is waited for


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Look at the schemas of the house only; the job queue keeps its own."""
    return name in schema.SCHEMAS if kind == "schema" else True


def include_object(_item: SchemaItem, name: str | None, kind: str, _reflected: bool, _other: SchemaItem | None) -> bool:
    """Leave out the table in which Alembic itself remembers where it is."""
    return not (kind == "table" and name == "alembic_version")


def render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write a sealed column as what it is to the database: bytes."""
    return "sa.LargeBinary()" if kind == "type" and isinstance(item, Sealed) else False


def run() -> None:
    """Migrate within one transaction, so that a failing migration leaves nothing behind."""
    connection = context.config.attributes["connection"]
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS app"))
    context.configure(
        connection=connection,
        target_metadata=schema.metadata,
        include_schemas=True,
        include_name=include_name,
        include_object=include_object,
        version_table_schema="app",
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        connection.execute(text(f"SET LOCAL lock_timeout = '{FOR_OTHERS}'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        connection.execute(text(f"SET LOCAL lock_timeout = '{FOR_A_LOCK}'"))
        context.run_migrations()


run()
