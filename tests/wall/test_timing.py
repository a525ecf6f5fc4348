"""The test that the report on timing makes tells apart what differs, and nothing else."""

from itertools import cycle
from time import monotonic

from tests.wall.timing import Compared, take_turns, welch
from tests.wall.timing_report import told_apart


def test_it_tells_apart_what_differs() -> None:
    assert abs(welch([10, 11, 12, 11] * 20, [20, 21, 22, 21] * 20)) > 80
    assert abs(welch([10, 11, 12, 11] * 20, [11, 10, 11, 12] * 20)) < 1


def test_what_takes_longer_tells() -> None:
    def busy(rounds: int) -> None:
        for _each in zip(range(rounds), cycle("x"), strict=False):
            pass

    short, long, short_too = take_turns([lambda: busy(200), lambda: busy(2_000), lambda: busy(200)], 60)
    assert Compared.of(short, long).tells
    assert abs(Compared.of(short, short_too).t) < abs(Compared.of(short, long).t)


def test_the_report_says_so_when_it_is_the_same_each_time() -> None:
    quick, slow = [1_000, 1_010, 1_005] * 100, [2_000, 2_010, 2_005] * 100
    now_this, now_that = Compared.of(quick, slow), Compared.of(slow, quick)
    assert told_apart("a leak", lambda: (now_this, None), monotonic())
    turns = iter((now_this, now_that))
    assert not told_apart("a server that is slower for once", lambda: (next(turns), None), monotonic())
    assert not told_apart("nothing", lambda: (Compared.of(quick, quick), None), monotonic())
