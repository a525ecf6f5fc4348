"""The engine on a Meilisearch server: asks it, and keeps its index; see store.py for its indexes."""

from collections.abc import Iterable
from datetime import date
from threading import Lock
from uuid import UUID

from core.clock import today
from core.language import _
from search import ranking
from search.document import OfferingDocument
from search.gateway import Hit, IndexUnavailable, Reached, SearchAnswer
from search.query import SearchQuery
from search.reasons import reasons
from search.remote.expressions import all_of
from search.remote.facets import count_facets
from search.remote.filters import filters, network
from search.remote.pages import page_of
from search.remote.server import Server
from search.remote.snapshot import Snapshot
from search.remote.store import Store
from search.remote.text import match_text


class MeilisearchEngine:
    """Keeps the SearchEngine port. Any number of processes may search and write; the server puts writes in order."""

    def __init__(self, url: str, api_key: str, name: str) -> None:
        self._server = Server(url, api_key)
        self.store = Store(self._server, name)
        self._lock = Lock()
        self._snapshot: Snapshot | None = None

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Answer a question; raise IndexUnavailable when the server or its index does not."""
        snapshot, day = self._latest(), today()
        text = match_text(snapshot, network(query), query.words)
        chosen = list(filters(snapshot, query).values())
        matching = all_of(chosen if text.filter is None else [*chosen, text.filter])
        total, page = page_of(snapshot, matching, text, query, day)
        return SearchAnswer(
            total=total,
            hits=_hits(snapshot, page, query, day),
            facets=count_facets(snapshot, text.filter, query),
            ignored_words=text.ignored,
        )

    def count(self) -> int:
        """Return how many offerings are indexed, of all tenants together."""
        return self._server.count(self.store.current)

    def is_ready(self) -> bool:
        """Tell whether there is an index that can be read; when not, `rebuild` makes one."""
        try:
            self._latest()
        except IndexUnavailable:
            return False
        return True

    def upsert(self, documents: Iterable[OfferingDocument]) -> None:
        """Add offerings, or put them in the place of what was known of them; visible at once."""
        self.store.write({document.offering_id: document for document in documents})

    def remove(self, offering_ids: Iterable[UUID]) -> None:
        """Take offerings out; unknown ids are no fault."""
        self.store.write(dict.fromkeys(offering_ids))

    def unfinished(self) -> Reached | None:
        """Return how far a build came that was interrupted; None when there is none to go on with."""
        left = self.store.left()
        return left.reached if left else None

    def rebuild(self, documents: Iterable[OfferingDocument], *, go_on: bool = False) -> int:
        """Build a new index beside the old one and put it in its place; return how many offerings it holds.

        `documents` gives each offering once and is read after the call begins, so that a change made meanwhile is
        either read or in the journal. With `go_on` they are those after `unfinished()`. Raises RebuildRunning when
        somebody else is building.
        """
        self.store.build(documents, go_on=go_on)
        return self.count()

    def _latest(self) -> Snapshot:
        """Return the index as it is now; what was worked out for an older state is forgotten."""
        name = self.store.current
        version = self._server.version(name)
        if version is None:
            raise IndexUnavailable(_("Er is nog geen zoekindex."))
        with self._lock:
            if self._snapshot is None or self._snapshot.version != version:
                self._snapshot = Snapshot(self._server, name, version)
            return self._snapshot


def _hits(snapshot: Snapshot, page: list[OfferingDocument], query: SearchQuery, day: date) -> tuple[Hit, ...]:
    medians = snapshot.medians_of(str(query.tenant_id), {offering.kind for offering in page})
    found = [(offering, ranking.facts(offering, query, medians.__getitem__, day)) for offering in page]
    return tuple(Hit(offering.offering_id, about.distance_km, reasons(about)) for offering, about in found)
