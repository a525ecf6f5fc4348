"""What the local payment provider remembers: a file of its own in the data directory, as a provider has its own books.

It commits by itself, apart from the database of the house, so that what is tried there fails here as it would with a
real provider: a transaction of ours that rolls back takes nothing back with the provider.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WAIT_SECONDS = 10
TABLES = """
CREATE TABLE IF NOT EXISTS thing (reference TEXT PRIMARY KEY, facts TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS line (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, gross INTEGER NOT NULL, fee INTEGER NOT NULL, at TEXT NOT NULL,
    names TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY, payload BLOB NOT NULL, sent INTEGER NOT NULL DEFAULT 0);
"""

Facts = dict[str, Any]


class LocalStore:
    """One change at a time, by whatever process; each is kept before it is told."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Yield the books, kept from others until the block ends; a fault takes back what it did."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        books = sqlite3.connect(self.file, timeout=WAIT_SECONDS, isolation_level=None)
        try:
            books.executescript(TABLES)
            books.execute("BEGIN IMMEDIATE")
            yield books
            books.execute("COMMIT")
        finally:
            books.close()  # what was not committed is gone with the connection


def find(books: sqlite3.Connection, reference: str) -> Facts | None:
    """Return what is known under a name."""
    row = books.execute("SELECT facts FROM thing WHERE reference = ?", (reference,)).fetchone()
    return json.loads(row[0]) if row else None


def keep(books: sqlite3.Connection, reference: str, facts: Facts) -> None:
    """Write down what is known under a name."""
    books.execute("INSERT OR REPLACE INTO thing VALUES (?, ?)", (reference, json.dumps(facts)))


def names_like(books: sqlite3.Connection, beginning: str) -> list[str]:
    """Return the names that begin in a way."""
    found = books.execute("SELECT reference FROM thing WHERE reference GLOB ? ORDER BY rowid", (f"{beginning}*",))
    return [row[0] for row in found]


def move(books: sqlite3.Connection, kind: str, gross: int, fee: int, at: str, names: tuple[str, ...]) -> None:
    """Write a change of the balance."""
    books.execute(
        "INSERT INTO line (kind, gross, fee, at, names) VALUES (?, ?, ?, ?, ?)",
        (kind, gross, fee, at, json.dumps(names)),
    )


def balance(books: sqlite3.Connection) -> int:
    """Return what stands with the provider, in cents."""
    return int(books.execute("SELECT coalesce(sum(gross - fee), 0) FROM line").fetchone()[0])


def lines(books: sqlite3.Connection, since: str) -> list[tuple[int, str, int, int, str, str]]:
    """Return the changes of the balance from a moment on."""
    return books.execute(
        "SELECT number, kind, gross, fee, at, names FROM line WHERE at >= ? ORDER BY number", (since,)
    ).fetchall()


def tell(books: sqlite3.Connection, payload: bytes) -> None:
    """Put a message down to be sent."""
    books.execute("INSERT INTO event (payload) VALUES (?)", (payload,))


def unsent(books: sqlite3.Connection) -> list[tuple[int, bytes]]:
    """Return the messages that wait."""
    return books.execute("SELECT number, payload FROM event WHERE NOT sent ORDER BY number").fetchall()


def sent(books: sqlite3.Connection, number: int) -> None:
    """Mark a message as answered."""
    books.execute("UPDATE event SET sent = 1 WHERE number = ?", (number,))
