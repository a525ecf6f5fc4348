"""The words of a question as a query: every word must occur, in one of its forms or, when unknown, nearly so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tantivy import Query

from search.embedded.clauses import all_of, any_of, best_of, nearly, word, worth
from search.embedded.snapshot import Snapshot
from search.ranking import HEADING_WEIGHT, PREFIX_WEIGHT, SYNONYM_WEIGHT, TEXT_WEIGHT, TYPING_ERROR_WEIGHT
from search.terms import AskedWord


@dataclass(frozen=True, slots=True)
class TextMatch:
    """What the words ask for; no query when there are none. `ignored` are words that occur nowhere."""

    query: Query | None
    ignored: tuple[str, ...] = ()


def match_text(snapshot: Snapshot, network: Query, words: Sequence[AskedWord]) -> TextMatch:
    """Return the query for `words`; whether a word is known is asked within `network`, so tenants do not touch."""
    found, ignored = [], []
    for asked in words:
        query = _known(snapshot, network, asked)
        if query is None and asked.exact:
            return TextMatch(Query.empty_query())  # what stands in quotes is meant as it stands
        if query is None:
            ignored.append(asked.text)
        else:
            found.append(query)
    if not found:
        # Not one word is known: nothing is found, which is no reason to show everything.
        return TextMatch(Query.empty_query()) if ignored else TextMatch(None)
    return TextMatch(Query.boost_query(all_of(found), TEXT_WEIGHT), tuple(ignored))


def _known(snapshot: Snapshot, network: Query, asked: AskedWord) -> Query | None:
    """Return the query for a word as it stands, else with typing errors, else nothing when it occurs nowhere."""
    for forms in (list(_exactly(asked)), list(_nearly(asked))):
        if forms and snapshot.count(all_of([network, any_of(forms)])):
            return any_of(forms)
    return None


def _exactly(asked: AskedWord) -> Iterator[Query]:
    for alternative in asked.alternatives:
        yield all_of([word("text", one) for one in alternative])
        yield Query.boost_query(all_of([word("heading", one) for one in alternative]), HEADING_WEIGHT)
    if asked.synonyms:
        # Only the best one counts: a text that says the same in many ways is not more about it.
        yield Query.boost_query(best_of(map(_said, asked.synonyms)), SYNONYM_WEIGHT)
    if asked.begins_words:
        yield worth(nearly("words", asked.text, 0, prefix=True), PREFIX_WEIGHT)


def _said(terms: tuple[str, ...]) -> Query:
    somewhere = all_of([word("text", one) for one in terms])
    return any_of([somewhere, Query.boost_query(all_of([word("heading", one) for one in terms]), HEADING_WEIGHT)])


def _nearly(asked: AskedWord) -> Iterator[Query]:
    stemmed = asked.alternatives[0][0]
    for errors in range(1, asked.typing_errors + 1):
        for field, form in (("words", asked.text), ("text", stemmed)):
            yield worth(nearly(field, form, errors), TYPING_ERROR_WEIGHT)
