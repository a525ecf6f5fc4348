"""`make bench`: prints the table and writes .data/bench.json; a missed goal is said, and is no failure.

Parts can be named: `make bench ARGS="referrals relevance"`; `million` searches at 1,000,000 offerings as well.
"""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import (
    charging,
    course,
    limits,
    mixed,
    nightly,
    reading,
    referrals,
    relevance,
    sealing,
    searching,
    signing_in,
    wall_cost,
)
from bench.network import network
from bench.process import LOG, running
from bench.report import Figure, table, write
from core.logs import configure
from core.settings import ROOT

REFERRALS = 150
DEMO = 320  # offerings, as many as the demo has
SIZES = (10_000, 100_000)
MILLION = 1_000_000


def starts(folder: Path) -> Iterator[list[Figure]]:
    """Start the demo twice: on an empty data directory and on a full one."""
    where = {"PROVIDERBOOG_DATA_DIR": str(folder)}
    with running("demo", **where) as first:
        cold = first.started_in
    with running("demo", **where) as again:
        warm, resident = again.started_in, again.resident_mb()
    yield [
        Figure("cold start of the demo until its first page", cold, "s", 15),
        Figure("warm start until its first page", warm, "s", 5),
        Figure("resident memory of the app, worker inside", resident, "MB", 250),
    ]


def referring(folder: Path) -> Iterator[list[Figure]]:
    """Issue referrals."""
    with network(folder, DEMO, REFERRALS) as made:
        yield referrals.measure(made)


def coming_in(folder: Path) -> Iterator[list[Figure]]:
    """Let people sign in."""
    with network(folder, DEMO, 1) as made:
        yield signing_in.measure(made)


def following(folder: Path) -> Iterator[list[Figure]]:
    """Let referrals go their course, eight people at once."""
    with network(folder, DEMO, REFERRALS) as made:
        yield course.measure(made)


def looking(folder: Path) -> Iterator[list[Figure]]:
    """Open a long worklist and an old case."""
    with network(folder, DEMO, 1) as made:
        yield reading.measure(made)


def night(folder: Path) -> Iterator[list[Figure]]:
    """Measure what every night is measured."""
    with network(folder, DEMO, 1) as made:
        yield nightly.measure(made)


def chaining(folder: Path) -> Iterator[list[Figure]]:
    """Chain a long audit trail."""
    with network(folder, DEMO, 1) as made:
        yield sealing.measure(made)


def month(folder: Path) -> Iterator[list[Figure]]:
    """Work a month of invoices off."""
    with network(folder, DEMO, 1) as made:
        yield charging.measure(made)


def judged(folder: Path) -> Iterator[list[Figure]]:
    """Ask every judged question."""
    with network(folder, DEMO, 1) as made:
        yield relevance.measure(made)


def together(folder: Path, seconds: int = mixed.SECONDS) -> Iterator[list[Figure]]:
    """Let people of all roles work at once."""
    with network(folder, DEMO, 1) as made:
        yield mixed.measure(made, seconds)


def together_shortly(folder: Path) -> Iterator[list[Figure]]:
    """Let them do so for half a minute."""
    return together(folder, mixed.SHORT_SECONDS)


def search(folder: Path, sizes: tuple[int, ...] = SIZES) -> Iterator[list[Figure]]:
    """Search in networks of several sizes."""
    alone = {}
    for size in sizes:
        with network(folder / str(size), size, 1) as made:
            figures, alone[size] = searching.measure(made, size)
        yield figures
    if MILLION in alone:
        yield [searching.growth(alone[SIZES[-1]], alone[MILLION])]


def million(folder: Path) -> Iterator[list[Figure]]:
    """Search in networks up to a million offerings."""
    return search(folder, (*SIZES, MILLION))


def wall(folder: Path) -> Iterator[list[Figure]]:
    """Measure what the wall costs."""
    with network(folder, DEMO, REFERRALS) as made:
        yield wall_cost.measure(made)


def counting(folder: Path) -> Iterator[list[Figure]]:
    """Measure what counting requests costs."""
    with network(folder, DEMO, 1) as made:
        yield limits.measure(made)


PARTS: dict[str, Callable[[Path], Iterator[list[Figure]]]] = {
    "starts": starts,
    "referrals": referring,
    "signing_in": coming_in,
    "course": following,
    "reading": looking,
    "nightly": night,
    "sealing": chaining,
    "charging": month,
    "relevance": judged,
    "search": search,
    "million": million,
    "mixed": together,
    "mixed-short": together_shortly,
    "wall": wall,
    "limits": counting,
}
DEFAULT = (
    "starts",
    "referrals",
    "signing_in",
    "course",
    "reading",
    "nightly",
    "sealing",
    "charging",
    "relevance",
    "search",
    "mixed",
    "wall",
    "limits",
)


def main() -> None:
    """Measure what is asked and say what came of it."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, []], help="what to measure; everything but `million` and `mixed-short`"
    )
    configure("WARNING")
    LOG.unlink(missing_ok=True)
    figures: list[Figure] = []
    for part in parser.parse_args().parts or DEFAULT:
        with TemporaryDirectory(prefix="bench-") as name:
            for found in PARTS[part](Path(name)):
                print(table(found), flush=True)  # noqa: T201 -- the answer itself
                figures += found
    write(figures, ROOT / ".data" / "bench.json")


if __name__ == "__main__":
    main()
