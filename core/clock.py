"""The one place that asks what time it is. Days are days in the Netherlands; instants are UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """Return this instant in UTC."""
    return _moment.get() or datetime.now(UTC)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` within the block: how the demo network plays its past."""
    token = _moment.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moment.reset(token)


def today() -> date:
    """Return the calendar day in the Netherlands."""
    return now().astimezone(AMSTERDAM).date()


def first_allowed_day() -> date:
    """Return the oldest day that any input may name."""
    return date(1990, 1, 1)


def last_allowed_day() -> date:
    """Return the latest day that any input may name: two years from now."""
    return today() + timedelta(days=731)
