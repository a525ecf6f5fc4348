"""What counting requests costs: the same requests with and without the limits, taking turns in one process.

A turn is as many requests as a process takes at a time for an account, so that what PostgreSQL is asked for counts is
in it. With the limits means with limits so wide that nothing is refused; it is counted all the same.
"""

import time
from statistics import median

from starlette.testclient import TestClient

from application import build
from bench.network import Network
from bench.report import Figure
from core.logs import configure
from identity.allowances import Kind
from search.engines import engine_for
from worker.open_jobs import rebuild_index

TURNS, WARM_UP = 12, 1
WIDE = 1_000
MOST = 1.1

REQUESTS = (
    ("cost of the limits: the worklist, by its account and token", "/api/v1/referrals/worklist", True),
    ("cost of the limits: a search, counted by itself as well", "/api/v1/offerings?q=rug&page_size=20", True),
    ("cost of the limits: the page to sign in, by its address", "/account/sign-in", False),
)


def measure(made: Network) -> list[Figure]:
    """Return for each kind of request how long it takes, and that beside the same where nothing is counted."""
    configure("WARNING")
    database = made.copy("bench_limits")
    settings = made.settings.model_copy(update={"data_dir": made.settings.data_dir / "limits"})
    rebuild_index(database, engine_for(settings))
    counted, uncounted = (
        TestClient(build(settings.model_copy(update={"limit_factor": factor}), database), base_url="http://127.0.0.1")
        for factor in (WIDE, 0)
    )
    figures = []
    for name, path, is_known in REQUESTS:
        head = {"Authorization": f"Bearer {made.token}"} if is_known else {}
        pairs = []
        for nth in range(WARM_UP + TURNS):
            turn = {each: _turn(each, path, head) for each in ((counted, uncounted), (uncounted, counted))[nth % 2]}
            pairs.append((turn[counted], turn[uncounted]))
        of_each = [mine / Kind.ACCOUNT.at_a_time * 1_000 for mine, _theirs in pairs[WARM_UP:]]
        figures.append(Figure(name, median(of_each), "ms"))
        ratio = median(mine / theirs for mine, theirs in pairs[WARM_UP:])
        figures.append(Figure("  of the same where nothing is counted", ratio, "x", MOST))
    database.dispose()
    return figures


def _turn(client: TestClient, path: str, head: dict[str, str]) -> float:
    """Return how many seconds a turn of requests takes."""
    began = time.perf_counter()
    for _nth in range(Kind.ACCOUNT.at_a_time):
        client.get(path, headers=head).raise_for_status()
    return time.perf_counter() - began
