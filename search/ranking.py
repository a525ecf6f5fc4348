"""The order "fit": whole points for what speaks for an offering. All weights stand here, and none can be bought (R33).

An engine adds the same points while it searches; `points` is the definition that its order is tested against.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

from network.offering_view import is_fresh
from network.postcodes import distance_km
from search.document import OfferingDocument, weeks_of
from search.meant import Meant
from search.query import SearchQuery

# Each step: up to this value (included), this many points. What lies beyond the last step gets none.
WAIT_POINTS = ((5, 20), (10, 17), (15, 14), (20, 11), (30, 8), (45, 4))  # days, while the wait is fresh (R32)
DISTANCE_POINTS = ((5, 30), (10, 27), (20, 24), (30, 16), (50, 8))  # kilometres
REACH_POINTS = 24  # online, nationwide, or the provider comes to the employee
CAUSE_POINTS = (30, 28, 20, 16)  # the first, second, ... intervention that the cause advises
NAMED_POINTS = 30  # the words of the question name the intervention; for a cause that they name, as if it was chosen
WEEK_POINTS = 20  # the week lies in the advised window
NEAR_WEEK_POINTS = 10  # or at most this many weeks outside it:
NEAR_WEEKS = 4
IN_TIME_POINTS = 10  # somebody who is referred now starts before the advised window ends
OUTCOME_POINTS = ((65, 8), (55, 4))  # at least so many per cent reach what was agreed
LOW_PRICE_POINTS = 10  # at most 90% of the median of its kind
USUAL_PRICE_POINTS = 6  # at most 110% of it
LOW_PRICE_PERCENT = 90
USUAL_PRICE_PERCENT = 110
FEWEST_FOR_A_MEDIAN = 3
FAVOURITE_POINTS = 5  # for whoever marked it as his favourite, and for nobody else

# Words that match weigh against these points; a word in the heading weighs more than one in the text.
TEXT_WEIGHT = 6.0
HEADING_WEIGHT = 2.0
SYNONYM_WEIGHT = 0.7
TYPING_ERROR_WEIGHT = 1.0
PREFIX_WEIGHT = 0.5

ROTATIONS = 7
TIE_BITS = 11

MedianOf = Callable[[str], int | None]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one offering with regard to one question; None where the question or the offering is silent."""

    cause_rank: int | None
    sickness_year: int | None
    declares_cause: bool
    week: int | None
    week_from: int
    week_until: int
    wait_days: int | None
    wait_is_stale: bool
    wait_n: int | None
    accepts_now: bool
    outcome_percent: int | None
    distance_km: float | None
    online: bool
    nationwide: bool
    comes_to_employee: bool
    price_cents: int
    median_cents: int | None
    price_counts: bool
    favourite: bool = False
    meant: Meant | None = None

    @property
    def weeks_outside(self) -> int | None:
        """How many weeks the week lies outside the advised window; 0 inside."""
        if self.week is None:
            return None
        return max(self.week_from - self.week, self.week - self.week_until, 0)

    @property
    def starts_in_time(self) -> bool | None:
        """Whether somebody who is referred now starts before the advised window ends; None when nobody can tell."""
        if self.week is None or self.week > self.week_until or not self.wait_counts:
            return None
        return self.week + weeks_of(self.wait_days or 0) <= self.week_until

    @property
    def wait_counts(self) -> bool:
        """Whether the wait is known, recent, and that of somebody who takes people at all."""
        return self.wait_days is not None and self.accepts_now and not self.wait_is_stale

    @property
    def within_reach(self) -> bool:
        """Whether distance does not matter."""
        return self.online or self.nationwide or self.comes_to_employee


def facts(document: OfferingDocument, query: SearchQuery, median_of: MedianOf, today: date) -> Facts:
    """Return what speaks for and against an offering; `median_of` gives the median price of a kind in cents."""
    distance = distance_km(query.origin, document.place) if query.origin and document.place else None
    return Facts(
        cause_rank=query.advised.get(document.intervention),
        sickness_year=query.sickness_year,
        declares_cause=any(cause in document.causes for cause in query.cause),
        week=query.week,
        week_from=document.week_from,
        week_until=document.week_until,
        wait_days=document.wait_days,
        wait_is_stale=not is_fresh(document.wait_on, today),
        wait_n=document.wait_n,
        accepts_now=document.accepts_now,
        outcome_percent=document.outcome_percent,
        distance_km=distance,
        online=document.online,
        nationwide=document.nationwide,
        comes_to_employee=distance is not None and 0 < document.travel_step_km >= distance,
        price_cents=document.price_cents,
        median_cents=median_of(document.kind),
        price_counts=document.intervention in query.compared,
        favourite=document.offering_id in query.favourites,
        meant=query.meant.get(document.intervention),
    )


def points(about: Facts, *, with_distance: bool) -> int:
    """Return how well an offering fits, in whole points; distance counts only when the question has a postcode."""
    total = cause_points(about.cause_rank) + meant_points(about.meant) + _week_points(about.weeks_outside)
    if about.wait_days is not None and about.wait_counts:
        total += _step(about.wait_days, WAIT_POINTS)
    if about.starts_in_time:
        total += IN_TIME_POINTS
    total += outcome_points(about.outcome_percent)
    if with_distance:
        near = 0 if about.distance_km is None else _step(about.distance_km, DISTANCE_POINTS)
        total += max(near, REACH_POINTS if about.within_reach else 0)
    if about.price_counts and about.median_cents is not None:
        total += _price_points(about.price_cents, about.median_cents)
    return total + FAVOURITE_POINTS * about.favourite


def wait_step(days: int) -> int:
    """Return in which step of WAIT_POINTS a wait falls, from 0; beyond the last one their number."""
    return next((step for step, (limit, _points) in enumerate(WAIT_POINTS) if days <= limit), len(WAIT_POINTS))


def cause_points(rank: int | None) -> int:
    """Return the points for an intervention by its place among those that the cause advises, from 0."""
    return 0 if rank is None else CAUSE_POINTS[min(rank, len(CAUSE_POINTS) - 1)]


def meant_points(meant: Meant | None) -> int:
    """Return the points for an intervention that the words of the question mean, wholly or in part."""
    if meant is None:
        return 0
    return round(meant.share * (NAMED_POINTS if meant.rank is None else cause_points(meant.rank)))


def outcome_points(percent: int | None) -> int:
    """Return the points for how many reach what was agreed."""
    return 0 if percent is None else next((worth for least, worth in OUTCOME_POINTS if percent >= least), 0)


def share_of(cents: int, percent: int) -> int:
    """Return the highest price in whole cents that is at most `percent` per cent of `cents`."""
    return cents * percent // 100


def rotation(day: date) -> int:
    """Return which of the seven orders of equals holds on a day, so that equals share the top over a week."""
    return day.toordinal() % ROTATIONS


def tie(offering_id: UUID, turn: int) -> int:
    """Return the place of an offering among equals in a turn (0..6); the higher comes first. The same for everyone."""
    return (_mark(offering_id) >> (turn * TIE_BITS)) & ((1 << TIE_BITS) - 1)


def standing(offering_id: UUID) -> int:
    """Return the place of an offering among equals in the other orders, where the lower comes first: 32 bits."""
    return _mark(offering_id) >> 96


@lru_cache(maxsize=16)  # it is asked for all turns of one offering, one after the other
def _mark(offering_id: UUID) -> int:
    return int.from_bytes(blake2b(offering_id.bytes, digest_size=16).digest())


def _step(value: float, steps: tuple[tuple[int, int], ...]) -> int:
    return next((worth for limit, worth in steps if value <= limit), 0)


def _week_points(weeks_outside: int | None) -> int:
    if weeks_outside is None or weeks_outside > NEAR_WEEKS:
        return 0
    return WEEK_POINTS if weeks_outside == 0 else NEAR_WEEK_POINTS


def _price_points(cents: int, median: int) -> int:
    if cents <= share_of(median, LOW_PRICE_PERCENT):
        return LOW_PRICE_POINTS
    return USUAL_PRICE_POINTS if cents <= share_of(median, USUAL_PRICE_PERCENT) else 0
