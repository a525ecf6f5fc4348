"""How many results there would be with each value of a filter: right for the other filters that are chosen."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from tantivy import Query

from search.embedded.clauses import all_of
from search.embedded.filters import filters
from search.embedded.snapshot import Snapshot
from search.gateway import Facets
from search.query import LIMITED, LIMITS, SearchQuery

MOST_VALUES = 64


def count_facets(snapshot: Snapshot, text: Query | None, query: SearchQuery) -> Facets:
    """Return the counts per filter; without words they are worked out once per state of the index."""
    key = query.counted_by
    kept = snapshot.kept_facets(key) if text is None else None
    if kept is not None:
        return kept
    facets = _count(snapshot, filters(snapshot, query), text)
    if text is None:
        snapshot.keep_facets(key, facets)
    return facets


def _count(snapshot: Snapshot, chosen: Mapping[str, Query], text: Query | None) -> Facets:
    words = [] if text is None else [text]
    free = [name for name in REQUESTS if name not in chosen]
    answer = snapshot.aggregate(all_of([*chosen.values(), *words]), {name: REQUESTS[name] for name in free})
    for name in set(REQUESTS) - set(free):
        # A filter that is chosen does not narrow its own counts: they say what another choice would give.
        others = [query for other, query in chosen.items() if other != name]
        answer |= snapshot.aggregate(all_of([*others, *words]), {name: REQUESTS[name]})
    return {name: _read(name, answer[name]["buckets"]) for name in REQUESTS}


def _terms(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": MOST_VALUES}}


def _ranges(name: str) -> dict[str, Any]:
    edges = (0, *(limit + 1 for limit in LIMITS[name]))
    ranges = [{"from": low, "to": high} for low, high in pairwise(edges)]
    return {"range": {"field": LIMITED[name], "ranges": ranges}}


REQUESTS: Mapping[str, dict[str, Any]] = {
    "cause": _terms("cause"),
    "intervention": _terms("intervention"),
    "sickness_year": _terms("sickness_year"),
    "online": _terms("online"),
    "disclosure": _terms("disclosure"),
    "region": _terms("region"),
    "language": _terms("language"),
    "mark": _terms("mark"),
    "gender": _terms("gender"),
    "accepts_now": _terms("accepts_now"),
    **{name: _ranges(name) for name in LIMITS},
}


def _read(name: str, buckets: list[dict[str, Any]]) -> Mapping[str, int]:
    if name in LIMITS:
        return _cumulative(buckets, LIMITS[name])
    return {_value(bucket): int(bucket["doc_count"]) for bucket in buckets}


def _value(bucket: Mapping[str, Any]) -> str:
    named = bucket.get("key_as_string")
    if named is not None:
        return str(named)
    key = bucket["key"]
    return str(int(key)) if isinstance(key, float) else str(key)


def _cumulative(buckets: list[dict[str, Any]], limits: Sequence[int]) -> Mapping[str, int]:
    below = {int(bucket["to"]) - 1: int(bucket["doc_count"]) for bucket in buckets if "to" in bucket}
    return {str(limit): sum(count for edge, count in below.items() if edge <= limit) for limit in limits}
