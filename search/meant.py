"""Which interventions the words of a question mean: those that they name, or what is advised for a cause."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from network.taxonomy import causes, interventions
from search.analysis import Word, words
from search.synonyms import terms_of
from search.terms import AskedWord, text_terms

# How a name holds a word: as it stands, in the brackets behind it, inside a compound, or not at all.
WHOLE, ASIDE, PART, NOT = 6, 5, 3, 0
_ASIDE = re.compile(r"\(.*?\)")


@dataclass(frozen=True, slots=True)
class Meant:
    """How surely an intervention is meant: by which part of the words (0..1), and its place in what a cause advises.

    `rank` is None for an intervention that is named itself.
    """

    share: float
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """What an intervention or a cause is called: its words and their stems; also with what stands in brackets behind
    it, which tells more of it and does not name it; and also inside compounds, and in English.

    In English most names are made of loose words, which other names hold too.
    """

    words: frozenset[str]
    stems: frozenset[str]
    full_words: frozenset[str]
    full_stems: frozenset[str]
    all_words: frozenset[str]
    all_stems: frozenset[str]

    def holds(self, asked: AskedWord) -> int:
        """Tell how the name holds a word or what means the same."""
        forms = [frozenset(form) for form in (*asked.alternatives, *asked.synonyms)]
        if any(form <= self.stems for form in forms):
            return WHOLE
        if any(form <= self.full_stems for form in forms):
            return ASIDE
        return PART if any(form <= self.all_stems for form in forms) else NOT

    def nearly_holds(self, asked: AskedWord) -> int:
        """Tell how the name holds a word that begins so, or that is this one with a typing error."""
        if asked.begins_words and any(word.startswith(asked.text) for word in self.all_words):
            return WHOLE
        if any(differ_by(asked.text, word) <= asked.typing_errors for word in self.words):
            return WHOLE
        if any(differ_by(asked.text, word) <= asked.typing_errors for word in self.full_words):
            return ASIDE
        return PART if any(differ_by(asked.text, word) <= asked.typing_errors for word in self.all_words) else NOT


@lru_cache(maxsize=2_048)
def meant_by(asked: tuple[AskedWord, ...], sickness_year: int | None) -> Mapping[str, Meant]:
    """Return the interventions that most words name, or that are advised for the cause that more words name."""
    share, named = _best(asked, _intervention_names())
    of_cause, reasons = _best(asked, _cause_names())
    if share >= of_cause:
        return {code: Meant(share) for code in named}
    ranks: dict[str, int] = {}
    for cause in reasons:
        for rank, code in enumerate(causes()[cause].interventions_in(sickness_year)):
            ranks[code] = min(rank, ranks.get(code, rank))
    return {code: Meant(of_cause, rank) for code, rank in ranks.items()}


@lru_cache(maxsize=4_096)
def differ_by(one: str, other: str) -> int:
    """Return how many letters two words differ by, two that changed places counting as one; from 3 on, just 3."""
    if abs(len(one) - len(other)) > 2 or len(set(one) ^ set(other)) > 4:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return min(row[-1], 3)


def _best(asked: Sequence[AskedWord], names: Mapping[str, Name]) -> tuple[float, tuple[str, ...]]:
    """Return which part of the words is held by those that hold most of them, and the codes of these, if any."""
    points = dict.fromkeys(names, 0)
    for word in asked:
        held = {code: name.holds(word) for code, name in names.items()}
        if not any(held.values()):
            held = {code: name.nearly_holds(word) for code, name in names.items()}
        for code, how in held.items():
            points[code] += how
    most = max(points.values())
    return (most / (WHOLE * len(asked)), tuple(code for code in points if points[code] == most)) if most else (0.0, ())


@cache
def _intervention_names() -> Mapping[str, Name]:
    return {kind.code: _name(kind.label, kind.label_en) for kind in interventions().values()}


@cache
def _cause_names() -> Mapping[str, Name]:
    return {cause.code: _name(cause.label, cause.label_en) for cause in causes().values()}


def _name(label: str, label_en: str) -> Name:
    row, full = words(_ASIDE.sub("", label)), words(label)
    found = [text_terms(label), text_terms(label_en)]
    return Name(
        *_called(row),
        *_called(full),
        frozenset(word for text in found for word in text.words),
        frozenset(term for text in found for term in text.terms),
    )


def _called(row: Sequence[Word]) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(word.text for word in row), frozenset((*(word.stem for word in row), *terms_of(row)))
