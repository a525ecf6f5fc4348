"""The words of a question as a filter: every word must occur, in one of its forms or, when unknown, nearly so."""

from collections.abc import Sequence
from dataclasses import dataclass

from search.remote.expressions import all_of, any_of, begins, equal, one_of
from search.remote.server import Question
from search.remote.snapshot import Snapshot
from search.remote.spelling import errors_between
from search.terms import AskedWord

NOTHING = one_of("text", ())


@dataclass(frozen=True, slots=True)
class FoundWord:
    """A word that occurs: the filter for it in any form, and those for where it stands, as asked or as a synonym."""

    anyhow: str
    in_text: str | None = None
    in_heading: str | None = None
    meant_in_heading: str | None = None


@dataclass(frozen=True, slots=True)
class TextMatch:
    """What the words ask for; no filter when there are none. `ignored` are words that occur nowhere."""

    filter: str | None
    words: tuple[FoundWord, ...] = ()
    ignored: tuple[str, ...] = ()


def match_text(snapshot: Snapshot, network: str, asked: Sequence[AskedWord]) -> TextMatch:
    """Return the filter for words; whether one is known is asked within `network`, so tenants do not touch."""
    found, ignored = [], []
    for word, exact in zip(asked, _exactly(snapshot, network, asked), strict=True):
        one = exact or _nearly(snapshot, network, word)
        if one is None and word.exact:
            return TextMatch(NOTHING)  # what stands in quotes is meant as it stands
        if one is None:
            ignored.append(word.text)
        else:
            found.append(one)
    if not found:
        # Not one word is known: nothing is found, which is no reason to show everything.
        return TextMatch(NOTHING if ignored else None, ignored=tuple(ignored))
    return TextMatch(all_of(word.anyhow for word in found), tuple(found), tuple(ignored))


def _exactly(snapshot: Snapshot, network: str, asked: Sequence[AskedWord]) -> list[FoundWord | None]:
    """Return the words as they stand; None for those that occur nowhere."""
    words = [_found(word) for word in asked]
    answers = snapshot.ask([Question(all_of([network, word.anyhow])) for word in words])
    return [word if answer.total else None for word, answer in zip(words, answers, strict=True)]


def _found(word: AskedWord) -> FoundWord:
    meant = (*word.alternatives, *word.synonyms)
    longer = [begins("words", word.text)] if word.begins_words else []
    return FoundWord(
        any_of([_said("text", meant), *longer]),
        _said("text", word.alternatives),
        _said("heading", word.alternatives),
        _said("heading", meant),
    )


def _said(field: str, ways: Sequence[Sequence[str]]) -> str:
    return any_of(all_of(equal(field, term) for term in terms) for terms in ways)


def _nearly(snapshot: Snapshot, network: str, word: AskedWord) -> FoundWord | None:
    """Return an unknown word as those that differ from it by a typing error or two; None when there are none."""
    most = word.typing_errors
    if not most:
        return None
    stemmed = word.alternatives[0][0]
    # The server knows which words begin nearly so, with more errors than are allowed here.
    near = {
        field: [known for known in snapshot.similar(field, form, network) if errors_between(form, known, most) <= most]
        for field, form in (("words", word.text), ("text", stemmed))
    }
    if not any(near.values()):
        return None
    return FoundWord(any_of(one_of(field, known) for field, known in near.items()))
