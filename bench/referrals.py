"""Issuing referrals over the API, beside the same SQL statements from a bare loop on a copy that starts the same."""

import json
import time
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import event
from starlette.testclient import TestClient

from application import build
from bench.network import SECRET, Network
from bench.process import running
from bench.report import Figure
from core.database import Door

Statements = list[tuple[str, Any]]
COMMIT = ("COMMIT", None)


def measure(made: Network) -> list[Figure]:
    """Return the rate over the API as a part of the rate of the bare statements."""
    recorded = _record(made)
    bare = _replay(made, recorded)
    served = _serve(made)
    return [
        Figure("referral issued over the API, of the bare statements' rate", served / bare, "x", 0.5, at_most=False),
        Figure("  referrals a second over the API", served, "/s", 0, at_most=False),
        Figure("  referrals a second as bare statements", bare, "/s", 0, at_most=False),
    ]


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


def _serve(made: Network) -> float:
    database = made.copy("bench_served")
    address = str(database.owner_url)
    with running(
        "serve",
        DATABASE_URL=address,
        PROVIDERBOOG_SECRET_KEY=SECRET,
        PROVIDERBOOG_DATA_DIR=str(made.settings.data_dir / "served"),
    ) as app:
        connection = app.connect()
        began = time.perf_counter()
        for case_id in made.case_ids:
            connection.request("POST", "/api/v1/referrals", json.dumps(body(made, case_id)), _headers(made))
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 201:
                raise RuntimeError(f"a referral was answered with {answer.status}: {content[:300]!r}")
        return len(made.case_ids) / (time.perf_counter() - began)


def _record(made: Network) -> Statements:
    """Issue the referrals once in this process and keep every statement with its values."""
    database, kept = made.copy("bench_recorded"), Statements()
    engine = database.engine(Door.CARE)
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, sql, values, *_rest: kept.append((sql, values)))
    event.listen(engine, "commit", lambda _connection: kept.append(COMMIT))
    client = TestClient(build(made.settings, database))
    for case_id in made.case_ids:
        client.post("/api/v1/referrals", json=body(made, case_id), headers=_headers(made)).raise_for_status()
    database.dispose()
    return kept


def _replay(made: Network, recorded: Statements) -> float:
    database = made.copy("bench_bare")
    address = database.url(Door.CARE).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        connection.prepare_threshold = 2
        began = time.perf_counter()
        for sql, values in recorded:
            if sql == "COMMIT":
                connection.commit()
            else:
                cursor.execute(sql, values)
        took = time.perf_counter() - began
    database.dispose()
    return len(made.case_ids) / took
