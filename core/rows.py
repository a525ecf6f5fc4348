"""Straight to the database, past a session that keeps track of rows: for what every request does."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from string import Template
from typing import Any, cast
from uuid import UUID

from pydantic.fields import FieldInfo
from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    Insert,
    TextClause,
    Uuid,
    any_,
    inspect,
    literal,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, SQLModel, col

from core.sealed import seal_rows, sealed_columns

MANY = Template(
    "INSERT INTO $table ($names) SELECT $names FROM jsonb_populate_recordset(NULL::$table, CAST(:rows AS jsonb))"
)


def ask(session: Session, question: Executable, /, **values: object) -> CursorResult[Any]:
    """Return the rows that answer a question about columns, for half of what asking it through the session costs.

    The question is put up once and kept, with a `bindparam` for each of `values`.
    """
    if session.autoflush:
        session.flush()
    return session.connection().execute(question, values)


def among(column: object, ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Return, as a condition, that a column holds one of `ids`, which may be more than a statement takes values."""
    return col(column) == any_(literal(list(ids), ARRAY(Uuid())))


def append(session: Session, kind: type[SQLModel], /, **values: object) -> None:
    """Insert a row of `kind` now; what is not among `values` gets its default. The session does not follow it.

    Raises TypeError for a value that has no column.
    """
    statement, _many, defaults = _insertion(kind)
    session.connection().execute(statement, _whole(kind, values, defaults))


def append_all(session: Session, kind: type[SQLModel], /, rows: Iterable[Mapping[str, object]]) -> None:
    """Insert rows of `kind` now, however many, in one statement; else as `append` does.

    They travel as one JSON value, which costs a fraction of what a statement for each row would.
    """
    _one, many, defaults = _insertion(kind)
    whole = [_whole(kind, values, defaults) for values in rows]
    table = inspect(kind).local_table
    if whole and sealed_columns(table):
        whole = seal_rows(session.connection(), table, whole)
    if whole:
        session.connection().execute(many, {"rows": json.dumps(whole, default=_written)})


def _written(value: object) -> str:
    return rf"\x{value.hex()}" if isinstance(value, bytes) else str(value)


def _whole(
    kind: type[SQLModel], values: Mapping[str, object], defaults: Mapping[str, Callable[[], object]]
) -> dict[str, object]:
    if unknown := values.keys() - defaults.keys():
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return {name: values[name] if name in values else default() for name, default in defaults.items()}


@cache
def _insertion(kind: type[SQLModel]) -> tuple[Insert, TextClause, Mapping[str, Callable[[], object]]]:
    """Return the statements that fill a table with a row and with many, and what makes the default of each column."""
    table, fields = inspect(kind).local_table, kind.model_fields
    filled = [column.key for column in table.columns if column.identity is None]
    many = MANY.substitute(table=table.fullname, names=", ".join(filled))
    return table.insert(), text(many), {name: _default(fields[name]) for name in filled}


def _default(field: FieldInfo) -> Callable[[], object]:
    factory = field.default_factory
    return cast("Callable[[], object]", factory) if factory is not None else partial(field.get_default)
