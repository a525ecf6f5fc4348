"""Backups: the whole database as it was at one moment, sealed, with the facts by which a restore is proven.

The keys that seal columns and attachments are not in it, and neither is the key of the backup itself.
"""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Engine, text

from core.backup_file import DamagedBackup, check, read, write
from core.postgres_place import client_program

PIECE = 1 << 18
HEAD_LINES = 1  # the facts, as one line of JSON, come before what pg_dump says
ROLES = text("SELECT rolname AS name, rolcanlogin AS login FROM pg_roles WHERE rolname LIKE 'providerboog%' ORDER BY 1")
MEMBERS = text(
    "SELECT r.rolname AS role, m.rolname AS member, a.set_option AS may_become FROM pg_auth_members a"
    " JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member"
    " WHERE r.rolname LIKE 'providerboog%' AND m.rolname LIKE 'providerboog%' ORDER BY 1, 2"
)
TABLES = text(
    "SELECT schemaname, tablename FROM pg_tables"
    " WHERE schemaname IN ('identity', 'network', 'cases', 'billing', 'medical') ORDER BY 1, 2"
)
HEADS = text(
    "SELECT DISTINCT ON (tenant_id) tenant_id::text, position, encode(digest, 'hex') FROM identity.audit_link"
    " ORDER BY tenant_id, position DESC"
)
SUMS = text("SELECT tenant_id::text, account, sum(cents)::bigint FROM billing.ledger_entry GROUP BY 1, 2 ORDER BY 1, 2")
VERSION = text("SELECT version_num FROM app.alembic_version")
FULL = text("SELECT to_regclass('app.alembic_version') IS NOT NULL")
NOTE = text("INSERT INTO app.backup_made (bytes, seconds, verified) VALUES (:bytes, :seconds, :verified)")

Facts = dict[str, Any]


class RestoreFailed(Exception):
    """The restore did not come to an end, or what came out is not what went in; the message says why."""


@dataclass(frozen=True)
class Made:
    """A backup that was made: where, how large, and what was in it."""

    file: Path
    bytes: int
    facts: Facts


def make(owner: Engine, key: bytes, file: Path) -> Made:
    """Write a sealed backup of the owner's database to `file`, all of it as it was at one moment.

    Nobody is held up: it reads a snapshot. The file gets its name when it is whole.
    """
    part = file.with_suffix(".part")
    with owner.connect().execution_options(isolation_level="REPEATABLE READ") as connection, part.open("wb") as out:
        snapshot = str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())
        facts = facts_of(connection)
        size = write(out, key, _with_facts(facts, _dump(owner, snapshot)))
    part.chmod(0o600)
    part.replace(file)
    return Made(file, size, facts)


def restore(owner: Engine, key: bytes, file: Path) -> Facts:
    """Fill the owner's empty database from a backup, and see that it is what it was; returns the facts of it.

    The file is read to its end first, so that a damaged one changes nothing. Raises DamagedBackup and RestoreFailed.
    """
    check(file, key)
    with owner.connect() as connection:
        if connection.execute(FULL).scalar_one():
            raise RestoreFailed("this database is not empty; restore into a fresh one")
    pieces = read(file, key)
    facts, first = _facts_before(pieces)
    with owner.begin() as connection:
        _make_roles(connection, facts)
    _load(owner, first, pieces)
    with owner.connect() as connection:
        found = json.loads(json.dumps(facts_of(connection)))
    wrong = sorted(name for name in facts if facts[name] != found.get(name))
    if wrong:
        raise RestoreFailed(f"what was restored differs from what was backed up: {', '.join(wrong)}")
    return facts


def note(owner: Engine, made: Made, seconds: float, *, verified: bool) -> None:
    """Write down in the database that there is a backup, for metrics and for the page of the secretariat."""
    with owner.begin() as connection:
        connection.execute(NOTE, {"bytes": made.bytes, "seconds": seconds, "verified": verified})


def facts_of(connection: Connection) -> Facts:
    """Return by what a copy of this database is known: rows of each table, ledger, ends of the chains, and roles."""
    tables = [f'"{schema}"."{name}"' for schema, name in connection.execute(TABLES)]
    return {
        "version": connection.execute(VERSION).scalar_one(),
        "rows": {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables},  # noqa: S608 -- names from the catalogue, quoted
        "ledger": [list(row) for row in connection.execute(SUMS)],
        "chains": [list(row) for row in connection.execute(HEADS)],
        "roles": [dict(row) for row in connection.execute(ROLES).mappings()],
        "members": [dict(row) for row in connection.execute(MEMBERS).mappings()],
    }


def _address(owner: Engine) -> str:
    return owner.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _with_facts(facts: Facts, dump: Iterator[bytes]) -> Iterator[bytes]:
    yield json.dumps(facts).encode() + b"\n"
    yield from dump


def _dump(owner: Engine, snapshot: str) -> Iterator[bytes]:
    """Yield what pg_dump says; the address goes by the environment, for others can read what a process was called with.

    Raises RestoreFailed when it does not come to its end.
    """
    asked = [
        client_program("pg_dump"),
        "--format=custom",
        "--compress=6",
        f"--snapshot={snapshot}",
        "--lock-wait-timeout=10s",
    ]
    with _running(owner, asked, stdin=subprocess.DEVNULL) as dumping:
        said = dumping.stdout
        while said is not None and (piece := said.read(PIECE)):
            yield piece
        complaint = dumping.stderr.read().decode(errors="replace")[-500:] if dumping.stderr else ""
    if dumping.returncode != 0:
        raise RestoreFailed(f"pg_dump ended with {dumping.returncode}: {complaint}")


def _load(owner: Engine, first: bytes, pieces: Iterator[bytes]) -> None:
    """Feed pg_restore, which takes all of it or nothing."""
    asked = [client_program("pg_restore"), "--single-transaction", "--exit-on-error", f"--dbname={owner.url.database}"]
    complaints: Queue[bytes] = Queue()
    with _running(owner, asked, stdin=subprocess.PIPE) as loading:
        listening = Thread(target=lambda: complaints.put(loading.stderr.read() if loading.stderr else b""))
        listening.start()
        try:
            if loading.stdin is not None:
                loading.stdin.write(first)
                for piece in pieces:
                    loading.stdin.write(piece)
                loading.stdin.close()
        except BrokenPipeError:
            pass  # it ended early, and says why
        except DamagedBackup:
            loading.kill()
            raise
        finally:
            listening.join()
    if loading.returncode != 0:
        raise RestoreFailed(f"pg_restore: {complaints.get().decode(errors='replace')[-500:]}")


def _running(owner: Engine, asked: list[str], stdin: int) -> subprocess.Popen[bytes]:
    url = owner.url
    named = {"PGHOST": url.query.get("host") or url.host, "PGPORT": url.query.get("port") or url.port}
    named |= {"PGUSER": url.username, "PGPASSWORD": url.password, "PGDATABASE": url.database, "PGCONNECT_TIMEOUT": 10}
    environment = {name: str(value) for name, value in named.items() if value}
    return subprocess.Popen(  # noqa: S603 -- our own program; the arguments come from no request
        asked, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"LC_ALL": "C.UTF-8"} | environment
    )


def _facts_before(pieces: Iterator[bytes]) -> tuple[Facts, bytes]:
    """Read the line of facts, and return it with what came along of the dump."""
    kept = b""
    for piece in pieces:
        kept += piece
        line, end, rest = kept.partition(b"\n")
        if end:
            facts: Facts = json.loads(line)
            return facts, rest
    raise RestoreFailed("the backup holds no facts")


def _make_roles(connection: Connection, facts: Facts) -> None:
    """Make the roles that belong to the server and not to the database, where they are missing."""
    raw = connection.connection.driver_connection
    if raw is None:
        raise RestoreFailed("no connection to make roles on")
    there = {row.name for row in connection.execute(ROLES)}
    for role in facts["roles"]:
        if role["name"] not in there:
            kind = sql.SQL("LOGIN NOINHERIT" if role["login"] else "NOLOGIN")
            raw.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(role["name"]), kind))
    for each in facts["members"]:
        how = sql.SQL("WITH INHERIT FALSE, SET TRUE" if each["may_become"] else "WITH INHERIT FALSE, SET FALSE")
        raw.execute(
            sql.SQL("GRANT {} TO {} {}").format(sql.Identifier(each["role"]), sql.Identifier(each["member"]), how)
        )
