"""Postcodes: what is taken, where it lies, how far apart, and what lies around."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from network.postcodes import Place, distance_km, find_place, places, surroundings

ANY_PLACE = st.sampled_from(sorted(places()))


@pytest.mark.parametrize("text", ["3511", "3511AB", "3511 AB", " 3511 ab "])
def test_every_usual_way_to_write_a_postcode_is_taken(text: str) -> None:
    place = find_place(text)
    assert (place.postcode, place.place, place.province) == ("3511", "Utrecht", "Utrecht")
    assert (place.lat, place.lon) == pytest.approx((52.09, 5.12), abs=0.01)


@pytest.mark.parametrize(
    "text", ["", "351", "35111", "0511", "3511 A", "3511 ABC", "٣٥١١", "3511\x00", "nan", "3511-AB", "x" * 5000]
)
def test_what_is_no_postcode_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        find_place(text, "from")
    assert [fault.field for fault in refusal.value.errors] == ["from"]


def test_a_postcode_that_does_not_exist_is_named() -> None:
    assert "3499" not in places()
    with pytest.raises(Invalid, match="3499"):
        find_place("3499 AB")


def test_all_places_lie_in_the_netherlands_and_have_a_name() -> None:
    assert len(places()) == 4699
    assert len({place.province for place in places().values()}) == 12
    for place in places().values():
        assert 50.7 < place.lat < 53.6
        assert 3.3 < place.lon < 7.3
        assert place.place.strip()


def test_known_distances() -> None:
    utrecht, amsterdam, maastricht = (find_place(code) for code in ("3511", "1012", "6211"))
    assert distance_km(utrecht, amsterdam) == pytest.approx(35, abs=1)
    assert distance_km(utrecht, maastricht) == pytest.approx(144, abs=3)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    north, south = Place("1", "", "", 53.0, 5.0), Place("2", "", "", 52.0, 5.0)
    assert distance_km(north, south) == pytest.approx(111.195, abs=0.01)


@given(ANY_PLACE, ANY_PLACE, ANY_PLACE)
def test_distance_is_a_distance(one: str, two: str, three: str) -> None:
    a, b, c = (places()[code] for code in (one, two, three))
    assert distance_km(a, a) == 0
    assert distance_km(a, b) == pytest.approx(distance_km(b, a))
    assert distance_km(a, c) <= distance_km(a, b) + distance_km(b, c) + 1e-9


@settings(deadline=None)
@given(ANY_PLACE, st.floats(0, 400))
def test_surroundings_hold_exactly_the_places_within_the_radius(code: str, radius: float) -> None:
    origin = places()[code]
    within = set(surroundings(code).within(radius))
    for other in places().values():
        distance = distance_km(origin, other)
        if abs(distance - radius) > 1e-6:
            assert (int(other.postcode) in within) == (distance < radius)


def test_all_places_stand_nearest_first() -> None:
    origin = places()["3511"]
    numbers = list(surroundings("3511").nearest_first())
    assert numbers[0] == 3511
    assert sorted(numbers) == sorted(int(code) for code in places())
    distances = [distance_km(origin, places()[str(number)]) for number in numbers]
    assert distances == pytest.approx(sorted(distances))
