"""The order "fit" on a server that cannot add points up: it counts offerings of a kind, and whole kinds are ranked.

All offerings with the same key (entry.py) in the same group (near enough, cheap enough, named so, with a fresh wait)
have the same points. Groups are counted from the best on, until those that fill the page are known.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from search import ranking
from search.query import SearchQuery
from search.remote.entry import offering_like
from search.remote.expressions import all_of, any_of, one_of
from search.remote.groups import Group, groups_of
from search.remote.server import Question
from search.remote.snapshot import Snapshot
from search.remote.text import TextMatch

GROUPS_AT_ONCE = 8

NO_POINTS = -1  # fewer than anything has

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Run:
    """Some offerings that are equals."""

    filter: str
    size: int


class Tally:
    """How many offerings have how many points, as far as they were counted."""

    def __init__(self, keys: Counts, query: SearchQuery, today: date) -> None:
        self._worth = {fresh: {key: _worth(key, fresh, query, today) for key in keys} for fresh in (True, False)}
        self._highest = {fresh: max(points.values()) for fresh, points in self._worth.items()}
        self._found: dict[int, list[str]] = defaultdict(list)
        self._sizes: dict[int, int] = defaultdict(int)

    def most(self, group: Group) -> int:
        """Return the points that an offering in this group has at most."""
        return group.points + self._highest[group.fresh]

    def add(self, group: Group, counts: Counts) -> None:
        """Count the offerings of a group, given how many there are of each key."""
        same: dict[int, list[str]] = defaultdict(list)
        for key, size in counts.items():
            # An unknown key is of an offering that came in since the question began; it waits for the next one.
            if key in self._worth[group.fresh]:
                points = group.points + self._worth[group.fresh][key]
                same[points].append(key)
                self._sizes[points] += size
        for points, equals in same.items():
            self._found[points].append(all_of([*group.filters, one_of("fit_key", equals)]))

    def above(self, limit: int) -> int:
        """Return how many offerings with more points than this were counted."""
        return sum(size for points, size in self._sizes.items() if points > limit)

    def runs(self, matching: str, limit: int) -> list[Run]:
        """Return those with more points than this, equals after equals, the best first."""
        best = sorted((points for points in self._found if points > limit), reverse=True)
        return [Run(all_of([matching, any_of(self._found[points])]), self._sizes[points]) for points in best]


def runs(
    snapshot: Snapshot, matching: str, text: TextMatch, query: SearchQuery, today: date, keys: Counts, wanted: int
) -> list[Run]:
    """Return equals after equals, the best first, until they hold `wanted` offerings or all that match.

    `keys` are the keys of all that match, with how many there are of each.
    """
    total, tally = sum(keys.values()), Tally(keys, query, today)
    groups = sorted(groups_of(snapshot, matching, text, query, today), key=tally.most, reverse=True)
    limit = NO_POINTS
    for start in range(0, len(groups), GROUPS_AT_ONCE):
        batch, rest = groups[start:][:GROUPS_AT_ONCE], groups[start + GROUPS_AT_ONCE :]
        answers = snapshot.ask([Question(all_of([matching, *one.filters]), facets=("fit_key",)) for one in batch])
        for group, answer in zip(batch, answers, strict=True):
            tally.add(group, answer.counts.get("fit_key", {}))
        # What comes later has no more points than this, so that all above it is complete.
        limit = tally.most(rest[0]) if rest else NO_POINTS
        if tally.above(limit) >= wanted or tally.above(NO_POINTS) >= total:
            break
    return tally.runs(matching, NO_POINTS if tally.above(NO_POINTS) >= total else limit)


def _worth(key: str, fresh: bool, query: SearchQuery, today: date) -> int:
    """Return the points for what is in a key."""
    offering = offering_like(key, today if fresh else None)
    return ranking.points(ranking.facts(offering, query, lambda _kind: None, today), with_distance=False)
