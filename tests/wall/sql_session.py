"""A connection of the open side with nothing but SQL, as somebody who broke into the app would have it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg.rows import tuple_row

from core.database import Database, Door
from identity.actor import Actor

PATIENCE = "200ms"


@dataclass(frozen=True)
class Answer:
    """What came of a statement: rows as text, or how and with which words it failed."""

    rows: tuple[str, ...] = ()
    state: str = ""
    words: str = ""

    @property
    def everything(self) -> str:
        """Return every word of it."""
        return "\n".join((*self.rows, self.words))


class SqlSession:
    """Tries statements one by one; each is taken back before the next."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.noticed: list[str] = []
        connection.add_notice_handler(lambda notice: self.noticed.append(notice.message_primary or ""))

    def ask(self, statement: str) -> Answer:
        """Run a statement, and read all it answers and all that it is told beside."""
        self.noticed.clear()
        try:
            with self.connection.cursor(row_factory=tuple_row) as cursor:
                rows = self._copied(cursor, statement) if "TO STDOUT" in statement else self._read(cursor, statement)
            return Answer(rows, words="\n".join(self.noticed))
        except psycopg.Error as fault:
            told = (fault.diag.message_detail, fault.diag.message_hint, fault.diag.context, *self.noticed)
            return Answer(state=fault.sqlstate or "", words="\n".join([str(fault), *(each or "" for each in told)]))
        finally:
            self.connection.rollback()

    def _read(self, cursor: psycopg.Cursor, statement: str) -> tuple[str, ...]:
        cursor.execute(statement.encode())
        return tuple(str(row) for row in cursor.fetchall()) if cursor.description else ()

    def _copied(self, cursor: psycopg.Cursor, statement: str) -> tuple[str, ...]:
        with cursor.copy(statement.encode()) as copy:
            return tuple(bytes(block).decode() for block in copy)


@contextmanager
def sql_session(database: Database, actor: Actor | None) -> Iterator[SqlSession]:
    """Sign in as the open side does, and become `actor`; without one, stay the bare login."""
    address = database.url(Door.OPEN).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        if actor is not None:
            connection.execute(f"SET ROLE {Door.OPEN.role}".encode())
            context = actor.context
            for name in ("tenant", "organisation", "account", "subject"):
                value = getattr(context, f"{name}_id") or ""
                connection.execute("SELECT set_config(%s, %s, false)", (f"app.{name}", str(value)))
            connection.execute("SELECT set_config('app.role', %s, false)", (context.role,))
        connection.execute(f"SET statement_timeout = '{PATIENCE}'".encode())
        connection.autocommit = False
        yield SqlSession(connection)
