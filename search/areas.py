"""Circles of postcodes as few terms: squares of several sizes, each standing for all postcodes inside it.

An offering carries the squares around its postcode and the postcode itself. A circle is asked for by the largest
squares wholly inside it and the postcodes at its edge one by one: the same offerings, in a tenth of the terms.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from network.postcodes import Place, places, surroundings

# The country lies between these degrees; each level halves the sides of its squares, from about 75 km to 1 km.
SOUTH, NORTH = 50.5, 53.7
WEST, EAST = 3.2, 7.4
COARSEST, FINEST = 2, 8
POSTCODE_LEVEL = 15
CODE_BITS = 2 * FINEST


def areas_of(postcode: str) -> tuple[int, ...]:
    """Return the squares that a postcode lies in, from large to small, and last the postcode itself."""
    place = places()[postcode]
    code = _interleaved(place)
    squares = (_area(level, code >> 2 * (FINEST - level)) for level in range(COARSEST, FINEST + 1))
    return (*squares, _area(POSTCODE_LEVEL, int(postcode)))


@lru_cache(maxsize=2_048)
def circle(postcode: str, radius_km: float) -> tuple[int, ...]:
    """Return the areas that together hold exactly the postcodes no further away than `radius_km`."""
    return covering(surroundings(postcode).within(radius_km))


def covering(numbers: Iterable[int]) -> tuple[int, ...]:
    """Return the fewest areas that hold exactly these postcodes."""
    chains, sizes = _chains(), _sizes()
    found: list[int] = []
    rest = list(numbers)
    # From large to small: what a whole square holds needs no smaller one. The last areas are the postcodes themselves.
    for depth in range(FINEST - COARSEST + 2):
        inside = Counter([chains[number][depth] for number in rest])
        whole = {area for area, count in inside.items() if count == sizes[area]}
        found += whole
        rest = [number for number in rest if chains[number][depth] not in whole]
    return tuple(found)


@cache
def _sizes() -> Mapping[int, int]:
    """Return how many postcodes each area holds."""
    return Counter(area for chain in _chains().values() for area in chain)


@cache
def _chains() -> Mapping[int, tuple[int, ...]]:
    """Return the areas of every postcode."""
    return {int(postcode): areas_of(postcode) for postcode in places()}


def _area(level: int, code: int) -> int:
    return (level << CODE_BITS) | code


def _interleaved(place: Place) -> int:
    """Return the square of the finest level, the bits of its row and column taken in turn."""
    row = int((place.lat - SOUTH) / (NORTH - SOUTH) * (1 << FINEST))
    column = int((place.lon - WEST) / (EAST - WEST) * (1 << FINEST))
    return sum(((row >> bit & 1) << (2 * bit + 1)) | ((column >> bit & 1) << (2 * bit)) for bit in range(FINEST))
