"""Terms in working days: Monday to Friday, without the public holidays of the Netherlands."""

from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter

SATURDAY, SUNDAY = 5, 6
FROM_EASTER = (-2, 0, 1, 39, 49, 50)  # Good Friday, both days of Easter, Ascension Day, both days of Whitsun
FIRST_KINGS_DAY = 2014  # before, the Queen's Day was kept on the 30th


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Return the public holidays of the Netherlands in `year`; Liberation Day is one in every fifth."""
    fixed = [date(year, 1, 1), _kings_day(year), date(year, 12, 25), date(year, 12, 26)]
    liberation = [date(year, 5, 5)] if year % 5 == 0 else []
    return frozenset([*fixed, *liberation, *(easter(year) + timedelta(days=days) for days in FROM_EASTER)])


def is_working_day(day: date) -> bool:
    """Tell whether people are expected at work on `day`: no weekend and no public holiday."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """Return the working day that lies `count` working days after `day`, which itself does not count.

    With zero the answer is `day`, or the first working day after it. Raises ValueError below zero.
    """
    if count < 0:
        raise ValueError("a term does not run backwards")
    while count > 0 or not is_working_day(day):
        day += timedelta(days=1)
        if is_working_day(day):
            count = max(count - 1, 0)
    return day


def _kings_day(year: int) -> date:
    """Return the day on which the birthday of the sovereign is kept: never a Sunday."""
    day = date(year, 4, 27 if year >= FIRST_KINGS_DAY else 30)
    return day - timedelta(days=1) if day.weekday() == SUNDAY else day
