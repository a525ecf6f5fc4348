"""How many results there would be with each value of a filter: right for the other filters that are chosen."""

from collections.abc import Mapping, Sequence

from search.gateway import Facets
from search.query import LIMITS, SearchQuery
from search.remote.expressions import all_of
from search.remote.filters import filters
from search.remote.server import Question
from search.remote.snapshot import Snapshot

# The facets, and the field of which each counts the values.
FIELDS = {
    "cause": "cause",
    "intervention": "intervention",
    "sickness_year": "sickness_year",
    "online": "online",
    "disclosure": "disclosure",
    "region": "region",
    "language": "language",
    "mark": "mark",
    "gender": "gender",
    "accepts_now": "accepts_now",
    **{name: f"{name}_limit" for name in LIMITS},
}


def count_facets(snapshot: Snapshot, text: str | None, query: SearchQuery) -> Facets:
    """Return the counts per filter; without words they are worked out once per state of the index."""
    if text is not None:
        return _count(snapshot, filters(snapshot, query), text)
    return snapshot.facets(query.counted_by, lambda: _count(snapshot, filters(snapshot, query), None))


def _count(snapshot: Snapshot, chosen: Mapping[str, str], text: str | None) -> Facets:
    words = [] if text is None else [text]
    # A filter that is chosen does not narrow its own counts: they say what another choice would give.
    narrowed = [name for name in FIELDS if name in chosen]
    free = [name for name in FIELDS if name not in chosen]
    groups = [(free, list(chosen.values()))]
    groups += [([name], [one for other, one in chosen.items() if other != name]) for name in narrowed]
    answers = snapshot.ask(
        [Question(all_of([*here, *words]), facets=[FIELDS[name] for name in names]) for names, here in groups]
    )
    counts = {
        name: answer.counts.get(FIELDS[name], {})
        for (names, _here), answer in zip(groups, answers, strict=True)
        for name in names
    }
    return {name: _cumulative(counts[name], LIMITS[name]) if name in LIMITS else dict(counts[name]) for name in FIELDS}


def _cumulative(counts: Mapping[str, int], limits: Sequence[int]) -> Mapping[str, int]:
    return {str(limit): sum(count for step, count in counts.items() if int(step) <= limit) for limit in limits}
