"""Rows by the hundred thousand: drafted as plain values, and copied into the database as a stream."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import groupby
from typing import Any

from psycopg import Cursor, sql
from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

from core.sealed import seal_rows, sealed_columns


@dataclass(frozen=True, slots=True)
class Draft:
    """A row to be: its table, and the values that differ from the table's own defaults.

    An instance of the table itself takes fifteen times as long to make, which a large network would wait for.
    """

    table: type[SQLModel]
    values: Mapping[str, Any]


def draft(table: type[SQLModel], **values: Any) -> Draft:
    """Return a row to be."""
    return Draft(table, values)


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as a stream sees it: its schema, its name, its columns, and what stands in those that are left out."""

    schema: str
    name: str
    defaults: Mapping[str, Callable[[], Any] | None]

    def row(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the values in the order of the columns; raises TypeError for one that is missing or has no column."""
        found = [_plain(values[name]) if name in values else self._left_out(name) for name in self.defaults]
        if not values.keys() <= self.defaults.keys():
            raise TypeError(f"{self.name} has no {sorted(values.keys() - self.defaults.keys())}")
        return found

    def _left_out(self, name: str) -> Any:
        default = self.defaults[name]
        if default is None:
            raise TypeError(f"{self.name} needs {name}")
        return default()


def copy(connection: Connection, drafts: Iterable[Draft]) -> None:
    """Insert rows in the order given; rows of one table that follow each other go in one stream.

    What is sealed in their table is sealed on its way; raises PermissionError where the connection has no keyring.
    """
    raw = connection.connection.driver_connection
    if raw is None:
        raise RuntimeError("no connection to copy on")
    with raw.cursor() as cursor:
        for table, rows in groupby(drafts, key=lambda each: each.table):
            _copy(cursor, shape(table), _rows(connection, table, rows))


def _rows(connection: Connection, table: type[SQLModel], drafts: Iterable[Draft]) -> Iterable[list[Any]]:
    into, mapped = shape(table), inspect(table).local_table
    rows = (into.row(each.values) for each in drafts)
    if not sealed_columns(mapped):
        return rows
    whole = (dict(zip(into.defaults, row, strict=True)) for row in rows)
    return [list(row.values()) for row in seal_rows(connection, mapped, whole)]


@cache
def shape(table: type[SQLModel]) -> Shape:
    """Return how rows of a table are copied."""
    mapped = inspect(table).local_table
    fields = table.model_fields
    return Shape(
        mapped.schema,
        mapped.name,
        {column.name: _default(fields[column.name]) for column in mapped.columns},
    )


def _default(field: Any) -> Callable[[], Any] | None:
    if field.is_required():
        return None
    made: Callable[[], Any] = field.default_factory or (lambda: _plain(field.default))
    return made


def _copy(cursor: Cursor[Any], into: Shape, rows: Iterable[list[Any]]) -> None:
    # A table with row-level security takes no stream, so the rows come in beside it and are moved over in one go.
    table, beside = sql.Identifier(into.schema, into.name), sql.Identifier("pg_temp", f"incoming_{into.name}")
    columns = sql.SQL(", ").join(map(sql.Identifier, into.defaults))
    cursor.execute(sql.SQL("CREATE TEMPORARY TABLE {} (LIKE {}) ON COMMIT DROP").format(beside, table))
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(beside, columns)) as stream:
        for row in rows:
            stream.write_row(row)
    cursor.execute(
        sql.SQL("INSERT INTO {} ({columns}) SELECT {columns} FROM {}").format(table, beside, columns=columns)
    )
    cursor.execute(sql.SQL("DROP TABLE {}").format(beside))


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
