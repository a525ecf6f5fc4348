"""One Dutch word with two meanings has two English ones, and one thing is one thing, also in English."""

import pytest

from core.language import _, ngettext, pgettext, remembered, speaking


@pytest.mark.parametrize(
    ("context", "dutch", "english"),
    [
        ("addressed to", "Aan", "To"),
        ("of a switch", "Aan", "On"),
        ("of a consent", "Gegeven", "Given"),
        ("one piece of data", "Gegeven", "Item"),
    ],
)
def test_the_context_says_which_meaning(context: str, dutch: str, english: str) -> None:
    assert pgettext(context, dutch) == dutch
    with speaking("en"):
        assert pgettext(context, dutch) == english


@pytest.mark.parametrize(("count", "english"), [(0, "offerings"), (1, "offering"), (2, "offerings")])
def test_a_word_that_is_counted_somewhere_can_stand_alone_elsewhere(count: int, english: str) -> None:
    with speaking("en"):
        assert ngettext("aanbod", "keer aanbod", count) == english
        assert _("aanbod") == "offering"


def test_what_the_catalogue_lacks_stays_dutch() -> None:
    with speaking("en"):
        assert pgettext("addressed to", "Dit staat er niet") == "Dit staat er niet"


def test_what_is_remembered_is_remembered_for_each_language() -> None:
    written: list[str] = []

    @remembered
    def greet(name: str) -> str:
        written.append(name)
        return f"{_('Ja')} {name}"

    assert (greet("Anna"), greet("Anna")) == ("Ja Anna", "Ja Anna")
    with speaking("en"):
        assert greet("Anna") == "Yes Anna"
    assert written == ["Anna", "Anna"]
