"""What is measured every night, over as many referrals as a large arbodienst has in half a year, and over a tenth."""

import time

from bench.history import long_ago
from bench.network import TENANT, Network
from bench.report import Figure
from core.database import Database, Door
from medical.release import release_answers, release_outcomes, release_reports, release_waits
from worker.stage import acting

FEW, MANY = 10_000, 100_000


def measure(made: Network) -> list[Figure]:
    """Return how long the figures of a night take, and how that grows with the number of referrals."""
    few, many = (_night(made, count) for count in (FEW, MANY))
    return [
        Figure(f"nightly statistics over {MANY:,} referrals", many, "s", 60),
        Figure(f"  over {FEW:,}", few, "s"),
        Figure("  each referral of the many beside one of the few", many / few / (MANY / FEW), "x", 1),
    ]


def _night(made: Network, count: int) -> float:
    database = made.copy(f"bench_night_{count}")
    long_ago(database, count)
    began = time.perf_counter()
    _release(database)
    took = time.perf_counter() - began
    database.dispose()
    return took


def _release(database: Database) -> None:
    with acting(database, Door.CARE, TENANT) as (session, actor):
        offerings = release_waits(session, actor)
        release_outcomes(session, actor)
        answered = release_answers(session, actor)
        release_reports(session, actor)
    if not offerings or not answered:
        raise RuntimeError("nothing was measured, so nothing can be said of how long it takes")
