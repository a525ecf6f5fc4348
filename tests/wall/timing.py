"""Whether two kinds of answers can be told apart by how long they take: Welch's t over requests that take turns."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, median, variance
from time import perf_counter_ns

Ask = Callable[[], None]

TELLS = 4.5
"""From so large a t on, the two are taken to be different, as is usual in looking for such leaks."""

KEPT = 0.9
"""The slowest tenth is left out: it tells what else the machine did."""


@dataclass(frozen=True)
class Compared:
    """Two kinds of answers: how many of each, how long the middle one took in microseconds, and their t."""

    count: int
    one_us: float
    other_us: float
    t: float

    @classmethod
    def of(cls, one: Sequence[int], other: Sequence[int]) -> "Compared":
        """Compare how many nanoseconds each took."""
        mine, theirs = (sorted(each)[: int(len(each) * KEPT)] for each in (one, other))
        return cls(len(one), median(mine) / 1000, median(theirs) / 1000, welch(mine, theirs))

    @property
    def tells(self) -> bool:
        """Whether somebody who measures knows which it was."""
        return abs(self.t) >= TELLS

    def __str__(self) -> str:
        """Return it as a part of a line of a report."""
        return f"{self.one_us:>7.0f} {self.other_us:>7.0f} us  t {self.t:>6.2f}"


def take_turns(asks: Sequence[Ask], rounds: int, seed: int = 1) -> list[list[int]]:
    """Return how many nanoseconds each took, asked as often as the others: in each round in an order that is drawn.

    The first ones are left out: they read in what is needed once.
    """
    order, took = random.Random(seed), [[] for _ask in asks]  # type: tuple[random.Random, list[list[int]]]
    for _round in range(rounds + max(3, rounds // 20)):
        for which in order.sample(range(len(asks)), len(asks)):
            began = perf_counter_ns()
            asks[which]()
            took[which].append(perf_counter_ns() - began)
    return [each[-rounds:] for each in took]


def welch(one: Sequence[float], other: Sequence[float]) -> float:
    """Return Welch's t of two samples."""
    spread = sqrt(variance(one) / len(one) + variance(other) / len(other))
    return (fmean(one) - fmean(other)) / spread if spread else 0.0
