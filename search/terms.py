"""The terms of a document and the terms of a question, made of the same analysis."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from search.analysis import Word, all_parts, joined, parts, split, stem, words
from search.synonyms import concepts

MOST_WORDS = 16
SHORTEST_PREFIX = 3
LONGEST_KEPT = 60
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


@dataclass(frozen=True, slots=True)
class TextTerms:
    """A text of a document: the terms under which it is found, and its words as written, for typing errors."""

    terms: tuple[str, ...]
    words: tuple[str, ...]


def text_terms(text: str) -> TextTerms:
    """Return the terms of a text; repeated words are repeated, as ranking counts them."""
    # Labels of the taxonomy and names of providers come back again and again; summaries do not.
    return _kept_terms(text) if len(text) <= LONGEST_KEPT else _text_terms(text)


@lru_cache(maxsize=4_096)
def _kept_terms(text: str) -> TextTerms:
    return _text_terms(text)


def _text_terms(text: str) -> TextTerms:
    row = words(text)
    terms = [found.concept for found in concepts(row)]
    written: list[str] = []
    for word in row:
        inside = tuple(all_parts(word.text))
        written += (word.text, *inside)
        terms.append(word.stem)
        for part in inside:
            terms += (stem(part), *_concepts_of(part))
    for one, other in pairwise(row):
        whole = joined(one, other)
        written.append(whole)
        terms.append(stem(whole))
        if one.tied:
            terms += map(stem, all_parts(whole))
    return TextTerms(tuple(terms), tuple(written))


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
