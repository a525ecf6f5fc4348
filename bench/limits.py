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
        turns = [_turn((counted, uncounted), path, head) for _nth in range(WARM_UP + TURNS)][WARM_UP:]
        each = median(mine for mine, _theirs in turns) / Kind.ACCOUNT.at_a_time
        figures.append(Figure(name, each * 1_000, "ms"))
        ratio = median(mine / theirs for mine, theirs in turns)
        figures.append(Figure("  of the same where nothing is counted", ratio, "x", MOST))
    database.dispose()
    return figures


def _turn(clients: tuple[TestClient, TestClient], path: str, head: dict[str, str]) -> tuple[float, float]:
    """Return how many seconds a turn of requests takes with each of the clients, who ask one after the other."""
    took = [0.0, 0.0]
    for nth in range(Kind.ACCOUNT.at_a_time):
        for which in (0, 1) if nth % 2 else (1, 0):
            began = time.perf_counter()
            clients[which].get(path, headers=head).raise_for_status()
            took[which] += time.perf_counter() - began
    return took[0], took[1]
