"""Expressions of the field that mean the same: each group of the synonyms file is one concept."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from search.analysis import DATA, Word, words

FILE = DATA / "synonyms.csv"
MARK = "~"


@dataclass(frozen=True, slots=True)
class Found:
    """A concept in a row of words, from the word at `first` up to and including the one at `last`."""

    concept: str
    first: int
    last: int


def concepts(row: Sequence[Word]) -> Iterator[Found]:
    """Yield every concept of which an expression stands in the row."""
    stems = tuple(word.stem for word in row)
    for first, start in enumerate(stems):
        for expression, concept in expressions().get(start, ()):
            if stems[first : first + len(expression)] == expression:
                yield Found(concept, first, first + len(expression) - 1)


@cache
def expressions() -> Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Return all expressions with their concepts, by the stem that they begin with."""
    by_start: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            concept = MARK + "_".join(word.text for word in words(row["preferred"]))
            for expression in dict.fromkeys(_stems(text) for text in (row["preferred"], *row["others"].split("|"))):
                by_start[expression[0]].append((expression, concept))
    return {start: tuple(found) for start, found in by_start.items()}


def _stems(text: str) -> tuple[str, ...]:
    return tuple(word.stem for word in words(text))
