"""Where the index lives: generations beside each other, one of them current, and locks between processes.

current           the name of the generation that is read
<generation>/     a tantivy index; its name begins with the fingerprint of what it was built with
making            the generation that is being built, since when, and how far it came: after an interruption one goes on
journal           changes that came in while a new generation is being built
write.lock        held while changes are written; build.lock while a generation is built
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from core.clock import now
from core.language import _
from network import taxonomy
from search import analysis, ranking
from search.document import TRAVEL_STEPS_KM
from search.embedded.schema import VERSION
from search.gateway import IndexUnavailable, Reached

LOCK_SECONDS = 30.0
LOCK_PAUSE_SECONDS = 0.02
GO_ON_WITHIN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Making:
    """A generation that is being built or was when its builder was interrupted, and how far it came."""

    generation: Path
    begun: datetime
    reached: Reached | None = None


class Store:
    """The folder of the index."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._journal = root / "journal"
        self._pointer = root / "current"
        self._making = root / "making"

    def current(self) -> Path:
        """Return the folder of the generation that is read; raise IndexUnavailable when there is none that fits."""
        try:
            name = self._pointer.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise IndexUnavailable(_("Er is nog geen zoekindex.")) from None
        if not name.startswith(fingerprint()):
            raise IndexUnavailable(_("De zoekindex hoort bij een andere versie en moet opnieuw worden opgebouwd."))
        return self.root / name

    def has_current(self) -> bool:
        """Tell whether there is a generation that fits."""
        try:
            self.current()
        except IndexUnavailable:
            return False
        return True

    def note(self, changes: list[str]) -> None:
        """Write changes, one line each, in the journal of the generation that is being built."""
        with self._journal.open("a", encoding="utf-8") as journal:
            journal.writelines(f"{change}\n" for change in changes)

    def changes(self) -> list[str]:
        """Return what the journal holds, oldest first."""
        return self._journal.read_text(encoding="utf-8").splitlines()

    def begin(self) -> Making:
        """Begin a build anew, with an empty journal."""
        self._journal.write_text("", encoding="utf-8")
        making = Making(self._new_generation(), now())
        self.keep(making)
        return making

    def keep(self, making: Making) -> None:
        """Keep how far a build came."""
        reached = making.reached and [str(making.reached.tenant_id), str(making.reached.offering_id)]
        _write_whole(self._making, json.dumps([making.generation.name, making.begun.isoformat(), reached]))

    def making(self) -> Making | None:
        """Return the build that is under way or was interrupted, unless it fits no more or is too old to go on with."""
        try:
            name, begun, reached = json.loads(self._making.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        made = Making(
            self.root / name, datetime.fromisoformat(begun), Reached(*map(UUID, reached)) if reached else None
        )
        # Interrupted between the last two steps, it serves already.
        serves = self._pointer.exists() and self._pointer.read_text(encoding="utf-8") == name
        fits = name.startswith(fingerprint()) and made.generation.is_dir() and not serves
        return made if fits and now() - made.begun < GO_ON_WITHIN else None

    def _new_generation(self) -> Path:
        """Return an empty folder for a generation; those that nobody reads any more are removed."""
        kept = self._pointer.read_text(encoding="utf-8") if self._pointer.exists() else None
        for folder in self.root.iterdir():
            if folder.is_dir() and folder.name != kept:
                shutil.rmtree(folder)
        folder = self.root / f"{fingerprint()}-{uuid4().hex[:12]}"
        folder.mkdir()
        return folder

    def make_current(self, generation: Path) -> None:
        """Let everybody read this generation from now on; one step, also when the machine stops in the middle."""
        _write_whole(self._pointer, generation.name)
        self._making.unlink(missing_ok=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the right to write; wait for others, but not for ever."""
        with self._locked("write.lock", LOCK_SECONDS) as held:
            if not held:
                raise IndexUnavailable(_("De zoekindex is te lang bezet."))
            yield

    @contextmanager
    def building(self) -> Iterator[bool]:
        """Hold the right to build, or yield False when somebody else has it."""
        with self._locked("build.lock", 0) as held:
            yield held

    def is_building(self) -> bool:
        """Tell whether a generation is being built, here or in another process that still lives."""
        with self._locked("build.lock", 0) as held:
            return not held

    @contextmanager
    def _locked(self, name: str, seconds: float) -> Iterator[bool]:
        # The system frees the lock of a process that dies, so nothing stays locked after a crash.
        self.root.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + seconds
        with (self.root / name).open("w") as handle:
            held = _try_lock(handle.fileno())
            while not held and time.monotonic() < deadline:
                time.sleep(LOCK_PAUSE_SECONDS)
                held = _try_lock(handle.fileno())
            yield held


def _write_whole(file: Path, content: str) -> None:
    """Write a file so that whoever reads it finds the old content or the new one."""
    draft = file.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as text:
        text.write(content)
        text.flush()
        os.fsync(text.fileno())
    draft.replace(file)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@cache
def fingerprint() -> str:
    """Return a mark of everything that decides how text and facts are indexed; another mark means: build anew."""
    digest = sha256(repr((VERSION, ranking.WAIT_POINTS, TRAVEL_STEPS_KM)).encode())
    for name in ("stopwords.txt", "compounds.txt"):
        digest.update((analysis.DATA / name).read_bytes())
    for name in ("causes.csv", "interventions.csv", "pc4.csv"):
        digest.update((taxonomy.DATA / name).read_bytes())
    return digest.hexdigest()[:16]
