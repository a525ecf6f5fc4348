"""Within how many days people start, when some still wait: the Kaplan-Meier estimate of scipy.

The library takes a hundred megabytes and seconds to read in. It is used once a night, so it lives for that long: in a
process of its own, which `start_days_beside` starts and ends.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from itertools import islice
from multiprocessing import get_context
from typing import Any, NamedTuple

PIECE = 500  # groups that go to the other process at once
ROUNDING = 1e-9


class Waits(NamedTuple):
    """Days until people started, and the days that others have waited so far without having started."""

    started: Sequence[int]
    waiting: Sequence[int]


class StartDays(NamedTuple):
    """The days within which half, and eight in ten, start; where too few have started yet, the longest wait so far."""

    median: int
    p80: int


def start_days_beside(groups: Iterable[Waits]) -> Iterator[StartDays]:
    """Yield the estimate for each group, in their order, worked out in another process."""
    waiting = iter(groups)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        while piece := list(islice(waiting, PIECE)):
            yield from beside.submit(start_days, piece).result()


def start_days(groups: Sequence[Waits]) -> list[StartDays]:
    """Return the estimate for each group."""
    stats = import_module("scipy.stats")
    return [_estimate(stats, group) for group in groups]


def _estimate(stats: Any, waits: Waits) -> StartDays:
    still = stats.ecdf(stats.CensoredData(uncensored=list(waits.started), right=list(waits.waiting))).sf

    def within(percent: int) -> int:
        """Return the first day on which no more than the others still wait."""
        enough = still.probabilities <= 1 - percent / 100 + ROUNDING
        return int(still.quantiles[enough.argmax() if enough.any() else -1])

    return StartDays(within(50), within(80))
