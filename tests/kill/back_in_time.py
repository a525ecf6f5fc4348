"""Back to a point in time, as docs/operation.md says, on servers of our own: a base, a log of changes, a mistake."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from tempfile import mkdtemp

import psycopg

from core.embedded_postgres import EmbeddedPostgres
from core.os_account import OsAccount
from core.postgres_place import client_program

BEFORE, AFTER = 200, 300
RECOVER = """
restore_command = 'cp "{archive}/%f" %p'
recovery_target_time = '{moment}'
recovery_target_action = 'promote'
"""


def back_in_time() -> str:
    """Go there and back; returns what was seen. Raises AssertionError when the wrong rows come back."""
    began = time.monotonic()
    place = Path(mkdtemp(prefix="back-", dir="/run" if os.geteuid() == 0 else None))
    place.chmod(0o711)
    account = OsAccount.for_children("nobody")
    archive = place / "archive"
    archive.mkdir()
    account.take_over(archive)
    first = EmbeddedPostgres(
        place / "first",
        settings={"archive_mode": "on", "archive_command": f'test ! -f "{archive}/%f" && cp %p "{archive}/%f"'},
    )
    then = EmbeddedPostgres(place / "then")
    try:
        first.start()
        moment = make_a_mistake(first, place / "base")
        first.stop()
        then.start()  # makes a cluster of the same shape, whose place the base takes
        cluster = Path(shown(then, "data_directory"))
        then.stop()
        put_in_place(place / "base", cluster, account, archive, moment)
        then.start()
        with psycopg.connect(then.dsn(), autocommit=True, connect_timeout=10) as connection:
            rows = connection.execute("SELECT count(*), max(n) FROM kept").fetchone()
        assert rows == (AFTER, AFTER), rows
        young, took = AFTER - BEFORE, time.monotonic() - began
        return f"back to {moment}: {AFTER} rows, {young} of them younger than the base; {took:.0f} s"
    finally:
        for server in (first, then):
            server.stop()
        shutil.rmtree(place, ignore_errors=True)


def make_a_mistake(server: EmbeddedPostgres, base: Path) -> str:
    """Write, take a base, write more, and then drop it all; returns a moment just before that."""
    with psycopg.connect(server.dsn(), autocommit=True, connect_timeout=10) as connection:
        connection.execute("CREATE TABLE kept (n integer)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, %s::integer)", (BEFORE,))
        asked = [client_program("pg_basebackup"), "-d", server.dsn(), "-D", str(base), "-X", "none", "-c", "fast"]
        subprocess.run(asked, check=True, capture_output=True, timeout=120)
        connection.execute("INSERT INTO kept SELECT generate_series(%s::integer, %s::integer)", (BEFORE + 1, AFTER))
        time.sleep(0.2)
        row = connection.execute("SELECT now()::text").fetchone()
        time.sleep(0.2)
        connection.execute("DROP TABLE kept")
        connection.execute("SELECT pg_switch_wal()")
        end = time.monotonic() + 30
        while time.monotonic() < end:
            done = connection.execute("SELECT archived_count > 2 FROM pg_stat_archiver").fetchone()
            if done == (True,):
                break
            time.sleep(0.2)
    return str(row[0]) if row else ""


def put_in_place(base: Path, cluster: Path, account: OsAccount, archive: Path, moment: str) -> None:
    """Put a base where a server keeps its data, and tell it how far to go."""
    shutil.rmtree(cluster)
    shutil.copytree(base, cluster)
    with (cluster / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.write(RECOVER.format(archive=archive, moment=moment))
    (cluster / "recovery.signal").touch()
    for found in (cluster, *cluster.rglob("*")):
        if account.demoted:
            os.chown(found, account.uid, account.gid, follow_symlinks=False)
    cluster.chmod(0o700)


def shown(server: EmbeddedPostgres, setting: str) -> str:
    """Return a setting of a server."""
    with psycopg.connect(server.dsn(), connect_timeout=10) as connection:
        row = connection.execute(f"SHOW {setting}").fetchone()
    return str(row[0]) if row else ""
