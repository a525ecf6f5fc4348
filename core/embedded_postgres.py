"""A real PostgreSQL server of our own below the data directory, started when needed and stopped by its last user."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from core.os_account import OsAccount, make_enterable
from core.postgres_place import PORT, REFUGE, EmbeddedPostgresError, prepare_place
from core.postgres_server import POLL_SECONDS, START_SECONDS, STOP_SECONDS, SUPERUSER, Server

LOCK_SECONDS = START_SECONDS + STOP_SECONDS

# The server's own log must not become a second place with health data: a failing statement and the row in it go to
# the application alone, and what is logged carries no statement, detail or parameter. A young database grows so fast
# that what the planner knows of its tables is soon untrue: they are looked at again sooner than each minute.
DEFAULTS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "autovacuum_naptime": "10s",
    "log_checkpoints": "off",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """The server of one data directory; any number of processes may start, use and stop it side by side.

    `settings` are PostgreSQL's own and win over the defaults. Without `durable` a crash of the machine may lose the
    data, which is for tests. Under root the server runs as `os_user`, and what that user cannot reach below the data
    directory lives in `refuge`. It listens on a socket in a private folder, and on no network address.
    """

    def __init__(
        self,
        data_dir: Path,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
        *,
        os_user: str = "nobody",
        refuge: Path = REFUGE,
    ) -> None:
        self._base = data_dir.absolute() / "postgres"
        self._durable = durable
        self._settings = DEFAULTS | ({} if durable else NOT_DURABLE) | dict(settings or {})
        self._os_user = os_user
        self._refuge = refuge
        self._known: Server | None = None
        self._claim: int | None = None

    def start(self) -> None:
        """Start the server, or join the one that runs; returns when it answers.

        After a SIGKILL of the server or of its starter this recovers by itself. Raises EmbeddedPostgresError.
        """
        make_enterable(self._base)
        with self._locked():
            self._known = self._find()
            self._known.bring_up()
            if self._claim is None:
                self._claim = self._open("users")
                fcntl.flock(self._claim, fcntl.LOCK_SH)

    def stop(self) -> None:
        """Say that this process needs the server no longer; the last one to say so shuts it down."""
        if not self._base.exists():
            return
        with self._locked():
            if self._claim is not None:
                os.close(self._claim)
                self._claim = None
            if not self._is_claimed():
                self._server().shut_down()

    def erase(self) -> None:
        """Take away all data of a stopped server, wherever it lies; for one that was started to try something out."""
        home = self._server().place.home
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(self._base, ignore_errors=True)

    def is_running(self) -> bool:
        """Tell whether the server accepts connections."""
        if self._known is None:
            if not self._base.exists():
                return False
            with self._locked():
                self._server()
        return self._server().answers()

    def url(self, database: str, user: str) -> str:
        """Return the SQLAlchemy address of a database for a user of a started server; it takes no password."""
        return self._address("postgresql+psycopg", database, user)

    def dsn(self, database: str = "postgres", user: str = SUPERUSER) -> str:
        """Return the same address as libpq and psycopg take it; by default the superuser's."""
        return self._address("postgresql", database, user)

    def _address(self, scheme: str, database: str, user: str) -> str:
        if self._known is None:
            raise EmbeddedPostgresError("the server has no address before it is started")
        # The port is named, or else PGPORT in the environment of the caller would decide.
        host = quote(str(self._known.place.sockets))
        return f"{scheme}://{quote(user, safe='')}@/{quote(database, safe='')}?host={host}&port={PORT}"

    def _server(self) -> Server:
        """Return the server, known or found; until it is known the caller must hold the lock."""
        self._known = self._known or self._find()
        return self._known

    def _find(self) -> Server:
        account = OsAccount.for_children(self._os_user)
        place = prepare_place(self._base, account, self._refuge)
        return Server(place, account, self._settings, self._durable)

    def _is_claimed(self) -> bool:
        """Tell whether any process uses the server; the kernel forgets the claims of those that were killed."""
        probe = self._open("users")
        try:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(probe)
        return False

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process at a time find, start or stop the server of this data directory."""
        lock = self._open("lock")
        deadline = time.monotonic() + LOCK_SECONDS
        try:
            while not _try_lock(lock):
                if time.monotonic() > deadline:
                    raise EmbeddedPostgresError(f"{self._base / 'lock'} is held by another process all the time")
                time.sleep(POLL_SECONDS)
            yield
        finally:
            os.close(lock)

    def _open(self, name: str) -> int:
        return os.open(self._base / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try_lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
