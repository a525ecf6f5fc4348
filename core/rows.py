"""Straight to the database, past a session that keeps track of rows: for what every request does."""

from collections.abc import Callable, Iterable, Mapping
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
    append_all(session, kind, (values,))


def append_all(session: Session, kind: type[SQLModel], /, rows: Iterable[Mapping[str, object]]) -> None:
    """Insert rows of `kind` now, all in one go; else as `append` does."""
    statement, defaults = _insertion(kind)
    whole = []
    for values in rows:
        if unknown := values.keys() - defaults.keys():
            raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
        whole.append({name: values[name] if name in values else default() for name, default in defaults.items()})
    if whole:
        session.connection().execute(statement, whole)


@cache
def _insertion(kind: type[SQLModel]) -> tuple[Insert, Mapping[str, Callable[[], object]]]:
    """Return the statement that fills a table, and what makes the default of each column that it fills."""
    table, fields = inspect(kind).local_table, kind.model_fields
    filled = (column.key for column in table.columns if column.identity is None)
    return table.insert(), {name: partial(fields[name].get_default, call_default_factory=True) for name in filled}
