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

    name: str
    count: int
    one_us: float
    other_us: float
    t: float

    @property
    def tells(self) -> bool:
        """Whether somebody who measures knows which it was."""
        return abs(self.t) >= TELLS

    def __str__(self) -> str:
        """Return it as a line of a report."""
        verdict = "TELLS" if self.tells else "the same"
        took = f"{self.count:>5} x {self.one_us:>8.0f} {self.other_us:>8.0f} us"
        return f"{self.name:<66} {took}  t {self.t:>6.2f}  {verdict}"


def compare(name: str, one: Ask, other: Ask, rounds: int, seed: int = 1) -> Compared:
    """Ask both as often, each round in an order that is drawn, and compare how long they took."""
    order, took = random.Random(seed), ([], [])  # type: tuple[random.Random, tuple[list[int], list[int]]]
    for _round in range(rounds + max(3, rounds // 20)):
        for which in order.sample((0, 1), 2):
            began = perf_counter_ns()
            (one, other)[which]()
            took[which].append(perf_counter_ns() - began)
    mine, theirs = (sorted(each[-rounds:])[: int(rounds * KEPT)] for each in took)
    return Compared(name, rounds, median(mine) / 1000, median(theirs) / 1000, welch(mine, theirs))


def welch(one: Sequence[float], other: Sequence[float]) -> float:
    """Return Welch's t of two samples."""
    spread = sqrt(variance(one) / len(one) + variance(other) / len(other))
    return (fmean(one) - fmean(other)) / spread if spread else 0.0
