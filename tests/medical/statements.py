"""Listens to what goes to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from core.database import Database, Door


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Collect the statements that the care side sends in the block."""
    statements: list[str] = []
    engine = database.engine(Door.CARE)

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
