"""Everybody at once: 64 clients of all roles who read and write for minutes, as a closed loop without a pause."""

import http.client
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from random import Random
from uuid import uuid4

import demo.play
from bench.clients import percentile
from bench.network import MASTER_KEYS, SECRET, Network
from bench.process import Running, running, started
from bench.report import Figure
from core.clock import today
from core.database import Database, Door
from demo.people import demo_id
from identity.guard import COOKIE
from identity.sign_in import issue_token
from search.engines import engine_for
from worker.open_jobs import rebuild_index

CLIENTS = 64
SECONDS, SHORT_SECONDS, WARM_SECONDS = 300, 30, 8
LEAST_A_SECOND, MOST_P50, MOST_P95, MOST_P99 = 40, 1_500, 3_000, 5_000
MOST_GROWTH_MB = 30
API = "/api/v1"


@dataclass(frozen=True)
class Question:
    """One thing to ask: as whom, how, and what is said."""

    who: str
    path: str
    said: Callable[[], dict[str, object]] | None = None


@dataclass
class Tally:
    """What came of one client's questions."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)


def measure(made: Network, seconds: int = SECONDS) -> list[Figure]:
    """Let everybody work on a copy with the demo's cases in every phase, with a worker beside."""
    database = made.copy("bench_mixed")
    demo.play.play(database)
    folder = made.settings.data_dir / "mixed"
    settings = {
        "DATABASE_URL": str(database.owner_url),
        "PROVIDERBOOG_SECRET_KEY": SECRET,
        "PROVIDERBOOG_MASTER_KEYS": MASTER_KEYS,
        "PROVIDERBOOG_DATA_DIR": str(folder),
    }
    rebuild_index(database, engine_for(database.settings.model_copy(update={"data_dir": folder})))
    heads = _heads(database, made)
    with running("serve", **settings) as app, started("main.py", "worker", **settings):
        _work(app, heads, WARM_SECONDS)
        before = app.resident_mb()
        began = time.monotonic()
        tallies = _work(app, heads, seconds)
        took, after = time.monotonic() - began, app.resident_mb()
    database.dispose()
    return _figures(tallies, took, before, after)


def _figures(tallies: Sequence[Tally], took: float, before: float, after: float) -> list[Figure]:
    every = [each for tally in tallies for part in tally.times.values() for each in part]
    errors: Counter[str] = sum((tally.errors for tally in tallies), Counter())
    roles = sorted({who for tally in tallies for who in tally.times})
    return [
        Figure(
            f"all roles, {CLIENTS} clients for {took:.0f} s", len(every) / took, "/s", LEAST_A_SECOND, at_most=False
        ),
        Figure("  p50", percentile(every, 0.50), "ms", MOST_P50),
        Figure("  p95", percentile(every, 0.95), "ms", MOST_P95),
        Figure("  p99", percentile(every, 0.99), "ms", MOST_P99),
        Figure(f"  errors {dict(errors) or ''}".rstrip(), errors.total(), "", 0),
        Figure(f"  resident memory after, {before:.0f} MB before", after, "MB", before + MOST_GROWTH_MB),
        *(
            Figure(f"  {who}, p95", percentile([t for tally in tallies for t in tally.times[who]], 0.95), "ms")
            for who in roles
        ),
    ]


def _work(app: Running, keys: dict[str, dict[str, str]], seconds: float) -> list[Tally]:
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(lambda number: _client(app, keys, number, end), range(CLIENTS)))


def _client(app: Running, keys: dict[str, dict[str, str]], number: int, end: float) -> Tally:
    """Ask one question after another on one connection, each client from another place in the list."""
    tally, connection, asked = Tally(), app.connect(), questions()
    Random(number).shuffle(asked)  # noqa: S311 -- an order, not a secret
    for question in cycle(asked):
        if time.monotonic() >= end:
            break
        method, said = ("POST", json.dumps(question.said())) if question.said else ("GET", None)
        began = time.perf_counter()
        try:
            connection.request(method, question.path, said, keys[question.who])
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            status = 0
            connection.close()
            connection = app.connect()
        tally.times[question.who].append(time.perf_counter() - began)
        if status not in (200, 201):
            tally.errors[f"{question.path.partition('?')[0]} {status}"] += 1
    connection.close()
    return tally


def _heads(database: Database, made: Network) -> dict[str, dict[str, str]]:
    """Return with which headers each asks: a token, or the cookie of the portal."""
    names = {question.who for question in questions()} - {"ba in the portal"}
    with database.transaction(Door.IDENTITY) as session:
        tokens = {name: issue_token(session, f"{name}@demo.test", None, made.settings) for name in names}
    plain = {"Content-Type": "application/json"}
    return {name: plain | {"Authorization": f"Bearer {token}"} for name, token in tokens.items()} | {
        "ba in the portal": {"Cookie": f"{COOKIE}={made.cookie}"}
    }


def questions() -> list[Question]:
    """Return what a day is made of; about one in eight writes."""
    begin, end = (today() - timedelta(days=180)).isoformat(), today().isoformat()
    reads = {
        "ba": (
            "/cases",
            "/referrals",
            "/offerings?cause=M01&sickness_year=1&postcode=3811",
            "/referrals/awaiting-days-estimate",
        ),
        "cmtd": ("/cases", "/mandates", "/offerings?q=coaching"),
        "secretariaat": ("/provider-invoices", "/invoices", f"/ledger/balance?from={begin}&to={end}"),
        "netwerk": ("/offerings?page_size=20", "/policies"),
        "psycholoog": ("/referrals", "/figures", "/provider-invoices"),
        "cm": ("/cases", "/cofinancing-requests"),
        "werkgever": (f"/costs?from={begin}&to={end}", "/invoices", "/statement"),
        "verzekeraar": ("/cofinancing-requests", "/policies"),
        "werknemer": ("/me", "/offerings?q=slaap"),
        "fg": ("/audit/events",),
    }
    asked = [Question(who, API + path) for who, paths in reads.items() for path in paths]
    asked += [Question("ba in the portal", path) for path in ("/arts", "/arts/zoeken?q=rug")]
    asked += [Question(who, f"{API}/cases", _new_case) for who in ("ba", "cm", "cmtd", "ba")]
    return asked


def _new_case() -> dict[str, object]:
    return {
        "employer_id": str(demo_id("organisation:zonneveld")),
        "employee_ref": f"M-{uuid4().hex[:12]}",
        "first_sick_day": (today() - timedelta(days=30)).isoformat(),
    }
