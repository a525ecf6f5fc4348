"""The house as an operator runs it: a durable PostgreSQL of its own, app and worker as processes, and what kills them.

Only processes that were started here are killed, each by its id.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import mkdtemp

import psycopg

from bench.network import MASTER_KEYS, SECRET, Network, network
from bench.process import free_port, wait_until_served
from core.database import Database
from core.settings import ROOT
from tests.kill.outside import Letters, outside, sour
from tests.kill.proxy import Proxy
from tests.stripe.stand_in import KEY, WEBHOOK_SECRET, StandIn

OFFERINGS, CASES = 300, 60
SILENCE_SECONDS = 3
ACTS = ("app", "worker", "postgres", "sessions", "cut", "stall", "sour")
FULL = "full disk"
DISK_MB = 1_500


@dataclass
class Town:
    """Everything that runs, and the ways to hurt it."""

    made: Network
    database: Database
    proxy: Proxy
    payments: StandIn
    letters: Letters
    mail: str
    folder: Path
    cluster: Path
    port: int = field(default_factory=free_port)
    app: subprocess.Popen[bytes] | None = None
    worker: subprocess.Popen[bytes] | None = None
    done: list[str] = field(default_factory=list)

    def start_app(self) -> None:
        """Start the app and wait until it serves."""
        self.app = self._process("serve")
        wait_until_served(self.port, self.app, "/healthz")

    def start_worker(self) -> None:
        """Start the worker."""
        self.worker = self._process("worker")

    def hurt(self, act: str, chance: Random) -> None:
        """Do one of ACTS, and put back on its feet what was killed."""
        self.done.append(act)
        if act == "app":
            kill(self.app)
            self.start_app()
        elif act == "worker":
            kill(self.worker)
            self.start_worker()
        elif act == "postgres":
            self.kill_postgres()
            self.made.server.start()
        elif act == "sessions":
            with suppress(psycopg.Error):
                self.superuser("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        elif act == FULL:
            self.fill_disk(chance.uniform(0.5, 2))
        elif act == "cut":
            self.proxy.cut()
        elif act == "stall":
            self.proxy.stall(chance.uniform(0.2, 1.5))
        else:
            sour(self.payments, self.letters, chance)

    def kill_postgres(self) -> None:
        """Kill the postmaster of our own cluster, as the kernel would when memory runs out."""
        pid = int((self.cluster / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)

    def fill_disk(self, seconds: float) -> None:
        """Leave no byte free where PostgreSQL keeps its data, for a while."""
        ballast = self.folder / "ballast"
        space = os.statvfs(self.folder)
        with ballast.open("wb") as file, suppress(OSError):
            os.posix_fallocate(file.fileno(), 0, space.f_bavail * space.f_frsize)
        time.sleep(seconds)
        ballast.unlink()
        self.made.server.start()  # where it could not write its log it gave up

    def superuser(self, statement: str) -> None:
        """Run a statement on the server itself, past the proxy."""
        with psycopg.connect(self.made.server.dsn("postgres"), autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement)

    def stop(self, process: subprocess.Popen[bytes] | None) -> float:
        """Ask a process to stop; return after how many seconds it did, with its own exit."""
        began = time.monotonic()
        if process is not None:
            process.terminate()
            process.wait(40)
        return time.monotonic() - began

    def _process(self, command: str) -> subprocess.Popen[bytes]:
        settings = {
            "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{self.proxy.port}/{self.database_name}",
            "PROVIDERBOOG_SECRET_KEY": SECRET,
            "PROVIDERBOOG_MASTER_KEYS": MASTER_KEYS,
            "PROVIDERBOOG_DATA_DIR": str(self.folder / "data"),
            "PROVIDERBOOG_PORT": str(self.port),
            "PROVIDERBOOG_WORKER_SILENCE_SECONDS": str(SILENCE_SECONDS),
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "PROVIDERBOOG_STRIPE_API_URL": self.payments.url,
            "SMTP_URL": self.mail,
            "PROVIDERBOOG_LIMIT_FACTOR": "0",
            "PROVIDERBOOG_MAIL_FROM": "portaal@example.test",
        }
        with (self.folder / f"{command}.log").open("ab") as log:  # the process keeps a handle of its own
            return subprocess.Popen(
                [
                    "/usr/bin/env",
                    *(f"{name}={value}" for name, value in settings.items()),
                    sys.executable,
                    "main.py",
                    command,
                ],
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    @property
    def database_name(self) -> str:
        """The name of the database that all of it is about."""
        return str(self.database.owner_url).partition("?")[0].rpartition("/")[2]


def kill(process: subprocess.Popen[bytes] | None) -> None:
    """Kill a process of ours at once."""
    if process is not None:
        process.kill()
        process.wait(10)


def shown(made: Network, setting: str) -> str:
    """Return a setting of the server."""
    with psycopg.connect(made.server.dsn("postgres"), connect_timeout=5) as connection:
        row = connection.execute(f"SHOW {setting}").fetchone()
    return str(row[0]) if row else ""


@contextmanager
def small_disk() -> Iterator[Path | None]:
    """Mount a file system in memory that can be filled; None where that is not allowed."""
    if os.geteuid() != 0:
        yield None
        return
    place = mkdtemp(prefix="kill-", dir="/run")
    asked = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=711", "tmpfs", place]
    mounted = subprocess.run(asked, check=False, capture_output=True).returncode == 0
    try:
        yield Path(place) if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", place], check=False)
        Path(place).rmdir()


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """Start everything, and take it down again when the block ends."""
    with ExitStack() as stack:
        made = stack.enter_context(network(folder, OFFERINGS, CASES))
        database = made.copy("town")
        stack.callback(database.dispose)
        cluster, sockets = (
            Path(shown(made, name).strip('"')) for name in ("data_directory", "unix_socket_directories")
        )
        proxy = stack.enter_context(Proxy(sockets / ".s.PGSQL.5432"))
        payments, letters, mail = stack.enter_context(outside())
        found = Town(made, database, proxy, payments, letters, mail, folder, Path(cluster))
        stack.callback(lambda: kill(found.app))
        stack.callback(lambda: kill(found.worker))
        found.start_app()
        found.start_worker()
        yield found
