"""Money in cents: what is split stays whole, and rounding goes where it should."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import at_most_percentage, euros, percentage_of, split

CENTS = st.integers(-(10**12), 10**12)
PERCENT = st.decimals(0, 100, places=2, allow_nan=False)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(any)


@given(CENTS, WEIGHTS)
def test_a_split_keeps_the_sum(cents: int, weights: list[int]) -> None:
    """R51."""
    assert sum(split(cents, weights)) == cents


@given(CENTS, WEIGHTS)
def test_every_part_is_within_a_cent_of_its_proportion(cents: int, weights: list[int]) -> None:
    for part, weight in zip(split(cents, weights), weights, strict=True):
        assert abs(part - Fraction(cents * weight, sum(weights))) < 1


@given(CENTS, WEIGHTS)
def test_a_weight_of_nothing_gets_nothing_and_equal_weights_differ_by_a_cent_at_most(
    cents: int, weights: list[int]
) -> None:
    parts = split(cents, weights)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)
    equal = split(cents, [1] * len(weights))
    assert max(equal) - min(equal) <= 1


@given(CENTS, WEIGHTS)
def test_a_split_of_what_is_given_back_mirrors_the_split_of_what_was_asked(cents: int, weights: list[int]) -> None:
    assert split(-cents, weights) == [-part for part in split(cents, weights)]


@given(CENTS, WEIGHTS, st.integers(1, 1000))
def test_only_the_proportion_of_weights_counts(cents: int, weights: list[int], factor: int) -> None:
    assert split(cents, weights) == split(cents, [weight * factor for weight in weights])


def test_the_largest_remainders_get_the_cents_and_ties_go_to_the_first() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(100, [50, 30, 20]) == [50, 30, 20]
    assert split(10, [3, 3, 1]) == [4, 4, 2]
    assert split(-1, [1, 1]) == [-1, 0]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [-1]])
def test_weights_that_mean_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"weights|empty"):
        split(100, weights)


@pytest.mark.parametrize(
    ("cents", "percent", "rounded"),
    [
        (50, "21", 11),
        (-50, "21", -11),
        (49, "1", 0),
        (150, "1", 2),
        (250, "1", 3),
        (2_275_00, "21", 477_75),
        (7, "0", 0),
    ],
)
def test_half_a_cent_is_rounded_away_from_zero(cents: int, percent: str, rounded: int) -> None:
    assert percentage_of(cents, Decimal(percent)) == rounded


@given(CENTS, PERCENT)
def test_a_percentage_is_within_half_a_cent(cents: int, percent: Decimal) -> None:
    assert abs(percentage_of(cents, percent) - Fraction(cents) * Fraction(percent) / 100) <= Fraction(1, 2)


@given(CENTS, PERCENT)
def test_a_limit_is_never_passed(cents: int, percent: Decimal) -> None:
    exact = Fraction(cents) * Fraction(percent) / 100
    assert exact - 1 < at_most_percentage(cents, percent) <= exact


@given(CENTS)
def test_euros_are_written_with_two_decimals(cents: int) -> None:
    assert euros(cents) * 100 == cents
    assert euros(cents).as_tuple().exponent == -2
