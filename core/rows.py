"""Straight to the database, past a session that keeps track of rows: for what every request does."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

from sqlalchemy import CursorResult, Executable, Insert, inspect
from sqlmodel import Session, SQLModel


def ask(session: Session, question: Executable, /, **values: object) -> CursorResult[Any]:
    """Return the rows that answer a question about columns, for half of what asking it through the session costs.

    The question is put up once and kept, with a `bindparam` for each of `values`.
    """
    if session.autoflush:
        session.flush()
    return session.connection().execute(question, values)


def append(session: Session, kind: type[SQLModel], /, **values: object) -> None:
    """Insert a row of `kind` now; what is not among `values` gets its default. The session does not follow it.

    Raises TypeError for a value that has no column.
    """
    statement, defaults = _insertion(kind)
    if unknown := values.keys() - defaults.keys():
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    row = {name: values[name] if name in values else default() for name, default in defaults.items()}
    session.connection().execute(statement, row)


@cache
def _insertion(kind: type[SQLModel]) -> tuple[Insert, Mapping[str, Callable[[], object]]]:
    """Return the statement that fills a table, and what makes the default of each column that it fills."""
    table, fields = inspect(kind).local_table, kind.model_fields
    filled = (column.key for column in table.columns if column.identity is None)
    return table.insert(), {name: partial(fields[name].get_default, call_default_factory=True) for name in filled}
