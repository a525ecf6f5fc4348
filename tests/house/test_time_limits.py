"""Nobody is waited for without end: every call that leaves the process says how long, or stands here with a reason."""

import ast
from pathlib import Path

from billing.paying.gateway_stripe import ANSWER_SECONDS, CONNECT_SECONDS, RETRIES
from core.database import Database, Door
from core.mail import TIMEOUT
from search.remote.server import ANSWER_SECONDS as SEARCH_SECONDS
from tests.house.sources import ROOT, modules

LEAVES = {
    "SMTP": "timeout",
    "SMTP_SSL": "timeout",
    "RequestsClient": "timeout",
    "HTTPConnection": "timeout",
    "HTTPSConnection": "timeout",
    "Client": "timeout",
    "AsyncClient": "timeout",
    "create_connection": "timeout",
    "urlopen": "timeout",
    "OTLPSpanExporter": "timeout",
    "PsycopgConnector": "timeout",
    "create_engine": "connect_args",
    "connect": "connect_timeout",
}
"""What makes a connection, and the argument that bounds it."""

WITHIN_OURSELVES = {
    "commands/opening.py": "the embedded server, which its starter has just seen answer",
    "bench": "measures; nobody waits for it",
}


def unbounded() -> list[str]:
    """Return every call that could wait for ever, with its place."""
    found = []
    for file, module in modules().items():
        place = file.relative_to(ROOT).as_posix()
        if any(place.startswith(name) for name in WITHIN_OURSELVES):
            continue
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and (fault := lacks(node)):
                found.append(f"{place}:{node.lineno} {fault}")
    return found


def lacks(call: ast.Call) -> str | None:
    """Return which bound a call lacks; `engine.connect()` takes from a pool and `store.connect(file)` opens a file."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    bound = LEAVES.get(name)
    given = {keyword.arg for keyword in call.keywords}
    if bound is None or bound in given or "timeout" in given:
        return None
    if name == "connect" and ast.unparse(call.func) != "psycopg.connect":
        return None
    return f"{name} without {bound}"


def test_every_call_that_leaves_the_process_has_a_limit_in_time() -> None:
    assert unbounded() == []


def test_what_is_without_a_limit_is_found() -> None:
    for call in ("smtplib.SMTP(host, 25)", "httpx2.Client()", "psycopg.connect(url)", "create_engine(url)"):
        assert lacks(ast.parse(call).body[0].value) is not None  # type: ignore[attr-defined]
    assert lacks(ast.parse("engine.connect()").body[0].value) is None  # type: ignore[attr-defined]


def test_the_limits_are_seconds() -> None:
    assert TIMEOUT <= 30
    assert SEARCH_SECONDS <= 15
    assert (CONNECT_SECONDS + ANSWER_SECONDS) * (RETRIES + 1) <= 60


def test_every_door_has_a_bounded_pool_and_a_limit_on_statements(database: Database) -> None:
    for door in Door:
        engine = database.engine(door)
        assert engine.pool.size() <= 100  # type: ignore[attr-defined]
        assert engine.pool._max_overflow == 0  # type: ignore[attr-defined]
        assert engine.pool._timeout <= 10  # type: ignore[attr-defined]
        with engine.connect() as connection:
            for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
                assert connection.exec_driver_sql(f"SHOW {setting}").scalar_one() != "0"


def test_the_list_of_exceptions_is_of_files_that_exist() -> None:
    assert all(Path(ROOT, name).exists() for name in WITHIN_OURSELVES)
