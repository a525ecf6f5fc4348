"""Expressions that mean the same: the groups of the field, and what a network manager makes of them.

They are applied to what is asked, not to what is indexed, so that a change counts for the very next question.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from search.analysis import DATA, Word, joined, stem, words

FILE = DATA / "synonyms.csv"

Stems = tuple[str, ...]
Group = tuple[str, ...]
"""Expressions that mean the same, the preferred one first."""


@dataclass(frozen=True, slots=True)
class Found:
    """An expression in a row of words, from the one at `first` up to and including the one at `last`.

    `others` are the other ways to say it, each as the terms that a text holds in which it stands.
    """

    first: int
    last: int
    others: tuple[Stems, ...]


class Synonyms:
    """The groups that hold in one network."""

    def __init__(self, groups: Iterable[Group]) -> None:
        by_start: dict[str, dict[Stems, tuple[Stems, ...]]] = defaultdict(dict)
        for group in groups:
            rows = {tuple(word.stem for word in row): row for row in map(words, group) if row}
            for expression in rows:
                others = tuple(terms_of(row) for stems, row in rows.items() if stems != expression)
                there = by_start[expression[0]].get(expression, ())
                by_start[expression[0]][expression] = tuple(dict.fromkeys((*there, *others)))
        self._by_start = by_start

    def found_in(self, row: Sequence[Word]) -> Iterator[Found]:
        """Yield every expression that stands in the row and can be said in another way."""
        stems = tuple(word.stem for word in row)
        for first, start in enumerate(stems):
            for expression, others in self._by_start.get(start, {}).items():
                if others and stems[first : first + len(expression)] == expression:
                    yield Found(first, first + len(expression) - 1, others)


def terms_of(row: Sequence[Word]) -> Stems:
    """Return the terms that a text holds in which these words stand next to each other."""
    if len(row) == 1:
        return (row[0].stem,)
    return tuple(stem(joined(one, other)) for one, other in pairwise(row))


@cache
def built_in_groups() -> tuple[Group, ...]:
    """Return the groups that every network begins with."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple((row["preferred"], *row["others"].split("|")) for row in csv.DictReader(lines))


BUILT_IN = Synonyms(built_in_groups())
