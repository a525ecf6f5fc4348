"""Sick days, weeks and years of sickness, counted over the spells of one absence (R64); pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

FOUR_WEEKS = timedelta(days=28)
DAYS_IN_WEEK = 7
WEEKS_IN_YEAR = 52


@dataclass(frozen=True, order=True)
class Spell:
    """Sick from `first_sick_day` until `recovered_on`, which is no sick day itself; without it still sick."""

    first_sick_day: date
    recovered_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse a recovery that does not come after the first sick day."""
        if self.recovered_on is not None and self.recovered_on <= self.first_sick_day:
            raise ValueError("recovery comes after the first sick day")

    def days_before(self, day: date) -> int:
        """Return how many days of this spell lie before `day`."""
        end = day if self.recovered_on is None else min(self.recovered_on, day)
        return max(0, (end - self.first_sick_day).days)


def continues(recovered_on: date, first_sick_day: date) -> bool:
    """Tell whether a new spell adds to the one before: up to 27 days in between, from 28 on it is a new case (R64)."""
    return first_sick_day - recovered_on < FOUR_WEEKS


def latest_absence(spells: Sequence[Spell]) -> tuple[Spell, ...]:
    """Return the spells that are added up, the first one first: the last spell and what it continues.

    Raises ValueError when spells overlap, or when one comes after a spell that has not ended.
    """
    ordered = sorted(spells, key=lambda spell: spell.first_sick_day)
    start = 0
    for position, (earlier, later) in enumerate(pairwise(ordered), 1):
        if earlier.recovered_on is None or later.first_sick_day < earlier.recovered_on:
            raise ValueError("spells of sickness overlap")
        if not continues(earlier.recovered_on, later.first_sick_day):
            start = position
    return tuple(ordered[start:])


def sick_days(spells: Sequence[Spell], on: date) -> int:
    """Return the sick days before `on` in the absence that is running on that day, or else in the latest one.

    Days between spells do not count. On the first sick day it is 0. Raises ValueError when spells overlap.
    """
    begun = [spell for spell in spells if spell.first_sick_day <= on]
    return sum(spell.days_before(on) for spell in latest_absence(begun))


def sickness_week(spells: Sequence[Spell], on: date) -> int:
    """Return the week of sickness on a day: sick days // 7 + 1, so the first seven sick days are week 1 (R64)."""
    return sick_days(spells, on) // DAYS_IN_WEEK + 1


def sickness_year(week: int) -> int:
    """Return the year of sickness of a week: 2 from week 53 on, however long it lasts (R28, R64)."""
    return 1 if week <= WEEKS_IN_YEAR else 2


def first_day_of_week(spells: Sequence[Spell], week: int) -> date | None:
    """Return the first day of a week of sickness in the latest absence: past, or to come while it is running.

    None when recovery came before that week did. Raises ValueError when spells overlap.
    """
    left = (week - 1) * DAYS_IN_WEEK
    for spell in latest_absence(spells):
        day = spell.first_sick_day + timedelta(days=left)
        if spell.recovered_on is None or day <= spell.recovered_on:
            return day
        left -= spell.days_before(spell.recovered_on)
    return None
