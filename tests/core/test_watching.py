"""What is kept of a request for whoever runs the house: its route, and never its address, its query or its words."""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
import structlog
from fastapi.testclient import TestClient
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from application import build
from core import metrics, tracing
from core.database import Database, Door
from core.logs import KEYS, configure
from core.operation import state_of
from identity.actor import Actor
from identity.roles import Role
from identity.sign_in import issue_token
from tests.world import World

WORD = "kanarie"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    tracing.trace_with(provider)
    yield kept
    tracing.trace_with(None)


@pytest.fixture
def actor(world: World) -> Actor:
    return world.actor(Role.PHYSICIAN)


@pytest.fixture
def client(world: World, actor: Actor) -> TestClient:
    """Somebody with a token, who asks for what is not there."""
    with world.database.transaction(Door.IDENTITY) as session:
        token = issue_token(session, actor.email, None, world.database.settings)
    app = build(world.database.settings, world.database)
    return TestClient(app, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)


def test_a_line_in_the_log_has_the_route_and_nothing_of_the_address(
    client: TestClient, actor: Actor, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("INFO")
    try:
        case = uuid4()
        assert client.get(f"/api/v1/cases/{case}?q={WORD}", headers={"User-Agent": WORD}).status_code == 404
        assert client.get(f"/{WORD}/{case}").status_code == 404
        client.get("/arts/zoeken", headers={"Authorization": ""}, follow_redirects=False)
        assert client.get("/api/v1/audit/events").status_code == 403
        assert client.get("/api/v1/me").status_code == 200
    finally:
        structlog.reset_defaults()
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    found = [line for line in lines if line["event"] == "request"]
    assert [(line["route"], line["method"], line["status"], line["door"]) for line in found] == [
        ("/api/v1/cases/{case_id}", "GET", 404, "open"),
        ("-", "GET", 404, "public"),
        ("/arts/zoeken", "GET", 303, "care"),
        ("/api/v1/audit/events", "GET", 403, "open"),
        ("/api/v1/me", "GET", 200, "open"),
    ]
    asked_in_vain = str(actor.account_id)
    assert [line.get("account") for line in found] == [asked_in_vain, None, None, asked_in_vain, None]
    assert all(len(line["request"]) == 32 and line["seconds"] >= 0 for line in found)
    assert all(set(line) <= KEYS for line in lines)
    assert WORD not in written
    assert str(case) not in written


def test_a_span_has_what_is_on_the_list(client: TestClient, spans: InMemorySpanExporter) -> None:
    case = uuid4()
    client.get(f"/api/v1/cases/{case}?q={WORD}")
    made = spans.get_finished_spans()
    assert "GET /api/v1/cases/{case_id}" in {span.name for span in made}
    assert {name for span in made for name in span.attributes or {}} <= tracing.ATTRIBUTES
    everything = " ".join(span.to_json() for span in made)
    assert WORD not in everything
    assert str(case) not in everything
    statements = [span for span in made if span.kind is trace.SpanKind.CLIENT]
    assert statements
    assert all(span.parent is not None for span in statements)


def test_a_failing_statement_ends_its_span_without_its_words(database: Database, spans: InMemorySpanExporter) -> None:
    with pytest.raises(DBAPIError), database.transaction(Door.OPEN) as session:
        session.execute(text("SELECT CAST(:word AS integer)"), {"word": WORD})
    (failed,) = [span for span in spans.get_finished_spans() if span.status.status_code is trace.StatusCode.ERROR]
    assert WORD not in failed.to_json()
    assert failed.events == ()


def test_an_attribute_that_is_not_on_the_list_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        tracing.tell(trace.INVALID_SPAN, user="somebody")


def test_metrics_count_by_route(client: TestClient) -> None:
    client.get(f"/api/v1/cases/{uuid4()}?q={WORD}")
    given_out = metrics.exposition().decode()
    wanted = '{door="open",method="GET",route="/api/v1/cases/{case_id}",status="4xx"}'
    assert f"providerboog_requests_total{wanted}" in given_out
    assert WORD not in given_out


def test_labels_come_from_a_list() -> None:
    metrics.TURNED_AWAY.labels("line_full").inc(0)
    metrics.JOBS.labels("x", "done").inc(0)
    metrics.JOB_SECONDS.labels("x").observe(0)
    named = {name for metric in metrics.REGISTRY.collect() for sample in metric.samples for name in sample.labels}
    assert named
    assert named <= metrics.LABELS
    assert metrics.method_label(WORD) == "other"


def test_the_state_is_numbers(database: Database) -> None:
    state = state_of(database)
    assert {"jobs_waiting", "jobs_failed", "sealing_lag_seconds"} <= set(state)
    standing = metrics.Standing(database.pool_sizes, lambda: state)
    names = {metric.name for metric in standing.collect()}
    assert {"providerboog_pool_connections", "providerboog_database_up", "providerboog_jobs_waiting"} <= names


def test_without_a_database_the_metrics_say_so(database: Database) -> None:
    away = Database(database.settings, "postgresql://nobody@127.0.0.1:1/none")
    assert state_of(away) == {}
    found = {m.name: m.samples[0].value for m in metrics.Standing(away.pool_sizes, dict).collect() if m.samples}
    assert found["providerboog_database_up"] == 0
    assert "providerboog_jobs_waiting" not in found
