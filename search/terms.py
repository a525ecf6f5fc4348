"""The terms of a document and the terms of a question, made of the same analysis."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from search.analysis import Word, all_parts, joined, parts, split, stem, words
from search.synonyms import Stems, Synonyms, terms_of

MOST_WORDS = 16
SHORTEST_PREFIX = 3
LONGEST_KEPT = 80
ONE_TYPING_ERROR_FROM = 5
TWO_TYPING_ERRORS_FROM = 9
_QUOTED = re.compile('["“”„«]([^"“”„«»]*)["“”»]')


@dataclass(frozen=True, slots=True)
class AskedWord:
    """One word of a question: any of the alternatives satisfies it, each a set of terms that must all be there.

    `synonyms` satisfy it as well, and weigh less. What is `exact` stood in quotes: a word, or words next to each other.
    """

    text: str
    alternatives: tuple[Stems, ...]
    synonyms: tuple[Stems, ...] = ()
    is_last: bool = False
    exact: bool = False

    @property
    def typing_errors(self) -> int:
        """How many letters may be wrong: none below 5 letters, one from 5, two from 9; none in quotes or a number."""
        if self.exact or self.text.isdigit():
            return 0
        if len(self.text) >= TWO_TYPING_ERRORS_FROM:
            return 2
        return 1 if len(self.text) >= ONE_TYPING_ERROR_FROM else 0

    @property
    def begins_words(self) -> bool:
        """Whether longer words count that begin with this one: the last word may still be in the typing."""
        return self.is_last and not self.text.isdigit() and len(self.text) >= SHORTEST_PREFIX


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
    terms: list[str] = []
    written: list[str] = []
    for word in row:
        inside = tuple(all_parts(word.text))
        written += (word.text, *inside)
        terms += (word.stem, *map(stem, inside))
    for one, other in pairwise(row):
        whole = joined(one, other)
        written.append(whole)
        terms.append(stem(whole))
        if one.tied:
            terms += map(stem, all_parts(whole))
    return TextTerms(tuple(terms), tuple(written))


def asked_words(text: str, synonyms: Synonyms) -> tuple[AskedWord, ...]:
    """Return the words of a question, the first 16; none when it holds only stop words and signs."""
    found: list[AskedWord] = []
    end = 0
    for quoted in _QUOTED.finditer(text):
        found += _plain(text[end : quoted.start()], synonyms)
        found += _phrase(quoted[1])
        end = quoted.end()
    found += _plain(text[end:], synonyms)
    if found and not found[-1].exact:
        found[-1] = replace(found[-1], is_last=True)
    return tuple(found[:MOST_WORDS])


def _plain(text: str, synonyms: Synonyms) -> list[AskedWord]:
    row = words(text)[:MOST_WORDS]
    whole: list[list[Stems]] = [[] for _word in row]
    for place, (one, other) in enumerate(pairwise(row)):
        both = (stem(joined(one, other)),)
        whole[place].append(both)
        whole[place + 1].append(both)
    meant: list[list[Stems]] = [[] for _word in row]
    for found in synonyms.found_in(row):
        for place in range(found.first, found.last + 1):
            meant[place] += found.others
    return [
        AskedWord(word.text, tuple(dict.fromkeys((*_own(word), *whole[place]))), tuple(dict.fromkeys(meant[place])))
        for place, word in enumerate(row)
    ]


def _phrase(text: str) -> list[AskedWord]:
    row = words(text)[:MOST_WORDS]
    return [AskedWord(" ".join(word.text for word in row), (terms_of(row),), exact=True)] if row else []


def _own(word: Word) -> Iterator[Stems]:
    yield (word.stem,)
    # A word of the dictionary is meant as such: "werkplek" does not ask for any text with "werk" and "plek".
    if word.text not in parts() and (inside := split(word.text)):
        yield tuple(stem(part) for part in inside)
