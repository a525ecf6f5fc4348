"""One PostgreSQL cluster as a process: made, launched, awaited, shut down, and cleared up after a SIGKILL."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from core.os_account import OsAccount
from core.postgres_place import PORT, EmbeddedPostgresError, Place, sync_folder

START_SECONDS = 120.0
STOP_SECONDS = 60.0
LAST_RESORT_SECONDS = 10.0
POLL_SECONDS = 0.02
SUPERUSER = "postgres"

# PostgreSQL's processes work in the cluster's folder, and a zombie works nowhere; a person's own shell may stand in it
# too, but is not called so. This runs as their account, since root in a container may not look into those of others.
FIND_PROCESSES = """
test -d "$0" || exit 1
for process in /proc/[0-9]*; do
    test "$process/cwd" -ef "$0" && read -r name <"$process/comm" || continue
    case $name in postgres | sh) echo "${process#/proc/}" ;; esac
done
exit 0
"""
# The shell puts the server in the background and ends at once: the server is not our child and outlives us.
LAUNCH = 'log=$1; shift; "$0" "$@" </dev/null >>"$log" 2>&1 &'


@dataclass(frozen=True)
class Server:
    """A cluster, the account that it runs as and its settings. The caller holds the lock of the cluster."""

    place: Place
    account: OsAccount
    settings: Mapping[str, str]
    durable: bool

    def answers(self) -> bool:
        """Tell whether the server accepts connections."""
        where = ("-h", self.place.sockets, "-p", str(PORT), "-U", SUPERUSER, "-d", SUPERUSER)
        return self.account.run(self.place.binaries / "pg_isready", "-q", "-t", "3", *where).returncode == 0

    def bring_up(self) -> None:
        """Make the cluster if there is none and launch the server if none runs; return when it answers."""
        if self.answers():
            return
        for unfinished in self.place.home.glob("cluster-*"):
            # An initdb whose starter was killed may still be at work in it; the next start finds what it leaves.
            shutil.rmtree(unfinished, ignore_errors=True)
        if not self.place.cluster.exists():
            self._make_cluster()
        if not self._joins_one_that_starts():
            self._remove_remains()
            self._launch()

    def shut_down(self) -> None:
        """End the server in good order, or by force when it does not end in time; nothing committed is lost."""
        postmaster = self._postmaster()
        if postmaster is not None and postmaster in self._processes():
            _signal(postmaster, signal.SIGINT)
            if not _within(STOP_SECONDS, self._is_gone):
                _signal(postmaster, signal.SIGQUIT)
                self._wait(LAST_RESORT_SECONDS, self._is_gone, "does not end")
        if not self.place.sockets.is_relative_to(self.place.home):
            with suppress(OSError):
                self.place.sockets.rmdir()

    def _make_cluster(self) -> None:
        """Run initdb beside the final name and rename: a cluster that has its name is whole."""
        fresh = Path(mkdtemp(prefix="cluster-", dir=self.place.home))
        self.account.take_over(fresh)
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=builtin"]
        options += ["--builtin-locale=C.UTF-8", f"--username={SUPERUSER}", *([] if self.durable else ["--no-sync"])]
        made = self.account.run(self.place.binaries / "initdb", "-D", fresh, *options, timeout=START_SECONDS)
        if made.returncode != 0:
            raise EmbeddedPostgresError(f"initdb failed in {fresh}: {made.stderr.strip()}")
        fresh.rename(self.place.cluster)
        sync_folder(self.place.home)

    def _joins_one_that_starts(self) -> bool:
        """Wait out what still works in the cluster; True if that became a server that answers.

        A server whose starter was killed may be on its way up or down. The processes of a server that was killed
        itself notice so, but not in the middle of a long query: they are ended, since nothing they do can be kept.
        """

        def is_settled() -> bool:
            alive = self._processes()
            if alive and self._postmaster() not in alive:
                for orphan in alive:
                    _signal(orphan, signal.SIGQUIT)
            return not alive or self.answers()

        self._wait(START_SECONDS, is_settled, "neither starts nor ends")
        return self.answers()

    def _remove_remains(self) -> None:
        """Remove the lock files of a dead server: the process they name may be a zombie, or by now somebody else."""
        (self.place.cluster / "postmaster.pid").unlink(missing_ok=True)
        for left in self.place.sockets.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)

    def _launch(self) -> None:
        folder = '"{}"'.format(str(self.place.sockets).replace('"', '""'))
        settings = {"unix_socket_directories": folder, **self.settings}
        options = ["-D", ".", *(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))]
        program = self.place.binaries / "postgres"
        # The folder matters: from its first moment on the process is found as one that works in the cluster.
        self.account.run("/bin/sh", "-c", LAUNCH, program, self.place.log, *options, folder=self.place.cluster)
        self._wait(START_SECONDS, lambda: self.answers() or self._is_gone(), "does not answer")
        if not self.answers():
            raise EmbeddedPostgresError(f"PostgreSQL does not start in {self.place.home}; {self._end_of_log()}")

    def _processes(self) -> set[int]:
        """Return the ids of the live processes that work in the cluster."""
        found = self.account.run("/bin/sh", "-c", FIND_PROCESSES, self.place.cluster)
        if found.returncode != 0:
            # Not to know is not the same as to know of none: a lock file must not be removed on such ground.
            raise EmbeddedPostgresError(f"user id {self.account.uid} cannot look into {self.place.cluster}")
        return {int(process) for process in found.stdout.split()}

    def _is_gone(self) -> bool:
        return not self._processes()

    def _postmaster(self) -> int | None:
        """Return the process id that the cluster's lock file names, alive or not."""
        try:
            return int((self.place.cluster / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def _wait(self, seconds: float, is_done: Callable[[], bool], complaint: str) -> None:
        if not _within(seconds, is_done):
            raise EmbeddedPostgresError(
                f"PostgreSQL in {self.place.home} {complaint} within {seconds:.0f} s; {self._end_of_log()}"
            )

    def _end_of_log(self) -> str:
        try:
            lines = self.place.log.read_text(errors="replace").splitlines()[-8:]
        except FileNotFoundError:
            return "it wrote no log"
        return "\n".join([f"the end of {self.place.log}:", *lines])


def _signal(process: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, number)


def _within(seconds: float, is_done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
