"""How long it takes to chain the audit trail where much waits: after a large run, or when the worker was away."""

import time
from uuid import uuid4

from bench.network import TENANT, Network
from bench.report import Figure
from core.database import Database, Door
from identity.audit import About, record_all
from worker.open_jobs import seal_audit
from worker.stage import acting

EVENTS, PIECE = 100_000, 10_000


def measure(made: Network) -> list[Figure]:
    """Return how long chaining takes when all waits, and how long a round that finds nothing."""
    database = made.copy("bench_sealing")
    seal_audit(database)
    for _nth in range(EVENTS // PIECE):
        with acting(database, Door.CARE, TENANT) as (session, actor):
            record_all(session, actor, "medical:case:read", (About(uuid4()) for _event in range(PIECE)))
    figures = [
        Figure(f"chaining {EVENTS:,} events of the audit trail", _timed(database), "s", 30),
        Figure("  a round that finds nothing after them", _timed(database), "s", 0.5),
    ]
    database.dispose()
    return figures


def _timed(database: Database) -> float:
    began = time.perf_counter()
    seal_audit(database)
    return time.perf_counter() - began
