"""The small queries of which a question is made."""

from collections.abc import Iterable

from tantivy import FieldType, Occur, Query

from search.embedded.schema import schema


def term(field: str, value: str | int | bool) -> Query:
    """Return the query for a field that holds exactly this value; its score means nothing."""
    return Query.term_query(schema(), field, value, index_option="basic")


def word(field: str, value: str) -> Query:
    """Return the query for a word of a text, scored by how telling it is."""
    return Query.term_query(schema(), field, value, index_option="freq")


def nearly(field: str, value: str, errors: int, *, prefix: bool = False) -> Query:
    """Return the query for words that differ in at most `errors` letters, or with `prefix` begin so."""
    return Query.fuzzy_term_query(schema(), field, value, errors, True, prefix)


def between(field: str, lowest: int, highest: int) -> Query:
    """Return the query for a number from `lowest` up to and including `highest`; none when they are crossed."""
    return Query.range_query(schema(), field, FieldType.Unsigned, lowest, highest)


def numbers(field: str, values: Iterable[int]) -> Query:
    """Return the query for a field that holds one of many numbers."""
    return Query.term_set_query(schema(), field, list(values))


def one_of(field: str, values: Iterable[str]) -> Query:
    """Return the query for a field that holds one of many words, written exactly so."""
    return Query.term_set_query(schema(), field, list(values))


def all_of(queries: Iterable[Query]) -> Query:
    """Return the query that holds when all of them do; their scores add up."""
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def any_of(queries: Iterable[Query]) -> Query:
    """Return the query that holds when at least one of them does; their scores add up."""
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def none_of(query: Query) -> Query:
    """Return the query that holds when another one does not."""
    return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, query)])


def best_of(queries: Iterable[Query]) -> Query:
    """Return the query that holds when at least one of them does, with the highest of their scores."""
    return Query.disjunction_max_query(list(queries))


def worth(query: Query, score: float) -> Query:
    """Return the query with this score for whatever it matches."""
    return Query.const_score_query(query, score)
