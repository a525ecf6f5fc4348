"""Where a Dutch postcode lies, how far two places are apart, and which postcodes lie around a place."""

import csv
import math
import re
from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from core.errors import FieldError, Invalid
from core.language import _
from network.taxonomy import DATA

EARTH_RADIUS_KM = 6371.0088
_FORM = re.compile(r"([1-9][0-9]{3})\s?([A-Za-z]{2})?")


@dataclass(frozen=True, slots=True)
class Place:
    """The middle of a four-digit postcode area; latitude and longitude in degrees."""

    postcode: str
    place: str
    province: str
    lat: float
    lon: float


class Surroundings:
    """All postcodes ordered by their distance from one place, nearest first; equal distances by number."""

    def __init__(self, origin: Place) -> None:
        lat, lon = math.radians(origin.lat), math.radians(origin.lon)
        cos_lat, sin = math.cos(lat), math.sin
        # Written out rather than by `distance_km`: it runs over thousands of places while somebody waits.
        measured = sorted(
            (sin((other_lat - lat) / 2) ** 2 + cos_lat * other_cos * sin((other_lon - lon) / 2) ** 2, number)
            for number, other_lat, other_cos, other_lon in _in_radians()
        )
        self._km = array("d", (_arc_km(square) for square, _number in measured))
        self._numbers = array("H", (number for _square, number in measured))

    def within(self, radius_km: float) -> Sequence[int]:
        """Return the postcode numbers no further away than `radius_km`, the place itself included."""
        return self._numbers[: bisect_right(self._km, radius_km)]

    def nearest_first(self) -> Sequence[int]:
        """Return all postcode numbers by rising distance; equally far ones by number."""
        return self._numbers


@cache
def places() -> Mapping[str, Place]:
    """Return all four-digit postcode areas by postcode."""
    with (DATA / "pc4.csv").open(encoding="utf-8", newline="") as lines:
        rows = [
            Place(row["postcode"], row["place"], row["province"], float(row["lat"]), float(row["lon"]))
            for row in csv.DictReader(lines)
        ]
    return MappingProxyType({place.postcode: place for place in rows})


@cache
def regions() -> tuple[str, ...]:
    """Return the names of the provinces."""
    return tuple(sorted({place.province for place in places().values()}))


def find_place(postcode: str, field: str = "postcode") -> Place:
    """Return where '3511', '3511AB' or '3511 AB' lies; refuse any other text, naming `field`."""
    try:
        return read_postcode(postcode)
    except ValueError as fault:
        raise Invalid(str(fault), (FieldError(field, str(fault)),)) from None


def read_postcode(postcode: str) -> Place:
    """Return where a postcode lies, or raise ValueError with a sentence: for use in a schema."""
    form = _FORM.fullmatch(postcode.strip())
    if form is None:
        raise ValueError(_("Een postcode heeft vier cijfers en eventueel twee letters, zoals 3511 AB."))
    found = places().get(form[1])
    if found is None:
        raise ValueError(_("Postcode %(postcode)s bestaat niet.") % {"postcode": form[1]})
    return found


def distance_km(one: Place, other: Place) -> float:
    """Return the great-circle distance in kilometres (haversine)."""
    lat, other_lat = math.radians(one.lat), math.radians(other.lat)
    half_lat = math.sin((other_lat - lat) / 2)
    half_lon = math.sin((math.radians(other.lon) - math.radians(one.lon)) / 2)
    return _arc_km(half_lat**2 + math.cos(lat) * math.cos(other_lat) * half_lon**2)


@lru_cache(maxsize=128)
def surroundings(postcode: str) -> Surroundings:
    """Return the surroundings of a known four-digit postcode; the latest are kept, at about 50 kB each."""
    return Surroundings(places()[postcode])


def _arc_km(square: float) -> float:
    """Return the distance that belongs to the square of half the chord on the unit sphere."""
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(square)))


@cache
def _in_radians() -> tuple[tuple[int, float, float, float], ...]:
    """Return number, latitude, its cosine and longitude of every postcode."""
    return tuple(
        (int(place.postcode), math.radians(place.lat), math.cos(math.radians(place.lat)), math.radians(place.lon))
        for place in places().values()
    )
