"""Circles of postcodes as areas: exactly the postcodes inside, in few terms."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.postcodes import places, surroundings
from search.areas import areas_of, circle, covering

ALL = sorted(places())


def postcodes_in(areas: tuple[int, ...]) -> set[int]:
    return {int(postcode) for postcode in ALL if set(areas_of(postcode)) & set(areas)}


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(ALL), st.floats(0, 300))
def test_a_circle_holds_exactly_the_postcodes_within_the_radius(postcode: str, radius: float) -> None:
    assert postcodes_in(circle(postcode, radius)) == set(surroundings(postcode).within(radius))


@settings(deadline=None, max_examples=40)
@given(st.sets(st.sampled_from([int(postcode) for postcode in ALL])))
def test_any_set_of_postcodes_is_covered_exactly(numbers: set[int]) -> None:
    assert postcodes_in(covering(numbers)) == numbers


@pytest.mark.parametrize("radius", [25, 50, 100, 400])
def test_a_circle_needs_far_fewer_terms_than_postcodes(radius: int) -> None:
    assert len(circle("3511", radius)) < len(surroundings("3511").within(radius)) / 5


def test_every_postcode_has_areas_of_its_own() -> None:
    assert len({areas_of(postcode)[-1] for postcode in ALL}) == len(ALL)
    assert len({len(areas_of(postcode)) for postcode in ALL}) == 1
