"""Weeks of sickness, held against a count that goes through the calendar day by day (R64)."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.weeks import Spell, continues, first_day_of_week, latest_absence, sick_days, sickness_week, sickness_year

START = date(2024, 1, 1)
HORIZON = 2000


def day(number: int) -> date:
    return START + timedelta(days=number)


@st.composite
def histories(draw: st.DrawFn) -> list[Spell]:
    """Spells in order, with gaps around four weeks, the last one perhaps still running; given in any order."""
    at, spells = draw(st.integers(0, 30)), []
    for _spell in range(draw(st.integers(1, 5))):
        length = draw(st.integers(1, 120))
        spells.append(Spell(day(at), day(at + length)))
        at += length + draw(st.integers(0, 4) | st.integers(24, 32) | st.integers(0, 90))
    if draw(st.booleans()):
        spells[-1] = Spell(spells[-1].first_sick_day)
    return draw(st.permutations(spells))


def counted_day_by_day(spells: list[Spell]) -> list[int]:
    """Walk through the calendar with a counter that four healthy weeks set back to nothing; the count on each day."""
    counts, count, healthy = [], 0, 0
    for each in (day(number) for number in range(HORIZON)):
        is_sick = any(s.first_sick_day <= each and (s.recovered_on is None or each < s.recovered_on) for s in spells)
        if is_sick and healthy >= 28:
            count = 0
        counts.append(count)
        count, healthy = (count + 1, 0) if is_sick else (count, healthy + 1)
    return counts


@settings(deadline=None)
@given(histories())
def test_sick_days_equal_a_count_day_by_day(spells: list[Spell]) -> None:
    """R64."""
    assert [sick_days(spells, day(number)) for number in range(HORIZON)] == counted_day_by_day(spells)


@settings(deadline=None)
@given(histories(), st.integers(1, 110))
def test_first_day_of_a_week_is_the_first_day_on_which_it_is_that_week(spells: list[Spell], week: int) -> None:
    counts = counted_day_by_day(spells)
    begin = (latest_absence(spells)[0].first_sick_day - START).days
    reached = (number for number in range(begin, HORIZON) if counts[number] // 7 + 1 >= week)
    assert first_day_of_week(spells, week) == next(map(day, reached), None)


@settings(deadline=None)
@given(histories())
def test_a_week_lasts_seven_sick_days(spells: list[Spell]) -> None:
    for week in range(1, 60):
        first, following = first_day_of_week(spells, week), first_day_of_week(spells, week + 1)
        if first is None or following is None:
            break
        assert sick_days(spells, following) - sick_days(spells, first) == 7


@pytest.mark.parametrize(("gap", "days"), [(0, 20), (1, 20), (27, 20), (28, 10), (29, 10)])
def test_four_weeks_decide_whether_spells_are_added(gap: int, days: int) -> None:
    """R64."""
    first = Spell(day(0), day(10))
    again = Spell(day(10 + gap))
    assert sick_days([first, again], again.first_sick_day + timedelta(days=10)) == days
    assert continues(day(10), again.first_sick_day) == (days == 20)


@pytest.mark.parametrize(
    ("elapsed", "week", "year"),
    [(0, 1, 1), (6, 1, 1), (7, 2, 1), (41, 6, 1), (363, 52, 1), (364, 53, 2), (729, 105, 2)],
)
def test_weeks_and_years_of_one_spell(elapsed: int, week: int, year: int) -> None:
    """R64."""
    assert sickness_week([Spell(day(0))], day(elapsed)) == week
    assert sickness_year(week) == year


def test_days_in_between_put_later_weeks_off() -> None:
    """R64."""
    spells = [Spell(day(0), day(10)), Spell(day(30))]
    assert first_day_of_week(spells, 2) == day(7)
    assert first_day_of_week(spells, 3) == day(34)
    assert first_day_of_week(spells, 53) == day(30 + 364 - 10)


def test_a_week_that_recovery_forestalled_has_no_day() -> None:
    spells = [Spell(day(0), day(20))]
    assert first_day_of_week(spells, 3) == day(14)
    assert first_day_of_week(spells, 4) is None


def test_clock_changes_do_not_move_a_week() -> None:
    """Days are calendar days: the nights on which summer time begins and ends count like any other."""
    for change in (date(2026, 3, 29), date(2026, 10, 25)):
        spell = Spell(change - timedelta(days=3))
        assert first_day_of_week([spell], 2) == change + timedelta(days=4)


@pytest.mark.parametrize("recovered", [0, -1])
def test_recovery_before_sickness_is_refused(recovered: int) -> None:
    with pytest.raises(ValueError, match="after the first sick day"):
        Spell(day(5), day(5 + recovered))


@pytest.mark.parametrize(
    "spells",
    [
        [Spell(day(0), day(10)), Spell(day(9))],
        [Spell(day(0)), Spell(day(40), day(50))],
        [Spell(day(0), day(10)), Spell(day(0), day(5))],
    ],
)
def test_overlapping_spells_are_refused(spells: list[Spell]) -> None:
    for act in (lambda: sick_days(spells, day(100)), lambda: first_day_of_week(spells, 2)):
        with pytest.raises(ValueError, match="overlap"):
            act()
