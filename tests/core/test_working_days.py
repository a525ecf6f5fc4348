"""Working days in the Netherlands, against known holidays and a count day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.working_days import add_working_days, is_working_day

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # Saturday to Monday
        (date(2026, 11, 23), 3, date(2026, 11, 26)),
        (date(2026, 12, 24), 1, date(2026, 12, 28)),  # both days of Christmas and a weekend
        (date(2026, 4, 24), 1, date(2026, 4, 28)),  # King's Day on a Monday
        (date(2025, 4, 25), 1, date(2025, 4, 28)),  # King's Day on the Saturday, because the 27th is a Sunday
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # Good Friday until Easter Monday
        (date(2026, 5, 13), 1, date(2026, 5, 15)),  # Ascension Day
        (date(2026, 5, 22), 1, date(2026, 5, 26)),  # Whit Monday
        (date(2025, 5, 2), 1, date(2025, 5, 6)),  # Liberation Day in a year of a lustrum
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # New Year's Day and a weekend
        (date(2026, 12, 26), 0, date(2026, 12, 28)),  # no term at all still ends on a working day
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_known_terms(day: date, count: int, expected: date) -> None:
    assert add_working_days(day, count) == expected


@given(DAYS, st.integers(min_value=0, max_value=60))
def test_a_term_holds_as_many_working_days_as_it_says(day: date, count: int) -> None:
    end = add_working_days(day, count)
    between = (day + timedelta(days=n) for n in range(1, (end - day).days + 1))
    working = sum(is_working_day(each) for each in between)
    assert is_working_day(end)
    assert working == (count if count or is_working_day(day) else 1)


@given(DAYS)
def test_weekends_are_no_working_days(day: date) -> None:
    assert not is_working_day(day + timedelta(days=5 - day.weekday()))
    assert not is_working_day(day + timedelta(days=6 - day.weekday()))


def test_a_term_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        add_working_days(date(2026, 1, 1), -1)
