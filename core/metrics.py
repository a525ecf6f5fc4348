"""Numbers about how the house runs, for Prometheus: labels from short fixed lists, so that none tells of a person.

They are given out on a port of loopback only, by a thread of its own, so that they can be read when all else is busy.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

HOST = "127.0.0.1"
MOST_PROCESSES = 64  # each process takes the first free port from the one that is set
STEPS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
LABELS = frozenset({"route", "method", "status", "door", "reason", "state", "task", "outcome", "pool", "le"})
"""Every label that a metric may have; a test holds the registry to it."""

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "providerboog_requests", "Requests answered.", ("route", "method", "status", "door"), registry=REGISTRY
)
SECONDS = Histogram(
    "providerboog_request_seconds", "How long answers took.", ("route", "door"), buckets=STEPS, registry=REGISTRY
)
AT_WORK = Gauge("providerboog_requests_at_work", "Requests that are worked on now.", registry=REGISTRY)
IN_LINE = Gauge("providerboog_requests_in_line", "Requests that wait for their turn now.", registry=REGISTRY)
TURNED_AWAY = Counter(
    "providerboog_requests_turned_away", "Requests answered with 503 for want of room.", ("reason",), registry=REGISTRY
)
JOBS = Counter("providerboog_jobs", "Jobs that came to an end.", ("task", "outcome"), registry=REGISTRY)
JOB_SECONDS = Histogram("providerboog_job_seconds", "How long jobs took.", ("task",), buckets=STEPS, registry=REGISTRY)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

Sizes = Mapping[str, Mapping[str, int]]
"""For each pool of connections how many there are in each state."""


class Standing(Collector):
    """What is looked up at the moment that somebody asks: the pools of this process, and the state of the queue."""

    def __init__(self, pools: Callable[[], Sizes], state: Callable[[], Mapping[str, float]]) -> None:
        self._pools, self._state = pools, state

    def collect(self) -> Iterable[Metric]:
        """Yield them; when the database does not answer, what it would have said is left out."""
        found = GaugeMetricFamily("providerboog_pool_connections", "Connections.", labels=("pool", "state"))
        for pool, sizes in self._pools().items():
            for kind, size in sizes.items():
                found.add_metric((pool, kind), size)
        yield found
        state = self._state()
        up = GaugeMetricFamily("providerboog_database_up", "Whether the database answered.")
        up.add_metric((), 1 if state else 0)
        yield up
        for name, value in state.items():
            each = GaugeMetricFamily(f"providerboog_{name}", name.replace("_", " ").capitalize() + ".")
            each.add_metric((), value)
            yield each


def method_label(method: str) -> str:
    """Return a method as a label; what a caller makes up is one value."""
    return method if method in METHODS else "other"


def exposition() -> bytes:
    """Return every metric as Prometheus reads it."""
    return generate_latest(REGISTRY)


def give_out(first_port: int | None) -> int | None:
    """Answer Prometheus on the first free port from `first_port` on, and return it; None asks for nothing."""
    for port in range(first_port, first_port + MOST_PROCESSES) if first_port else ():
        with suppress(OSError):
            start_http_server(port, addr=HOST, registry=REGISTRY)
            return port
    return None
