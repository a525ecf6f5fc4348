"""What is filtered on, with a link that takes each away."""

from portal.finding import TypedFilters, chips


def test_of_a_text_with_a_place_the_words_or_the_place_may_go() -> None:
    gone = {chip.name: chip.gone for chip in chips(TypedFilters(q="psycholoog Utrecht", page=3))}
    assert gone["q"] == {"q": None, "page": None, "postcode": "3511"}
    assert gone["postcode"] == {"postcode": None, "radius_km": None, "page": None, "q": "psycholoog"}


def test_a_place_of_its_own_goes_alone() -> None:
    gone = {chip.name: chip.gone for chip in chips(TypedFilters(postcode="3511"))}
    assert gone["postcode"] == {"postcode": None, "radius_km": None, "page": None, "q": None}
