"""The one place that asks what time it is. Days are days in the Netherlands; instants are UTC."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """Return this instant in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the calendar day in the Netherlands."""
    return now().astimezone(AMSTERDAM).date()


def first_allowed_day() -> date:
    """Return the oldest day that any input may name."""
    return date(1990, 1, 1)


def last_allowed_day() -> date:
    """Return the latest day that any input may name: two years from now."""
    return today() + timedelta(days=731)
