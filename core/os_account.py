"""The operating-system account that child processes run as: our own, or a humbler one when we are root."""

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ENTER_ONLY = 0o711
PRIVATE = 0o700
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/"}
FALLBACK_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class OsAccount:
    """Who child processes run as; `demoted` tells that root hands its work over to this account."""

    uid: int
    gid: int
    demoted: bool

    @classmethod
    def for_children(cls, name_under_root: str) -> Self:
        """Return this process's own account, or, under root, the account of that name (KeyError if unknown)."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), demoted=False)
        entry = pwd.getpwnam(name_under_root)
        return cls(entry.pw_uid, entry.pw_gid, demoted=entry.pw_uid != 0)

    def run(
        self, *command: str | Path, folder: Path = Path("/"), timeout: float = FALLBACK_TIMEOUT_SECONDS
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end as this account, in `folder`, within `timeout` seconds.

        It gets a session of its own, so that Ctrl-C in the terminal does not reach it, and none of our environment:
        variables such as PGPORT or PGDATA must not steer a server that we start.
        """
        return subprocess.run(  # noqa: S603 -- the callers in core name the programs; nothing comes from a request
            [str(part) for part in command],
            cwd=folder,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout,
            start_new_session=True,
            umask=0o077,
            user=self.uid if self.demoted else None,
            group=self.gid if self.demoted else None,
            extra_groups=[] if self.demoted else None,
        )

    def can_enter(self, folder: Path) -> bool:
        """Tell whether this account can reach `folder` and what lies in it."""
        return not self.demoted or self.run("/bin/sh", "-c", 'test -d "$0" && test -x "$0"', folder).returncode == 0

    def can_execute(self, program: Path) -> bool:
        """Tell whether this account can really start `program`: also its libraries and the mount must allow it."""
        try:
            return self.run(program, "--version").returncode == 0
        except OSError:
            return False

    def owns_privately(self, folder: Path) -> bool:
        """Tell whether `folder` is a real folder, not a link, of this account and closed to all others."""
        try:
            found = folder.lstat()
        except FileNotFoundError:
            return False
        return stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == PRIVATE and found.st_uid == self.uid

    def take_over(self, folder: Path) -> None:
        """Give a folder that we have just made to this account, closed to all others."""
        folder.chmod(PRIVATE)
        if self.demoted:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)

    def make_private(self, folder: Path) -> None:
        """Make a folder for this account alone, where there is none yet."""
        if not folder.exists():
            folder.mkdir()
            self.take_over(folder)


def make_enterable(folder: Path, mode: int = ENTER_ONLY) -> None:
    """Make `folder` and what is missing above it, so that other accounts may pass; what exists is left as it is."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        path.chmod(mode)
