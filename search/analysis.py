"""How Dutch text becomes terms, for what is indexed and for what is asked alike: fold, split compounds, stem.

Terms of a text: the stem of each word, the stems of the parts of a compound, and that of two neighbours as one word.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import local

import Stemmer

DATA = Path(__file__).resolve().parent / "data"
LONGEST_WORD = 40
SHORTEST_PART = 3
LINKS = ("", "s", "en", "e", "n", "er")
_WORD = re.compile(r"[^\W_]+")
_HYPHENS = ("-", "‐", "‑")
_APOSTROPHES = str.maketrans("", "", "'’`")
_thread = local()


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: folded, stemmed, and whether a hyphen ties it to the next one."""

    text: str
    stem: str
    tied: bool = False


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text in order, without stop words."""
    plain = fold(text)
    found = []
    for match in _WORD.finditer(plain):
        word = match.group()[:LONGEST_WORD]
        if word not in stop_words():
            found.append(Word(word, stem(word), plain[match.end() : match.end() + 1] in _HYPHENS))
    return tuple(found)


def fold(text: str) -> str:
    """Return the text in small letters without accents, apostrophes and invisible signs."""
    plain = text.casefold() if text.isascii() else _without_marks(unicodedata.normalize("NFKD", text).casefold())
    return plain.translate(_APOSTROPHES)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the Dutch (Porter) stem of a folded word."""
    # A stemmer keeps state while it works, so each thread has its own.
    if not hasattr(_thread, "stemmer"):
        _thread.stemmer = Stemmer.Stemmer("dutch_porter")
    return str(_thread.stemmer.stemWord(word))


@lru_cache(maxsize=50_000)
def split(word: str) -> tuple[str, ...]:
    """Return the dictionary words that a folded compound consists of, two or more; nothing when it is not one."""
    for end in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        head = word[:end]
        if head not in parts():
            continue
        for tail in _tails(word[end:]):
            rest = (tail,) if _is_part(tail) else split(tail)
            if rest:
                return (head, *rest)
    return ()


def all_parts(word: str) -> Iterator[str]:
    """Yield every dictionary word inside a compound, those inside its parts included."""
    for part in split(word):
        yield part
        yield from all_parts(part)


def joined(one: Word, other: Word) -> str:
    """Return two neighbouring words written as one."""
    return (one.text + other.text)[:LONGEST_WORD]


@cache
def stop_words() -> frozenset[str]:
    """Return the words that are left out."""
    return frozenset(_lines("stopwords.txt"))


@cache
def parts() -> frozenset[str]:
    """Return the words of which compounds are made."""
    return frozenset(_lines("compounds.txt"))


@cache
def _part_stems() -> frozenset[str]:
    return frozenset(stem(part) for part in parts())


def _without_marks(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign) not in ("Mn", "Cf"))


def _is_part(word: str) -> bool:
    # Only the end of a compound is inflected: werkplekken, loonwaardeonderzoeken.
    return word in parts() or (len(word) > SHORTEST_PART and stem(word) in _part_stems())


def _tails(rest: str) -> Iterator[str]:
    for link in LINKS:
        if rest.startswith(link) and len(rest) - len(link) >= SHORTEST_PART:
            yield rest[len(link) :]


def _lines(name: str) -> Sequence[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
