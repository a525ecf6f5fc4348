"""The port to a search engine: what every engine can do, however it does it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from core.errors import Conflict, Unavailable
from search.document import OfferingDocument
from search.query import SearchQuery
from search.reasons import Reason

Facets = Mapping[str, Mapping[str, int]]


class IndexUnavailable(Unavailable):
    """There is no index, or not one that this program can read; the caller may answer from the database instead."""

    code = "index_unavailable"


class RebuildRunning(Conflict):
    """The index is already being rebuilt."""

    code = "rebuild_running"


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: which offering, how far away (kilometres, from the asked postcode), and why it stands here."""

    offering_id: UUID
    distance_km: float | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """One page of results, how many there are in all, and counts per filter.

    A count says how many results there would be with that value chosen and all other filters as they are.
    `ignored_words` are words of the question that occur nowhere, left out because others do.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Facets
    ignored_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """The last offering that a build has taken in for good; it takes them by tenant, and of each by their id."""

    tenant_id: UUID
    offering_id: UUID


class SearchEngine(Protocol):
    """Finds published offerings. All calls but `rebuild` are short; every one may raise IndexUnavailable."""

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Answer a question."""

    def upsert(self, documents: Iterable[OfferingDocument]) -> None:
        """Add offerings, or put them in the place of what was known of them; visible at once."""

    def remove(self, offering_ids: Iterable[UUID]) -> None:
        """Take offerings out; unknown ids are no fault."""

    def rebuild(self, documents: Iterable[OfferingDocument], *, go_on: bool = False) -> int:
        """Build a new index beside the old one and put it in its place; return how many offerings it holds.

        What is added or removed meanwhile is in the new index too. With `go_on` the build that was interrupted is
        finished, and `documents` are those that come after `unfinished()`. Raises RebuildRunning.
        """

    def unfinished(self) -> Reached | None:
        """Return how far a build came that was interrupted a short time ago; None when there is none to go on with."""

    def count(self) -> int:
        """Return how many offerings are indexed, of all tenants together."""

    def is_ready(self) -> bool:
        """Tell whether there is an index that can be read; when not, `rebuild` makes one."""
