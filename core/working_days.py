"""Terms in working days: Monday to Friday, without the public holidays of the Netherlands."""

from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

SATURDAY = 5


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Return the public holidays of the Netherlands in `year`."""
    return frozenset(country_holidays("NL", years=year))


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
