"""The indexes on the server: one that serves, one that is being built, and the journal of the build.

<name>-<fingerprint>            the index that is read; a program with another fingerprint reads another one
<name>-<fingerprint>-<builder>  an index in the making, which changes names with the one that is read when it is whole
<name>-<fingerprint>-journal    the changes that came in while somebody was building

Who builds is known by the index in the making; when nothing was added to it for some time, the builder was lost. In the
journal stands also how far a build came, and whether its builder left it, so that the next one goes on from there. All
times are the server's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from core.language import _
from search.document import OfferingDocument
from search.gateway import IndexUnavailable, Reached, RebuildRunning
from search.remote.entry import entry_of, index_settings
from search.remote.fingerprint import fingerprint
from search.remote.server import BATCH_SECONDS, Queue, Server, Version

# The server spends about as long on few offerings as on some thousands.
BATCH = 5_000
TASKS_UNDER_WAY = 4  # of every batch two: its offerings, and how far it came
LOST_AFTER = timedelta(seconds=120)
OTHERS_KEPT = timedelta(days=1)

PLACE = "place"
"""The entry of the journal that is no change, but says how far the build came."""

Change = OfferingDocument | None
"""What an offering became; None when it goes."""


@dataclass(frozen=True, slots=True)
class Left:
    """An index in the making, up to where it is filled, and whether its builder said that he stopped."""

    made: str
    reached: Reached
    stopped: bool = False


class Store:
    """The indexes of one name, on one server."""

    def __init__(self, server: Server, name: str) -> None:
        self._server = server
        self._name = name

    @property
    def current(self) -> str:
        """The name of the index that is read."""
        return f"{self._name}-{fingerprint()}"

    @property
    def _journal(self) -> str:
        return f"{self.current}-journal"

    def write(self, changes: Mapping[UUID, Change]) -> None:
        """Write changes to the index, and to the journal of a build; wait until they can be seen."""
        if not changes:
            return
        there = self._server.versions()
        building, serving = bool(self._makings(there)), self.current in there
        if not building and not serving:
            raise IndexUnavailable(_("Er is nog geen zoekindex."))
        # First the journal: whatever the builder does not find there is written after the names have changed.
        if building:
            self._server.finish(self._server.put(self._journal, list(_noted(changes))))
        if serving:
            self._apply(self.current, changes)

    def left(self) -> Left | None:
        """Return the build of which is known how far it came, whoever is at it."""
        there = self._server.versions()
        for note in self._server.documents(self._journal) if self._journal in there else ():
            if note["id"] == PLACE and note["made"] in there:
                reached = Reached(UUID(note["tenant_id"]), UUID(note["offering_id"]))
                return Left(note["made"], reached, note["stopped"])
        return None

    def build(self, documents: Iterable[OfferingDocument], *, go_on: bool) -> None:
        """Build an index, or finish one that was left, and let it take the place of the one that is read."""
        with self._making(self.left() if go_on else None) as made:
            begun = self._server.versions()[made].created
            self._fill(made, documents)
            self._catch_up(made)
            there = self._server.versions()
            if made not in there or there[made].created != begun:
                raise IndexUnavailable(_("Het opbouwen van de zoekindex heeft te lang stilgestaan."))
            self._server.swap(made, self.current, only_rename=self.current not in there)
            # A key for these indexes alone does not see the task of two, so another one is waited for that comes after.
            self._server.finish(self._server.take(self.current, ()), seconds=BATCH_SECONDS)
            if self._server.versions()[self.current].created != begun:
                raise IndexUnavailable(_("De zoekserver heeft een wijziging niet verwerkt."))
            # Once more, for what was written to the index that has just lost its name.
            self._catch_up(self.current)

    def _fill(self, uid: str, documents: Iterable[OfferingDocument]) -> None:
        queue = Queue(self._server, TASKS_UNDER_WAY)
        rest = iter(documents)
        while batch := list(islice(rest, BATCH)):
            queue.add(self._server.put(uid, [entry_of(document) for document in batch]))
            # The server does what it is asked in order, so what this says is true when it can be read.
            queue.add(
                self._server.put(
                    self._journal, [_place(Left(uid, Reached(batch[-1].tenant_id, batch[-1].offering_id)))]
                )
            )
        queue.finish()

    def _catch_up(self, uid: str) -> None:
        """Apply what the journal holds until nothing is in it that was not applied."""
        applied: dict[str, str] = {}
        while self._journal in self._server.versions():
            notes = self._server.documents(self._journal)
            news = [note for note in notes if note["id"] != PLACE and applied.get(note["id"]) != note["seal"]]
            if not news:
                return
            self._apply(uid, {UUID(note["id"]): _change(note) for note in news})
            applied |= {note["id"]: note["seal"] for note in news}

    def _apply(self, uid: str, changes: Mapping[UUID, Change]) -> None:
        changed = [entry_of(document) for document in changes.values() if document is not None]
        gone = [str(offering_id) for offering_id, document in changes.items() if document is None]
        tasks = [self._server.put(uid, changed)] if changed else []
        self._server.finish(*tasks, *([self._server.take(uid, gone)] if gone else []))

    @contextmanager
    def _making(self, left: Left | None) -> Iterator[str]:
        """Make an index to be filled or take the one that was left, and clean up what did not come far.

        Raises RebuildRunning when somebody else is building.
        """
        made = f"{self.current}-{uuid4().hex[:12]}"
        self._server.finish(self._server.create(made, index_settings()), seconds=BATCH_SECONDS)
        try:
            made = self._take_turn(made, left)
            yield made
        except BaseException:
            reached = self.left()
            if reached is not None and reached.made == made:
                self._server.finish(self._server.put(self._journal, [_place(replace(reached, stopped=True))]))
            else:
                self._clean_up(made)
            raise
        self._clean_up(made)

    def _clean_up(self, made: str) -> None:
        there = self._server.versions()
        # The journal is somebody else's when another builder took the turn of this one.
        journal = set() if self._makings(there) - {made} else {self._journal}
        self._server.remove((journal | {made}) & there.keys() | self._forgotten(there))

    def _take_turn(self, made: str, left: Left | None) -> str:
        """Return the index to fill: a new one, or the one that was left."""
        known, there = self.left(), self._server.versions()
        mine, taken = there[made], made
        for other in self._makings(there) - {made}:
            earlier = (there[other].created, other) < (mine.created, made)
            stopped = known is not None and known.made == other and known.stopped
            if earlier and not stopped and mine.created - there[other].updated < LOST_AFTER:
                raise RebuildRunning(_("De zoekindex wordt al opnieuw opgebouwd."))
            if earlier and left is not None and left.made == other:
                taken = other
                self._server.finish(self._server.put(self._journal, [_place(replace(left, stopped=False))]))
            elif earlier:
                self._server.remove({other})
        self._server.remove({made if taken != made else self._journal} & there.keys())
        return taken

    def _makings(self, there: Mapping[str, Version]) -> set[str]:
        """Return the indexes that somebody is building, or was when he was lost."""
        return {name for name in there if re.fullmatch(rf"{self.current}-[0-9a-f]{{12}}", name)}

    def _forgotten(self, there: Mapping[str, Version]) -> set[str]:
        """Return what is of another fingerprint, and of no program that may still run beside this one."""
        of_this_name = {name for name in there if re.fullmatch(rf"{self._name}-[0-9a-f]{{16}}(-\w+)?", name)}
        newest = max((version.updated for version in there.values()), default=None)
        return {
            name
            for name in of_this_name
            if not name.startswith(self.current) and newest and newest - there[name].updated > OTHERS_KEPT
        }


def _noted(changes: Mapping[UUID, Change]) -> Iterator[dict[str, Any]]:
    for offering_id, document in changes.items():
        offering = None if document is None else document.model_dump_json()
        yield {"id": str(offering_id), "seal": uuid4().hex, "offering": offering}


def _place(left: Left) -> dict[str, Any]:
    reached = {"tenant_id": str(left.reached.tenant_id), "offering_id": str(left.reached.offering_id)}
    return {"id": PLACE, "made": left.made, "stopped": left.stopped, **reached}


def _change(note: Mapping[str, Any]) -> Change:
    return None if note["offering"] is None else OfferingDocument.model_validate_json(note["offering"])
