"""Which interventions the words of a question mean."""

import pytest

from search.meant import Meant, differ_by, meant_by
from search.query import SearchFilters
from tests.search.sample_network import TENANT


def meant(text: str, **asked: object) -> set[str]:
    return set(SearchFilters(q=text, **asked).for_tenant(TENANT).meant)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("arbeidsdeskundig onderzoek", {"ADO"}),
        ("arbeidsdeskundigonderzoek", {"ADO"}),
        ("coachng", {"COA"}),
        ("psych", {"PSY", "VCP"}),
        ("mediaton", {"MED"}),
        ("2e spoor", {"SP2"}),  # which stands in brackets behind the name of HBO
        ("haalbaarheid spoor 2", {"HBO"}),
        ("omscholing", {"OPL"}),
        ("bmw", {"BMW"}),
        ("debt counselling", {"SHV"}),
        ("conflictcoach", {"CNF"}),
        ("", set()),
        ("de het een", set()),
        ("De Heldere Lijn", set()),
    ],
)
def test_an_intervention_is_meant_by_its_name(text: str, codes: set[str]) -> None:
    assert meant(text) == codes


def test_a_cause_in_words_means_what_is_advised_for_it_in_the_order_of_the_taxonomy() -> None:
    found = SearchFilters(q="overspannen", sickness_year=1).for_tenant(TENANT).meant
    assert found == {"VCP": Meant(1.0, 0), "PSY": Meant(1.0, 1), "COA": Meant(1.0, 2)}
    assert "MUL" in meant("overspannen", sickness_year=2)
    assert meant("burn-out") == {"VCP", "PSY", "COA", "MUL"}


def test_what_holds_fewer_of_the_words_is_not_meant_and_weighs_by_their_part() -> None:
    found = SearchFilters(q="psycholoog nieuwe stap").for_tenant(TENANT).meant
    assert found == {"PSY": Meant(1 / 3), "VCP": Meant(1 / 3)}


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [
        ("coaching", "coaching", 0),
        ("coachng", "coaching", 1),
        ("revalidatei", "revalidatie", 1),
        ("werkplekonderzeok", "werkplekonderzoek", 1),
        ("psichologe", "psychologie", 2),
        ("coach", "loopbaan", 3),
        ("abcdef", "fedcba", 3),
    ],
)
def test_letters_that_differ(one: str, other: str, letters: int) -> None:
    assert differ_by(one, other) == differ_by(other, one) == letters


def test_a_question_as_long_as_may_be_is_understood_at_once() -> None:
    assert meant_by(SearchFilters(q="verzinsel " * 200).for_tenant(TENANT).words, None) == {}
