"""Issuing referrals over the API, beside the same SQL statements from a bare loop on a copy that starts the same."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import event
from starlette.testclient import TestClient

from application import build
from bench.network import MASTER_KEYS, SECRET, Network
from bench.process import running
from bench.report import Figure
from core.database import Door

Statements = list[tuple[str, Any]]
PIECE = 15
"""Referrals that are timed together. The two ways take turns, so that whatever else the machine does meets both."""


def measure(made: Network) -> list[Figure]:
    """Return the rate over the API as a part of the rate of the bare statements: the median over the pieces.

    The first piece of each way is left out: a process that has just started reads in what it needs once.
    """
    recorded = _record(made)
    with _serving(made) as refer, _bare(made) as replay:
        pieces = [slice(start, start + PIECE) for start in range(0, len(made.case_ids), PIECE)]
        timed = [(_seconds(refer, made.case_ids[piece]), _seconds(replay, recorded[piece])) for piece in pieces][1:]
    served, bare = (PIECE / median(took) for took in zip(*timed, strict=True))
    ratio = median(bare_took / served_took for served_took, bare_took in timed)
    return [
        Figure("referral issued over the API, of the bare statements' rate", ratio, "x", 0.5, at_most=False),
        Figure("  referrals a second over the API", served, "/s", 0, at_most=False),
        Figure("  referrals a second as bare statements", bare, "/s", 0, at_most=False),
    ]


def _seconds(act: Callable[[Any], None], things: Iterable[object]) -> float:
    began = time.perf_counter()
    for thing in things:
        act(thing)
    return time.perf_counter() - began


def body(made: Network, case_id: UUID) -> dict[str, object]:
    """Return a referral to issue."""
    return {
        "case_id": str(case_id),
        "offering_id": str(made.offering_id),
        "goal": "Opbouwen naar volledige werkdagen.",
        "question": "Wat is er nodig om het eigen werk vol te houden?",
        "units": 6,
        "expected_days_saved": 20,
    }


def _headers(made: Network) -> dict[str, str]:
    return {"Authorization": f"Bearer {made.token}", "Content-Type": "application/json"}


@contextmanager
def _serving(made: Network) -> Iterator[Callable[[UUID], None]]:
    """Yield what refers over the API of a running app."""
    database = made.copy("bench_served")
    with running(
        "serve",
        DATABASE_URL=str(database.owner_url),
        PROVIDERBOOG_SECRET_KEY=SECRET,
        PROVIDERBOOG_MASTER_KEYS=MASTER_KEYS,
        PROVIDERBOOG_DATA_DIR=str(made.settings.data_dir / "served"),
    ) as app:
        connection = app.connect()

        def refer(case_id: UUID) -> None:
            connection.request("POST", "/api/v1/referrals", json.dumps(body(made, case_id)), _headers(made))
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 201:
                raise RuntimeError(f"a referral was answered with {answer.status}: {content[:300]!r}")

        yield refer


def _record(made: Network) -> list[Statements]:
    """Issue the referrals once in this process and keep every statement of each with its values."""
    database, kept = made.copy("bench_recorded"), [Statements()]
    engine = database.engine(Door.CARE)
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, sql, values, *_rest: kept[-1].append((sql, values)))
    event.listen(engine, "commit", lambda _connection: kept.append(Statements()))
    client = TestClient(build(made.settings, database), base_url=made.settings.base_url)
    for case_id in made.case_ids:
        client.post("/api/v1/referrals", json=body(made, case_id), headers=_headers(made)).raise_for_status()
    database.dispose()
    kept.pop()
    if len(kept) != len(made.case_ids):
        raise RuntimeError(f"{len(kept)} transactions for {len(made.case_ids)} referrals")
    return kept


@contextmanager
def _bare(made: Network) -> Iterator[Callable[[Statements], None]]:
    """Yield what runs the statements of one referral and commits."""
    database = made.copy("bench_bare")
    address = database.url(Door.CARE).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        connection.prepare_threshold = 2

        def replay(statements: Statements) -> None:
            for sql, values in statements:
                cursor.execute(sql, values)
            connection.commit()

        yield replay
    database.dispose()
