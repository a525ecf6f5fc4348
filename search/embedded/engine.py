"""The embedded engine: searches and writes a tantivy index below one folder; see store.py for its files."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Lock
from uuid import UUID

from tantivy import Index, IndexWriter

from core.clock import today
from core.language import _
from search import ranking
from search.document import OfferingDocument
from search.embedded.clauses import all_of
from search.embedded.facets import count_facets
from search.embedded.filters import filters, network
from search.embedded.pages import page_of
from search.embedded.schema import schema, to_tantivy
from search.embedded.snapshot import Snapshot
from search.embedded.store import Making, Store
from search.embedded.text import match_text
from search.gateway import Hit, IndexUnavailable, Reached, RebuildRunning, SearchAnswer
from search.query import SearchQuery
from search.reasons import reasons

UPDATE_MEMORY = 32_000_000  # bytes that a writer may collect before it writes a segment
BUILD_MEMORY = 64_000_000
PIECE = 20_000  # offerings after which a build keeps how far it came
ID = "offering_id"


class TantivyEngine:
    """Keeps the SearchEngine port. Any number of processes may search and write; writes take turns."""

    def __init__(self, folder: Path) -> None:
        self._store = Store(folder)
        self._lock = Lock()
        self._generation: Path | None = None
        self._commit: tuple[int, int] | None = None
        self._index: Index | None = None
        self._snapshot: Snapshot | None = None

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Answer a question; raise IndexUnavailable when there is no index or it cannot be read."""
        with _readable():
            return _answer(self._latest(), query)

    def count(self) -> int:
        """Return how many offerings are indexed, of all tenants together."""
        with _readable():
            return int(self._latest().searcher.num_docs)

    def is_ready(self) -> bool:
        """Tell whether there is an index that can be read; when not, `rebuild` makes one."""
        try:
            self.count()
        except IndexUnavailable:
            return False
        return True

    def upsert(self, documents: Iterable[OfferingDocument]) -> None:
        """Add offerings, or put them in the place of what was known of them; visible at once."""
        self._write([document.model_dump_json() for document in documents])

    def remove(self, offering_ids: Iterable[UUID]) -> None:
        """Take offerings out; unknown ids are no fault."""
        self._write([json.dumps({ID: str(offering_id)}) for offering_id in offering_ids])

    def unfinished(self) -> Reached | None:
        """Return how far a build came that was interrupted a short time ago; None when there is none to go on with."""
        making = self._store.making()
        return making.reached if making else None

    def rebuild(self, documents: Iterable[OfferingDocument], *, go_on: bool = False) -> int:
        """Build a new index beside the old one and put it in its place; return how many offerings it holds.

        `documents` gives each offering once and is read after the call begins, so that a change made meanwhile is
        either read or in the journal. With `go_on` they are those after `unfinished()`. Raises RebuildRunning when
        somebody else is building.
        """
        with self._store.building() as held:
            if not held:
                raise RebuildRunning(_("De zoekindex wordt al opnieuw opgebouwd."))
            making = self._store.making() if go_on else None
            if making is None:
                with self._store.writing():
                    making = self._store.begin()
            self._fill(making, documents)
            with self._store.writing():
                _apply(making.generation, self._store.changes())
                self._store.make_current(making.generation)
        return self.count()

    def _fill(self, making: Making, documents: Iterable[OfferingDocument]) -> None:
        """Write offerings, and after every so many keep how far it came."""
        with _writer(Index(schema(), path=str(making.generation)), BUILD_MEMORY) as writer:
            for nth, document in enumerate(documents, 1):
                if making.reached and nth <= PIECE:
                    # The piece in which it was interrupted may be there already without that having been kept.
                    writer.delete_documents_by_term(ID, str(document.offering_id))
                writer.add_document(to_tantivy(document))
                if nth % PIECE == 0:
                    writer.commit()
                    self._store.keep(replace(making, reached=Reached(document.tenant_id, document.offering_id)))

    def _write(self, changes: list[str]) -> None:
        """Write changes, each a line of JSON: a whole offering, or only the id of one that goes."""
        with self._store.writing(), _readable():
            building = self._store.is_building()
            if building or self._store.making():
                self._store.note(changes)
            if self._store.has_current() or not building:
                _apply(self._store.current(), changes)

    def _latest(self) -> Snapshot:
        """Return the newest commit of the current generation; opened again only when a file says that it changed."""
        generation = self._store.current()
        status = os.stat(generation / "meta.json")
        commit = (status.st_mtime_ns, status.st_ino)
        with self._lock:
            if self._snapshot is None or self._index is None or generation != self._generation:
                self._index = Index.open(str(generation))
                self._index.config_reader("manual")
            elif commit == self._commit:
                return self._snapshot
            self._index.reload()
            self._generation, self._commit = generation, commit
            self._snapshot = Snapshot(self._index.searcher())
            return self._snapshot


def _answer(snapshot: Snapshot, query: SearchQuery) -> SearchAnswer:
    day = today()
    text = match_text(snapshot, network(query), query.words)
    total, page = page_of(snapshot, all_of(filters(snapshot, query).values()), text.query, query, day)
    return SearchAnswer(
        total=total,
        hits=tuple(_hit(snapshot, snapshot.offering(address), query, day) for address in page),
        facets=count_facets(snapshot, text.query, query),
        ignored_words=text.ignored,
    )


def _hit(snapshot: Snapshot, offering: OfferingDocument, query: SearchQuery, day: date) -> Hit:
    tenant = str(query.tenant_id)
    about = ranking.facts(offering, query, lambda kind: snapshot.median(tenant, kind), day)
    return Hit(offering.offering_id, about.distance_km, reasons(about))


def _apply(generation: Path, changes: list[str]) -> None:
    """Write changes to a generation in one commit: all of them are visible, or none."""
    if not changes:
        return
    with _writer(Index.open(str(generation)), UPDATE_MEMORY) as writer:
        for change in changes:
            fields = json.loads(change)
            # By the text of the id: deleting by a number silently deletes nothing.
            writer.delete_documents_by_term(ID, fields[ID])
            if fields.keys() != {ID}:
                writer.add_document(to_tantivy(OfferingDocument.model_validate(fields)))


@contextmanager
def _writer(index: Index, memory: int) -> Iterator[IndexWriter]:
    writer = index.writer(memory, 1)
    try:
        yield writer
    except BaseException:
        writer.rollback()
        raise
    writer.commit()
    # The writer is used up by this; its lock on the folder goes with it.
    writer.wait_merging_threads()


@contextmanager
def _readable() -> Iterator[None]:
    """Turn what goes wrong with the files of the index into the one error that callers know how to answer."""
    try:
        yield
    except BaseException as fault:
        # A file with some bytes changed makes the engine panic, which Python does not count among its exceptions.
        if isinstance(fault, OSError | ValueError) or type(fault).__name__ == "PanicException":
            raise IndexUnavailable(_("De zoekindex kan niet worden gelezen.")) from fault
        raise
