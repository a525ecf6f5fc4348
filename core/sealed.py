"""Column types whose values are sealed before they reach the database and opened after they leave it.

A sealed value opens only in its own column of its own row. Reading: the type lets a SELECT hand over the row's id and
the wrapped keys beside the value, so that it opens also without the whole row. Writing: an event of the engine sees
rows on their way and seals them; a value that gets past it is refused. Only an engine that was given a keyring can do
either, and only the medical side's is.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from string import Template
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Dialect, Engine, LargeBinary, Table, event, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Insert, Update
from sqlalchemy.sql.elements import Label
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from core.keyring import Keyring
from core.language import _

PAD = 32  # bytes; so that the length of a value does not tell which code it is
RING = "providerboog_keyring"
HANDED_OVER = Template(
    "(uuid_send($row) || uuid_send($tenant) || coalesce((SELECT coalesce("
    "int2send(octet_length(t_.wrapped)::int2) || uuid_send(t_.id) || t_.wrapped || k_.wrapped, '\\x0000'::bytea)"
    " FROM medical.data_key k_ LEFT JOIN medical.tenant_key t_ ON t_.id = k_.tenant_key_id"
    " WHERE k_.handle = substr($value, 2, 16)), '\\xffff'::bytea) || $value)"
)


class Cell(bytes):
    """A value that was sealed for the row that it is on its way to."""


class Sealed(TypeDecorator[Any]):
    """A sealed column: where it is, and which column of its table holds the subject of its key, most often a case."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str, subject: str = "case_id") -> None:
        """Take the place as `table.column`; a value opens in no other."""
        super().__init__()
        self.place, self.subject = place, subject

    @property
    def about(self) -> bytes:
        """Return to what a value is bound, beside its row."""
        return f"medical.{self.place}:".encode()

    def packed(self, value: Any) -> bytes:
        """Return a value as bytes, before they are sealed."""
        return bytes(value)

    def unpacked(self, content: bytes) -> Any:
        """Return a value from the bytes that were sealed."""
        return content

    def gone(self) -> Any:
        """Return what is read where the key was destroyed."""
        return None

    def process_bind_param(self, value: Any, _dialect: Dialect) -> bytes | None:
        """Let through what was sealed on its way, and nothing else."""
        if value is None or isinstance(value, Cell):
            return value
        raise TypeError(f"{self.place} is sealed: write it as a row on the medical side, and do not compare with it")

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """Return a value as it was before it was sealed."""
        if value is None:
            return None
        content = ring_of(dialect).open(value, self.about)
        return self.gone() if content is None else self.unpacked(content)

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Let the value come with its row, its tenant and its wrapped keys."""
        while isinstance(column, Label):
            column = column.element
        row = cast("Any", column).table.c
        return handed_over(self, column, row.id, row.tenant_id)


class SealedBytes(Sealed):
    """A file."""

    cache_ok = True


class SealedText(Sealed):
    """Words. That there are none is no secret: an empty text stays empty, so that the database can tell."""

    cache_ok = True

    def packed(self, value: Any) -> bytes:
        """Return a text, made longer to a whole number of pieces."""
        words = str(value.value if isinstance(value, StrEnum) else value).encode() + b"\x80"
        return words.ljust(-(-len(words) // PAD) * PAD, b"\0")

    def unpacked(self, content: bytes) -> Any:
        """Return the text without what made it longer."""
        return content.rstrip(b"\0")[:-1].decode()

    def gone(self) -> Any:
        """Say that the words were removed."""
        return removed()


class SealedCode(SealedText):
    """A code of a list; one that was removed reads as no code."""

    cache_ok = True

    def gone(self) -> Any:
        """Return no code."""
        return ""


class SealedChoice(SealedText):
    """One value of `kind`, held to its values here, since the database cannot see it; none once it was removed."""

    cache_ok = True

    def __init__(self, kind: type[StrEnum], place: str, subject: str = "case_id") -> None:
        """Take the choice that the column holds."""
        super().__init__(place, subject)
        self.kind = kind

    def packed(self, value: Any) -> bytes:
        """Return a value of the choice; raises ValueError for another."""
        return super().packed(self.kind(value))

    def unpacked(self, content: bytes) -> Any:
        """Return the value of the choice."""
        text = super().unpacked(content)
        return self.kind(text) if text else None

    def gone(self) -> Any:
        """Return no choice."""
        return None


def removed() -> str:
    """Return what stands in the place of words whose key was destroyed at the end of their term."""
    return _("Verwijderd na de bewaartermijn.")


class handed_over(FunctionElement[Any]):  # noqa: N801 -- reads as the function of the database that it stands for
    """A sealed value with what opens it: row, tenant, length of the tenant's key, that key, the data key, the value."""

    inherit_cache = True

    def __init__(self, kind: Sealed, *clauses: ColumnElement[Any]) -> None:
        """Take what opens the value, and of which columns it is made."""
        super().__init__(*clauses)
        self.type = kind


@compiles(handed_over)
def _write_handed_over(element: handed_over, compiler: SQLCompiler, **_how: Any) -> str:
    value, row, tenant = (compiler.process(each) for each in element.clauses)
    return HANDED_OVER.substitute(value=value, row=row, tenant=tenant)


def give_ring(engine: Engine, ring: Keyring) -> None:
    """Let an engine seal what it writes and open what it reads."""
    setattr(engine.dialect, RING, ring)
    event.listen(engine, "before_execute", _on_its_way, retval=True)


def ring_of(dialect: Dialect) -> Keyring:
    """Return the keyring of an engine; raises PermissionError where it has none: an open door opens nothing."""
    ring = getattr(dialect, RING, None)
    if not isinstance(ring, Keyring):
        raise PermissionError("this door has no keys: what is sealed is opened on the medical side")
    return ring


@cache
def sealed_columns(table: Table) -> Mapping[str, Sealed]:
    """Return the sealed columns of a table."""
    return {column.key: column.type for column in table.columns if isinstance(column.type, Sealed)}


def seal_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows as they are written: what is sealed in their table is sealed under the key of its subject."""
    return _sealed(connection, table, [dict(row) for row in rows])


def _on_its_way(connection: Connection, statement: Any, many: Any, one: Any, _options: Any) -> tuple[Any, Any, Any]:
    if isinstance(statement, Insert | Update) and isinstance(statement.table, Table):
        columns = sealed_columns(statement.table)
        if columns and (rows := many or ([one] if one else [])):
            if not any(columns.keys() & row.keys() for row in rows):
                return statement, many, one
            whole = isinstance(statement, Insert)
            known = [dict(row) if whole else _with_its_row(connection, statement.table, row) for row in rows]
            sealed = _sealed(connection, statement.table, known)
            written = [{name: value[name] for name in row} for row, value in zip(rows, sealed, strict=True)]
            return (statement, written, {}) if many else (statement, [], written[0])
    return statement, many, one


def _with_its_row(connection: Connection, table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an UPDATE writes together with what its row is sealed under."""
    row_id = values[cast("Any", table.c.id)._label]  # so the unit of work calls the key of the row
    subjects = {each.subject for each in sealed_columns(table).values()}
    asked = select(*(table.c[name] for name in {"id", "tenant_id", *subjects})).where(table.c.id == row_id)
    return {**values, **connection.execute(asked).mappings().one()}


def _sealed(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    columns = sealed_columns(table)
    ring = ring_of(connection.dialect)
    wanted: dict[UUID, set[UUID]] = {}
    for row in rows:
        for name, kind in columns.items():
            if _needs_key(row.get(name)):
                wanted.setdefault(row["tenant_id"], set()).add(row[kind.subject])
    keys = {tenant: ring.keys_of(connection, tenant, subjects) for tenant, subjects in wanted.items()}
    for row in rows:
        for name, kind in columns.items():
            value = row.get(name)
            if _needs_key(value):
                key = keys[row["tenant_id"]][row[kind.subject]]
                row[name] = Cell(ring.seal(key, kind.packed(value), kind.about, row["id"]))
            elif value is not None and name in row:
                row[name] = Cell(value or b"")
    return rows


def _needs_key(value: object) -> bool:
    return value is not None and value != "" and value != b"" and not isinstance(value, Cell)
