"""`make bench`: prints the table and writes .data/bench.json; a missed goal is said, and is no failure."""

from pathlib import Path
from tempfile import TemporaryDirectory

from bench import referrals, searching
from bench.network import network
from bench.process import running
from bench.report import Figure, table, write
from core.settings import ROOT

REFERRALS = 150
WIDE = 10_000


def starts(folder: Path) -> list[Figure]:
    """Start the demo twice: on an empty data directory and on a full one."""
    where = {"PROVIDERBOOG_DATA_DIR": str(folder)}
    with running("demo", **where) as first:
        cold = first.started_in
    with running("demo", **where) as again:
        warm, resident = again.started_in, again.resident_mb()
    return [
        Figure("cold start of the demo until its first page", cold, "s", 15),
        Figure("warm start until its first page", warm, "s", 5),
        Figure("resident memory of the app, worker inside", resident, "MB", 250),
    ]


def main() -> None:
    """Measure everything and say what came of it."""
    with TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        figures = starts(folder / "demo")
        with network(folder / "referrals", 320, REFERRALS) as made:
            figures += referrals.measure(made)
        with network(folder / "wide", WIDE, 1) as made:
            figures += searching.measure(made)
    write(figures, ROOT / ".data" / "bench.json")
    print(table(figures))  # noqa: T201 -- the answer itself


if __name__ == "__main__":
    main()
