"""What a physician opens all day: his worklist when much waits, and a case with a long past."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter
from uuid import UUID

from sqlalchemy import event, text
from sqlmodel import Session

from bench.clients import percentile
from bench.history import piled_up
from bench.network import MASTER_KEYS, SECRET, Network
from bench.process import Running, running
from bench.report import Figure
from core.clock import today
from core.database import Database, Door, enter
from demo.stage import Stage
from identity.guard import COOKIE
from medical.referrals.list import worklist

CASES = 2_000
TWO_YEARS = timedelta(days=729)
EACH = 120
WARM_UP = 10
NAMES = (
    "  over the API",
    "  as a page",
    "timeline of a case with two years of history, over the API",
    "  the page of that case",
)
MOST_QUERIES = 4
MOST_MS = 150
HISTORY = text(
    "INSERT INTO cases.step_done (id, tenant_id, created_at, case_id, employer_id, step, week, done_on, done_by)"
    " SELECT gen_random_uuid(), c.tenant_id, now(), c.id, c.employer_id, step, week, current_date, c.opened_by"
    " FROM cases.absence_case c, generate_series(15, 40) step, generate_series(2, 100, 14) week WHERE c.id = :case"
)


def measure(made: Network) -> list[Figure]:
    """Return how long both take, over the API and as a page, and how many queries the worklist is."""
    database = made.copy("bench_reading")
    piled_up(database, CASES)
    case_id = _long_past(database, made.case_ids[0])
    queries, found = _queries(database)
    settings = {
        "DATABASE_URL": str(database.owner_url),
        "PROVIDERBOOG_SECRET_KEY": SECRET,
        "PROVIDERBOOG_MASTER_KEYS": MASTER_KEYS,
        "PROVIDERBOOG_DATA_DIR": str(made.settings.data_dir / "reading"),
    }
    with running("serve", **settings) as app:
        times = {path: _times(app, made, path) for path in _paths(case_id)}
    database.dispose()
    if found < CASES:
        raise RuntimeError(f"{found} referrals wait, and not {CASES}")
    named = zip(NAMES, times.values(), strict=True)
    return [
        Figure(f"worklist of a physician with {CASES:,} cases, queries", queries, "", MOST_QUERIES),
        *(figure for name, (each, cpu_ms) in named for figure in _figures(name, each, cpu_ms)),
    ]


def _figures(name: str, each: list[float], cpu_ms: float) -> tuple[Figure, ...]:
    """Return the answers of one address, and what they cost the app itself, which a busy machine does not stretch."""
    return (
        Figure(f"{name}, p50", percentile(each, 0.5), "ms"),
        Figure(f"{name}, p95", percentile(each, 0.95), "ms", MOST_MS),
        Figure("  processor time of the app for one answer", cpu_ms, "ms"),
    )


def _paths(case_id: UUID) -> tuple[str, str, str, str]:
    return "/api/v1/referrals/worklist", "/arts", f"/api/v1/cases/{case_id}/timeline", f"/arts/dossiers/{case_id}"


def _long_past(database: Database, case_id: UUID) -> UUID:
    """Let a case have begun two years ago, with everything done that comes by then."""
    with database.owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(
            text("UPDATE cases.sick_spell SET first_sick_day = :day WHERE case_id = :case"),
            {"day": today() - TWO_YEARS, "case": case_id},
        )
        connection.execute(HISTORY, {"case": case_id})
        connection.execute(
            text(
                "UPDATE medical.referral SET case_id = :case, employee_id ="
                " (SELECT employee_id FROM cases.absence_case WHERE id = :case)"
                " WHERE id IN (SELECT id FROM medical.referral WHERE state = 'reported' LIMIT 12)"
            ),
            {"case": case_id},
        )
    return case_id


def _queries(database: Database) -> tuple[int, int]:
    """Return how many questions the worklist asks of the database, and how long it is."""
    physician = Stage(database).actors["ba"]
    asked: list[str] = []
    with database.transaction(Door.CARE) as session:
        enter(session, Door.CARE, physician.context)
        with _listening(session, asked):
            found = worklist(session, physician).total
    return len(asked), found


@contextmanager
def _listening(session: Session, asked: list[str]) -> Iterator[None]:
    engine = session.get_bind()

    def heard(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", heard)
    yield
    event.remove(engine, "before_cursor_execute", heard)


def _times(app: Running, made: Network, path: str) -> tuple[list[float], float]:
    """Return how long each of many answers took, in seconds, and the processor time of one in milliseconds.

    The first ones only warm up.
    """
    connection, each = app.connect(), []
    headers = (
        {"Authorization": f"Bearer {made.token}"} if path.startswith("/api/") else {"Cookie": f"{COOKIE}={made.cookie}"}
    )
    before = 0.0
    for nth in range(EACH + WARM_UP):
        if nth == WARM_UP:
            before = app.cpu_seconds()
        began = perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        each.append(perf_counter() - began)
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered with {answer.status}: {content[:300]!r}")
        if path.startswith("/api/"):
            json.loads(content)
    return each[WARM_UP:], (app.cpu_seconds() - before) * 1000 / EACH
