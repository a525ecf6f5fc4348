"""The indexes on the server: one that serves, one that is being built, and the journal of the build.

<name>-<fingerprint>            the index that is read; a program with another fingerprint reads another one
<name>-<fingerprint>-<builder>  an index in the making, which changes names with the one that is read when it is whole
<name>-<fingerprint>-journal    the changes that came in while somebody was building

Who builds is known by the index in the making; when nothing was added to it for some time, the builder was lost. All
times are the server's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from core.language import _
from search.document import OfferingDocument
from search.gateway import IndexUnavailable, RebuildRunning
from search.remote.entry import entry_of, index_settings
from search.remote.fingerprint import fingerprint
from search.remote.server import Queue, Server, Version

BATCH = 1_000
BATCHES_UNDER_WAY = 6
LOST_AFTER = timedelta(seconds=120)
OTHERS_KEPT = timedelta(days=1)

Change = OfferingDocument | None
"""What an offering became; None when it goes."""


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

    def build(self, documents: Iterable[OfferingDocument]) -> None:
        """Build an index and let it take the place of the one that is read."""
        with self._making() as made:
            begun = self._server.versions()[made].created
            self._fill(made, documents)
            self._catch_up(made)
            there = self._server.versions()
            if made not in there or there[made].created != begun:
                raise IndexUnavailable(_("Het opbouwen van de zoekindex heeft te lang stilgestaan."))
            self._server.finish(self._server.swap(made, self.current, only_rename=self.current not in there))
            # Once more, for what was written to the index that has just lost its name.
            self._catch_up(self.current)

    def _fill(self, uid: str, documents: Iterable[OfferingDocument]) -> None:
        queue = Queue(self._server, BATCHES_UNDER_WAY)
        rest = iter(documents)
        while batch := [entry_of(document) for document in islice(rest, BATCH)]:
            queue.add(self._server.put(uid, batch))
        queue.finish()

    def _catch_up(self, uid: str) -> None:
        """Apply what the journal holds until nothing is in it that was not applied."""
        applied: dict[str, str] = {}
        while self._journal in self._server.versions():
            notes = self._server.documents(self._journal)
            news = [note for note in notes if applied.get(note["id"]) != note["seal"]]
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
    def _making(self) -> Iterator[str]:
        """Make an index to be filled, and clean up afterwards; raise RebuildRunning when somebody else is building."""
        made = f"{self.current}-{uuid4().hex[:12]}"
        self._server.finish(self._server.create(made, index_settings()))
        try:
            self._take_turn(made)
            yield made
        finally:
            there = self._server.versions()
            # The journal is somebody else's when another builder took the turn of this one.
            journal = set() if self._makings(there) - {made} else {self._journal}
            self._server.remove((journal | {made}) & there.keys() | self._forgotten(there))

    def _take_turn(self, made: str) -> None:
        there = self._server.versions()
        mine = there[made]
        for other in self._makings(there) - {made}:
            earlier = (there[other].created, other) < (mine.created, made)
            if earlier and mine.created - there[other].updated < LOST_AFTER:
                raise RebuildRunning(_("De zoekindex wordt al opnieuw opgebouwd."))
            if earlier:
                self._server.remove({other})
        self._server.remove({self._journal} & there.keys())

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


def _change(note: Mapping[str, Any]) -> Change:
    return None if note["offering"] is None else OfferingDocument.model_validate_json(note["offering"])
