"""The analysis: words, folding, compounds, stems, concepts; the same for what is written and what is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import LONGEST_WORD, all_parts, fold, parts, split, stem, stop_words, words
from search.synonyms import BUILT_IN, built_in_groups, terms_of
from search.terms import MOST_WORDS, asked_words, text_terms

ANY_TEXT = st.text(max_size=200)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Reïntegratie", "reintegratie"),
        ("ÉÉN", "een"),
        ("foto's", "fotos"),
        ("co\u00adördinatie", "coordinatie"),
        ("ﬁnancieel", "financieel"),
        ("\u202eabc", "abc"),
        ("İstanbul", "istanbul"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("compound", "inside"),
    [
        ("arbeidsdeskundigonderzoek", ("arbeidsdeskundig", "onderzoek")),
        ("verzuimbegeleiding", ("verzuim", "begeleiding")),
        ("begeleidingstraject", ("begeleiding", "traject")),
        ("gezondheidsonderzoeken", ("gezondheid", "onderzoeken")),
        ("schuldenproblematiek", ("schuld", "problematiek")),
        ("loonwaardeonderzoek", ("loonwaarde", "onderzoek")),
        ("werkplek", ("werk", "plek")),
        ("onderzoek", ()),
        ("mediation", ()),
        ("abc", ()),
        ("", ()),
    ],
)
def test_compounds_fall_apart_into_words_of_the_dictionary(compound: str, inside: tuple[str, ...]) -> None:
    assert split(compound) == inside


def test_parts_of_parts_are_found_too() -> None:
    assert list(all_parts("arbeidsdeskundigonderzoek")) == [
        "arbeidsdeskundig",
        "arbeid",
        "deskundig",
        "onderzoek",
    ]


def test_the_dictionary_is_folded_and_has_no_stop_words() -> None:
    assert all(part == fold(part) and len(part) >= 3 for part in parts())
    assert not parts() & stop_words()


@pytest.mark.parametrize(
    ("one", "other"),
    [("begeleiding", "begeleid"), ("psychologen", "psycholoog"), ("trajecten", "traject"), ("schulden", "schuld")],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("begeleiding", "beleid"), ("gezondheid", "zon"), ("gebruik", "bruik")])
def test_different_words_keep_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_no_expression_of_the_synonyms_means_two_things() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for group in built_in_groups():
        for expression in {terms_of(words(text)) for text in group}:
            assert expression
            assert seen.setdefault(expression, group[0]) == group[0], f"{expression} means two things"
    assert len(set(seen.values())) >= 40


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("hulp bij burn-out", "overspannen"),
        ("overspannen", "burnout"),
        ("2e spoor", "tweede spoor"),
        ("spoor 2 traject", "2e spoor"),
        ("van werk naar werk", "outplacement"),
    ],
)
def test_what_is_asked_can_be_said_otherwise(text: str, other: str) -> None:
    assert any(terms_of(words(other)) in word.synonyms for word in asked_words(text, BUILT_IN))


def test_a_single_shared_word_is_not_a_whole_expression() -> None:
    assert not list(BUILT_IN.found_in(words("spoor")))
    assert not list(BUILT_IN.found_in(words("ruzie met de buren op het dak")))


def test_words_in_quotes_are_one_thing_that_stands_as_it_is_written() -> None:
    before, phrase, after = asked_words('snel "tweede spoor" traject', BUILT_IN)
    assert (phrase.text, phrase.exact, phrase.typing_errors, phrase.synonyms) == ("tweede spoor", True, 0, ())
    assert not before.exact
    assert after.is_last


@pytest.mark.parametrize("text", ['"tweede spoor', 'tweede" spoor', '""', '" "', '"de het"'])
def test_quotes_without_words_or_without_an_end_mean_nothing(text: str) -> None:
    assert not any(word.exact for word in asked_words(text, BUILT_IN))


def test_a_number_is_never_taken_for_another() -> None:
    assert asked_words("12345678", BUILT_IN)[0].typing_errors == 0


@given(ANY_TEXT)
def test_any_text_gives_words_that_are_safe_as_terms(text: str) -> None:
    for word in words(text):
        assert word.text
        assert len(word.text) <= LONGEST_WORD
        assert word.text.isalnum()


@given(ANY_TEXT)
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    indexed = text_terms(text)
    for asked in asked_words(text, BUILT_IN):
        assert any(set(alternative) <= set(indexed.terms) for alternative in asked.alternatives)
        assert set(asked.text.split()) <= set(indexed.words)  # several when they are quoted


@given(st.lists(st.sampled_from(["werkplek", "onderzoek", "2", "spoor", "burn-out", "de"]), max_size=40))
def test_a_question_has_a_bounded_number_of_words(chosen: list[str]) -> None:
    asked = asked_words(" ".join(chosen), BUILT_IN)
    assert len(asked) <= MOST_WORDS
    assert [word.is_last for word in asked] == [False] * (len(asked) - 1) + [True] * bool(asked)


@pytest.mark.parametrize(("word", "errors"), [("werk", 0), ("coach", 1), ("begeleid", 1), ("mediation", 2)])
def test_how_many_typing_errors_a_word_may_have(word: str, errors: int) -> None:
    assert asked_words(word, BUILT_IN)[0].typing_errors == errors
