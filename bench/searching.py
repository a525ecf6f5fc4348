"""Searching at one size of network: the API and the portal beside the engine's own time for the same questions."""

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from bench import bare, freshness
from bench.clients import Caller, Drive, drive, get, percentile
from bench.indexing import build_index
from bench.network import TENANT, Network
from bench.process import Running, free_port, running, started, wait_until_served
from bench.questions import path, questions
from bench.report import Figure
from core.settings import Settings
from identity.guard import COOKIE
from search.engines import engine_for
from search.query import SearchFilters, SearchQuery

Asked = TypeVar("Asked")
API = "/api/v1/offerings"
PORTAL = "/arts/zoeken"
CLIENTS = (8, 32)
ROUNDS = 4
SEVERAL = ("cause", "intervention")


@dataclass(frozen=True)
class Doors:
    """Where the same questions are asked: the API, the portal, and the bare endpoint."""

    app: Running
    bare_port: int
    api: Sequence[bytes]
    portal: Sequence[bytes]
    bare: Sequence[bytes]


@dataclass(frozen=True)
class Alone:
    """What one client waits, beside the engine itself: each in seconds, question by question.

    The two last are the time of a processor for each answer: on a busy machine they tell more than the clock.
    """

    engine: list[float]
    api: list[float]
    portal: list[float]
    engine_cpu: float
    api_cpu: float

    def percentiles(self, part: float) -> tuple[float, float]:
        """Return the engine's and the API's time in milliseconds."""
        return percentile(self.engine, part), percentile(self.api, part)


def measure(made: Network, offerings: int) -> tuple[list[Figure], Alone]:
    """Return the figures at this size, and what one client waited, from which growth follows."""
    folder = made.settings.data_dir / "search"
    figures = build_index(made, folder, offerings)
    with _doors(made, folder) as doors:
        alone = _ask_alone(doors, made.settings.model_copy(update={"data_dir": folder}))
        figures += _of_one_client(alone, offerings)
        for clients in CLIENTS:
            figures += _of_many(doors, clients, offerings)
        figures += _of_several_processes(made, doors, folder, offerings)
        figures += freshness.measure(made, doors.app, doors.api, folder, offerings)
        figures.append(_figure(offerings, "resident memory of the app after searching", doors.app.resident_mb(), "MB"))
    return figures, alone


def growth(smaller: Alone, larger: Alone) -> Figure:
    """Return how much more the API's cost grew than the engine's, from one size to the next."""
    own, served = (
        large / small for small, large in zip(smaller.percentiles(0.5), larger.percentiles(0.5), strict=True)
    )
    return Figure(
        "growth of the API's median from 100,000 to 1,000,000, of the engine's growth", served / own, "x", 1.0
    )


@contextmanager
def _doors(made: Network, folder: Path) -> Iterator[Doors]:
    headers = {"Authorization": f"Bearer {made.token}"}
    api = [get(path(API, asked), **headers) for asked in questions()]
    with running("serve", **made.environment(folder)) as app:
        answers = made.settings.data_dir / "answers.json"
        answers.write_text(json.dumps(_answers(app, api)), encoding="utf-8")
        port = free_port()
        with started("-m", "bench.bare", str(port), str(answers), **made.environment(folder)) as process:
            first = path(bare.PATH, questions()[0])
            wait_until_served(port, process, first)
            doors = Doors(
                app,
                port,
                api,
                [get(path(PORTAL, asked), Cookie=f"{COOKIE}={made.cookie}") for asked in questions()],
                [get(path(bare.PATH, asked)) for asked in questions()],
            )
            _compare(doors)
            yield doors


def _answers(app: Running, api: Sequence[bytes]) -> dict[str, Any]:
    caller = Caller(app.port)
    answers = {
        urlencode(asked): json.loads(caller.ask(request)) for asked, request in zip(questions(), api, strict=True)
    }
    if any(answer["degraded"] for answer in answers.values()):
        raise RuntimeError("the index was not there")
    return answers


def _compare(doors: Doors) -> None:
    """See to it that the bare endpoint does the same work: raises RuntimeError when it says something else."""
    ours, theirs = Caller(doors.app.port), Caller(doors.bare_port)
    for mine, other in zip(doors.api, doors.bare, strict=True):
        if json.loads(ours.ask(mine)) != json.loads(theirs.ask(other)):
            raise RuntimeError(f"the bare endpoint answers {other[:200]!r} differently")


def _ask_alone(doors: Doors, settings: Settings) -> Alone:
    """Ask each question of the engine, the API and the portal in turn, so that a busy moment falls on all three."""
    engine, caller = engine_for(settings), Caller(doors.app.port)
    queries = [_query(asked) for asked in questions()]
    for query in queries:
        engine.search(query)  # what is worked out once per state of the index is not what is measured
    own: list[float] = []
    api: list[float] = []
    portal: list[float] = []
    own_cpu = api_cpu = 0.0
    for query, request, page in zip(queries, doors.api, doors.portal, strict=True):
        began = time.thread_time()
        own.append(_timed(engine.search, query))
        own_cpu += time.thread_time() - began
        before = doors.app.cpu_seconds()
        api.append(_timed(caller.ask, request))
        api_cpu += doors.app.cpu_seconds() - before
        portal.append(_timed(caller.ask, page))
    return Alone(own, api, portal, own_cpu / len(own), api_cpu / len(api))


def _query(asked: dict[str, str]) -> SearchQuery:
    values = {name: (value,) if name in SEVERAL else value for name, value in asked.items()}
    return SearchFilters.model_validate(values).for_tenant(TENANT)


def _timed(work: Callable[[Asked], object], asked: Asked) -> float:
    began = time.perf_counter()
    work(asked)
    return time.perf_counter() - began


def _of_one_client(alone: Alone, offerings: int) -> list[Figure]:
    (own, mine), (own_slow, mine_slow) = alone.percentiles(0.5), alone.percentiles(0.95)
    figures = [
        _figure(offerings, "1 client: p50 of the API above the engine's", mine - own, "ms", 3),
        _figure(offerings, "1 client: p95 of the API above the engine's", mine_slow - own_slow, "ms", 8),
        _figure(offerings, "  the engine's own p50", own, "ms"),
        _figure(offerings, "  the engine's own p95", own_slow, "ms"),
        _figure(offerings, "  p50 of the API", mine, "ms"),
        _figure(offerings, "  p95 of the API", mine_slow, "ms"),
        _figure(offerings, "  processor time of the engine for an answer", alone.engine_cpu * 1000, "ms"),
        _figure(offerings, "  processor time of the app for an answer of the API", alone.api_cpu * 1000, "ms"),
        _figure(offerings, "  p50 of the portal's page", percentile(alone.portal, 0.5), "ms"),
        _figure(offerings, "  p95 of the portal's page", percentile(alone.portal, 0.95), "ms"),
    ]
    if offerings == 10_000:
        figures.append(_figure(offerings, "p50 of the API, of the engine's own", mine / own, "x", 3))
    return figures


def _of_many(doors: Doors, clients: int, offerings: int) -> list[Figure]:
    """Ask all doors in short turns, so that a busy moment falls on all of them."""
    api, portal, plain = Drive(), Drive(), Drive()
    for nth in range(ROUNDS):
        drive(doors.bare_port, doors.bare[nth::ROUNDS], clients, plain)
        drive(doors.app.port, doors.api[nth::ROUNDS], clients, api)
        drive(doors.app.port, doors.portal[nth::ROUNDS], clients, portal)
    goals = (0.5, 0.3) if clients == 8 else (None, None)
    who = f"{clients} clients:"
    return [
        _figure(
            offerings, f"{who} the API's rate, of the bare endpoint's", api.rate / plain.rate, "x", goals[0], False
        ),
        _figure(offerings, f"{who} the portal's rate, of the API's", portal.rate / api.rate, "x", goals[1], False),
        _figure(offerings, f"{who} p95 of the portal's page", portal.percentile(0.95), "ms"),
        _figure(offerings, "  the bare endpoint", plain.rate, "/s"),
        _figure(offerings, "  the API", api.rate, "/s"),
        _figure(offerings, "  p95 of the API", api.percentile(0.95), "ms"),
        _figure(offerings, "  the portal", portal.rate, "/s"),
    ]


def _of_several_processes(made: Network, doors: Doors, folder: Path, offerings: int) -> list[Figure]:
    """Ask an app that has a process for each core, as it is meant to run where many ask."""
    cores, clients = os.cpu_count() or 1, CLIENTS[0]
    api, portal = Drive(), Drive()
    with running("serve", PROVIDERBOOG_PROCESSES=str(cores), **made.environment(folder)) as app:
        for requests in (doors.api, doors.portal):  # whichever process answers, it has answered before
            drive(app.port, [*requests, *requests], clients, Drive())
        for nth in range(ROUNDS):
            drive(app.port, doors.api[nth::ROUNDS], clients, api)
            drive(app.port, doors.portal[nth::ROUNDS], clients, portal)
    page = 100 if offerings == 100_000 else None
    who = f"{clients} clients, {cores} processes:"
    return [
        _figure(offerings, f"{who} p95 of the portal's page", portal.percentile(0.95), "ms", page),
        _figure(offerings, "  p50 of the portal's page", portal.percentile(0.5), "ms"),
        _figure(offerings, "  the portal", portal.rate, "/s"),
        _figure(offerings, "  the API", api.rate, "/s"),
    ]


def _figure(
    offerings: int, name: str, value: float, unit: str, goal: float | None = None, at_most: bool = True
) -> Figure:
    return Figure(f"{offerings:>9,} {name}", value, unit, goal, at_most)
