"""The terms of a document and the terms of a question, made of the same analysis."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from search.analysis import Word, all_parts, joined, parts, split, stem, words
from search.synonyms import concepts

MOST_WORDS = 16
SHORTEST_PREFIX = 3
ONE_TYPING_ERROR_FROM = 5
TWO_TYPING_ERRORS_FROM = 9


@dataclass(frozen=True, slots=True)
class AskedWord:
    """One word of a question: any of the alternatives satisfies it, each a set of terms that must all be there."""

    text: str
    alternatives: tuple[tuple[str, ...], ...]
    is_last: bool

    @property
    def typing_errors(self) -> int:
        """How many letters may be wrong: none below 5 letters, one from 5, two from 9."""
        if len(self.text) >= TWO_TYPING_ERRORS_FROM:
            return 2
        return 1 if len(self.text) >= ONE_TYPING_ERROR_FROM else 0

    @property
    def begins_words(self) -> bool:
        """Whether longer words count that begin with this one: the last word may still be in the typing."""
        return self.is_last and len(self.text) >= SHORTEST_PREFIX


def document_terms(text: str) -> Iterator[str]:
    """Yield the terms under which a text is found; repeated words are repeated, as ranking counts them."""
    row = words(text)
    for word in row:
        yield word.stem
        for part in all_parts(word.text):
            yield stem(part)
            yield from _concepts_of(part)
    for one, other in pairwise(row):
        yield stem(joined(one, other))
        if one.tied:
            yield from (stem(part) for part in all_parts(joined(one, other)))
    for found in concepts(row):
        yield found.concept


def document_words(text: str) -> Iterator[str]:
    """Yield the words of a text as they are written, with parts and with neighbours as one, for typing errors."""
    row = words(text)
    for word in row:
        yield word.text
        yield from all_parts(word.text)
    for one, other in pairwise(row):
        yield joined(one, other)


def asked_words(text: str) -> tuple[AskedWord, ...]:
    """Return the words of a question, the first 16; none when it holds only stop words and signs."""
    row = words(text)[:MOST_WORDS]
    spans: list[list[tuple[str, ...]]] = [[] for _word in row]
    for found in concepts(row):
        for place in range(found.first, found.last + 1):
            spans[place].append((found.concept,))
    for place, (one, other) in enumerate(pairwise(row)):
        whole = (stem(joined(one, other)),)
        spans[place].append(whole)
        spans[place + 1].append(whole)
    return tuple(
        AskedWord(word.text, tuple(dict.fromkeys((*_own(word), *spans[place]))), place == len(row) - 1)
        for place, word in enumerate(row)
    )


def _own(word: Word) -> Iterator[tuple[str, ...]]:
    yield (word.stem,)
    # A word of the dictionary is meant as such: "werkplek" does not ask for any text with "werk" and "plek".
    if word.text not in parts() and (inside := split(word.text)):
        yield tuple(stem(part) for part in inside)


def _concepts_of(part: str) -> Iterator[str]:
    for found in concepts((Word(part, stem(part)),)):
        yield found.concept
