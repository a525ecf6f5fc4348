"""Talking to the server through its official client: every call has a limit in time, every fault one name."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import local
from typing import Any

from meilisearch import Client
from meilisearch.errors import MeilisearchApiError, MeilisearchError
from meilisearch.index import Index
from requests import RequestException

from core.language import _
from search.gateway import IndexUnavailable
from search.remote.expressions import one_of

ANSWER_SECONDS = 10
CHANGE_SECONDS = 30  # within which a change has to be seen
BATCH_SECONDS = 600  # within which a server that has more to do takes in a part of a new index
TASK_PAUSE_MS = 5
MOST_INDEXES = 1_000
PAGE = 1_000
NOT_THERE = "index_not_found"

Document = dict[str, Any]
Task = int


@dataclass(frozen=True, slots=True)
class Question:
    """One question among several: which documents pass, which of them to send, and of which fields to count values."""

    filter: str
    limit: int = 0
    offset: int = 0
    sort: Sequence[str] = ()
    facets: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a question found: how many in all, those asked for, and how often each value of a field occurs."""

    total: int
    documents: Sequence[Document]
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Version:
    """Which state an index is in; another one means that something in it changed."""

    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Server:
    """A Meilisearch server. All calls raise IndexUnavailable when it does not do what it is asked."""

    url: str
    api_key: str = field(repr=False)
    # A client keeps the headers of a request while it is under way, so each thread has its own.
    _thread: local = field(default_factory=local, repr=False, compare=False)

    def ask(self, uid: str, questions: Sequence[Question]) -> list[Found]:
        """Answer some questions to one index, in one call."""
        queries = [_written(uid, question) for question in questions]
        with _reached():
            answer = self._client.multi_search(queries)
            return [
                Found(found["estimatedTotalHits"], found["hits"], found.get("facetDistribution") or {})
                for found in answer["results"]
            ]

    def similar(self, uid: str, name: str, word: str, condition: str) -> list[str]:
        """Return the values of a field that begin about as a word does, in documents that pass a filter."""
        with _reached():
            answer = self._index(uid).facet_search(name, word, {"filter": condition})
            return [str(hit["value"]) for hit in answer["facetHits"]]

    def version(self, uid: str) -> Version | None:
        """Return the state of an index; None when there is none of this name."""
        with _reached(), _absent():
            return _version(self._client.get_raw_index(uid))
        return None

    def versions(self) -> dict[str, Version]:
        """Return the state of every index by its name."""
        with _reached():
            # What the client says of its kind is not so: the list stands in the answer.
            answer: Any = self._client.get_raw_indexes({"limit": MOST_INDEXES})
            return {str(known["uid"]): _version(known) for known in answer["results"]}

    def count(self, uid: str) -> int:
        """Return how many documents an index holds."""
        with _reached():
            return int(self._index(uid).get_stats().number_of_documents)

    def documents(self, uid: str) -> Iterator[Document]:
        """Yield all documents of an index, of none when it is not there."""
        total, offset = 1, 0
        while offset < total:
            with _reached(), _absent():
                page = self._index(uid).get_documents({"limit": PAGE, "offset": offset})
                total = page.total
                yield from map(dict, page.results)
            offset += PAGE

    def create(self, uid: str, settings: dict[str, Any]) -> Task:
        """Make an index with these settings."""
        with _reached():
            self._client.create_index(uid, {"primaryKey": "id"})
            return self._index(uid).update_settings(settings).task_uid

    def put(self, uid: str, documents: Sequence[Document]) -> Task:
        """Add documents to an index, or put them in the place of those with the same id."""
        with _reached():
            return self._index(uid).add_documents(documents, "id").task_uid

    def take(self, uid: str, keys: Sequence[str]) -> Task:
        """Take documents out of an index; unknown ids are no fault."""
        with _reached():
            return self._index(uid).delete_documents(filter=one_of("id", keys)).task_uid

    def remove(self, uids: Iterable[str]) -> None:
        """Remove indexes, and wait until they are gone, whoever took them away."""
        with _reached():
            tasks = [self._client.delete_index(uid).task_uid for uid in sorted(uids)]
        for task in tasks:
            self._wait(task, BATCH_SECONDS, NOT_THERE)

    def swap(self, one: str, other: str, *, only_rename: bool) -> None:
        """Let two indexes change names in one step, or give the first the name of the other, which nothing has."""
        with _reached():
            self._client.swap_indexes([{"indexes": [one, other], "rename": only_rename}])

    def finish(self, *tasks: Task, seconds: int = CHANGE_SECONDS) -> None:
        """Wait until tasks are done, so long for each and not for ever."""
        for task in tasks:
            self._wait(task, seconds)

    def _wait(self, task: Task, seconds: int, accepted: str | None = None) -> None:
        with _reached():
            done = self._client.wait_for_task(task, seconds * 1_000, TASK_PAUSE_MS)
            fault = None if done.status == "succeeded" else (done.error or {}).get("code", done.status)
        if fault not in (None, accepted):
            raise IndexUnavailable(_("De zoekserver heeft een wijziging niet verwerkt."))

    @property
    def _client(self) -> Client:
        known: Client | None = getattr(self._thread, "client", None)
        if known is None:
            known = self._thread.client = Client(self.url, self.api_key, timeout=ANSWER_SECONDS)
        return known

    def _index(self, uid: str) -> Index:
        return self._client.index(uid)


class Queue:
    """Tasks under way: a few at a time, so that neither side collects more than it can hold."""

    def __init__(self, server: Server, most: int) -> None:
        self._server = server
        self._most = most
        self._tasks: deque[Task] = deque()

    def add(self, task: Task) -> None:
        """Take one more task in hand, and wait for the oldest when there are too many."""
        self._tasks.append(task)
        if len(self._tasks) > self._most:
            self._server.finish(self._tasks.popleft(), seconds=BATCH_SECONDS)

    def finish(self) -> None:
        """Wait until all of them are done."""
        self._server.finish(*self._tasks, seconds=BATCH_SECONDS)


def _written(uid: str, question: Question) -> dict[str, Any]:
    return {
        "indexUid": uid,
        "filter": question.filter,
        "limit": question.limit,
        "offset": question.offset,
        "sort": list(question.sort),
        "facets": list(question.facets),
    }


def _version(known: Mapping[str, Any]) -> Version:
    return Version(datetime.fromisoformat(known["createdAt"]), datetime.fromisoformat(known["updatedAt"]))


@contextmanager
def _absent() -> Iterator[None]:
    """Pass over that an index is not there."""
    try:
        yield
    except MeilisearchApiError as fault:
        if fault.code != NOT_THERE:
            raise


@contextmanager
def _reached() -> Iterator[None]:
    """Turn what goes wrong with the server into the one error that callers know how to answer."""
    try:
        yield
    # What the last three stand for: an answer that is not one of this kind of server.
    except (MeilisearchError, RequestException, ValueError, KeyError, TypeError) as fault:
        missing = isinstance(fault, MeilisearchApiError) and fault.code == NOT_THERE
        said = _("Er is nog geen zoekindex.") if missing else _("De zoekserver antwoordt niet.")
        raise IndexUnavailable(said) from fault
