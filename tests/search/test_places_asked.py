"""Places in the text of a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.postcodes import places
from search.places_asked import place_in


@pytest.mark.parametrize(
    ("text", "postcode", "rest"),
    [
        ("coaching 3511", "3511", "coaching"),
        ("3511AB coaching", "3511", "coaching"),
        ("coaching 3511 AB snel", "3511", "coaching snel"),
        ("3511 ad", "3511", "ad"),
        ('"3511" coaching', None, '"3511" coaching'),
        ("0000 coaching", None, "0000 coaching"),
        ("12345678", None, "12345678"),
    ],
)
def test_a_postcode_in_the_text_is_where_distances_are_measured_from(
    text: str, postcode: str | None, rest: str
) -> None:
    assert place_in(text) == (postcode, rest)


@pytest.mark.parametrize(
    ("text", "place", "rest"),
    [
        ("psycholoog Utrecht", "Utrecht", "psycholoog"),
        ("psycholoog utrecht", "Utrecht", "psycholoog"),
        ("UTRECHT", "Utrecht", ""),
        ("mediation in Den Haag, snel", "Den Haag", "mediation , snel"),
        ("fysio den bosch", "'s-Hertogenbosch", "fysio"),
        ("fysio 's-Hertogenbosch", "'s-Hertogenbosch", "fysio"),
        ("coach alphen aan den rijn", "Alphen aan den Rijn", "coach"),
        ("coach regio groningen", "Groningen", "coach"),
        ("coach in IJmuiden", "IJmuiden", "coach"),
        ("3511 Zwolle", "Utrecht", ""),
    ],
)
def test_the_name_of_a_place_is_where_distances_are_measured_from(text: str, place: str, rest: str) -> None:
    postcode, without = place_in(text)
    assert postcode is not None
    assert (places()[postcode].place, without) == (place, rest)


@pytest.mark.parametrize("text", ["een coach", "Best coach", "BEST COACH", "coach best", "loon waarde", "echt snel"])
def test_a_village_that_is_called_as_a_word_is_that_word(text: str) -> None:
    assert place_in(text) == (None, text)


@pytest.mark.parametrize(
    ("text", "place"), [("coach in best", "Best"), ("coach Best", "Best"), ("coach te echt", "Echt")]
)
def test_a_village_counts_where_it_is_written_as_one(text: str, place: str) -> None:
    assert places()[str(place_in(text)[0])].place == place


def test_a_place_in_quotes_is_a_word() -> None:
    assert place_in('"psycholoog utrecht"') == (None, '"psycholoog utrecht"')
    assert place_in('"psycholoog" utrecht')[1] == '"psycholoog"'


@given(st.text(max_size=200))
def test_any_text_names_a_place_that_is_there_or_none(text: str) -> None:
    postcode, rest = place_in(text)
    assert (postcode in places()) if postcode else (rest == text)
