"""The points of the order "fit": better is never worth less, and equals are told apart fairly (R32, R33)."""

from collections import Counter
from dataclasses import replace
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query import SearchFilters
from search.ranking import IN_TIME_POINTS, ROTATIONS, TIE_BITS, Facts, facts, points, tie, wait_step
from tests.search.sample_network import TENANT, TODAY, offering

IDS = [uuid5(TENANT, str(number)) for number in range(500)]


def plain_facts(**fields: object) -> Facts:
    query = SearchFilters(cause=["W03"], sickness_year=1, week=30, postcode="3511").for_tenant(TENANT)
    return replace(facts(offering(), query, lambda _kind: 100_000, TODAY), **fields)  # type: ignore[arg-type]


def worth(**fields: object) -> int:
    return points(plain_facts(**fields), with_distance=True)


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_shorter_wait_is_never_worth_less(one: int, other: int) -> None:
    """R32."""
    assert (worth(wait_days=min(one, other)) - worth(wait_days=max(one, other))) >= 0


@given(st.floats(0, 300), st.floats(0, 300))
def test_a_shorter_way_is_never_worth_less(one: float, other: float) -> None:
    assert worth(distance_km=min(one, other)) >= worth(distance_km=max(one, other))


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_a_lower_price_is_never_worth_less(one: int, other: int) -> None:
    assert worth(price_cents=min(one, other)) >= worth(price_cents=max(one, other))


def test_an_earlier_choice_of_the_cause_is_worth_more() -> None:
    values = [worth(cause_rank=rank) for rank in (0, 1, 2, None)]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == 4


def test_a_week_in_the_window_is_worth_more_than_one_near_it_or_far_off() -> None:
    values = [worth(week=week) for week in (30, 56, 57, 90)]
    assert values[0] > values[1] > values[2] == values[3]
    assert worth(week=22) == values[1] + IN_TIME_POINTS


def test_a_stale_or_unknown_wait_is_worth_nothing() -> None:
    """R32."""
    nothing = worth(wait_days=None)
    assert worth(wait_is_stale=True, wait_days=0) == worth(accepts_now=False, wait_days=0) == nothing
    assert worth(wait_days=700) == nothing


@pytest.mark.parametrize(("week", "wait", "in_time"), [(51, 7, True), (51, 8, False), (52, 0, True), (53, 0, None)])
def test_who_is_referred_in_the_window_must_also_start_in_it(week: int, wait: int, in_time: bool | None) -> None:
    assert plain_facts(week=week, week_until=52, wait_days=wait).starts_in_time is in_time


def test_a_better_outcome_is_never_worth_less() -> None:
    """R34."""
    values = [worth(outcome_percent=percent) for percent in (None, 54, 55, 64, 65, 100)]
    assert values == sorted(values)
    assert values[0] == values[1] < values[2] == values[3] < values[4] == values[5]


def test_online_is_worth_what_a_moderate_distance_is() -> None:
    assert worth(distance_km=None, online=True) == worth(distance_km=15)
    assert worth(distance_km=2, online=True) == worth(distance_km=2)
    assert worth(distance_km=200, nationwide=True) == worth(distance_km=200, comes_to_employee=True)


def test_price_counts_only_where_it_is_compared() -> None:
    assert worth(price_counts=False) == worth(median_cents=None) < worth(price_cents=50_000)


@pytest.mark.parametrize(("days", "step"), [(0, 0), (5, 0), (6, 1), (45, 5), (46, 6), (700, 6)])
def test_steps_of_waits(days: int, step: int) -> None:
    assert wait_step(days) == step


def test_ties_spread_over_their_range_and_differ_per_turn() -> None:
    """R33."""
    for turn in range(ROTATIONS):
        ties = [tie(one, turn) for one in IDS]
        assert all(0 <= value < 1 << TIE_BITS for value in ties)
        assert len(set(ties)) > 400
    orders = {tuple(sorted(IDS, key=lambda one, turn=turn: tie(one, turn))) for turn in range(ROTATIONS)}  # type: ignore[misc]
    assert len(orders) == ROTATIONS


def test_every_offering_gets_its_day_at_the_top() -> None:
    """R33."""
    few = IDS[:3]
    tops: Counter[UUID] = Counter()
    for start in range(0, 300, 3):
        few = IDS[start : start + 3]
        tops[max(few, key=lambda one: tie(one, 0))] += 1
    # Over a hundred groups of three no position in the group is favoured.
    positions = Counter(IDS.index(one) % 3 for one in tops)
    assert all(20 <= positions[place] <= 50 for place in range(3))
