"""What goes wrong between this program and a Meilisearch server has one name, and the database answers instead."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from search.embedded.engine import TantivyEngine
from search.engines import engine_for
from search.gateway import IndexUnavailable
from search.query import SearchFilters
from search.remote import server
from search.remote.engine import MeilisearchEngine
from search.remote.expressions import equal, plain
from search.remote.spelling import errors_between
from tests.conftest import settings_for_tests
from tests.network.offers import add_provider
from tests.search.indexed import Network, ids
from tests.search.sample_network import TENANT, offering
from tests.world import World

QUERY = SearchFilters(q="mediation").for_tenant(TENANT)
NOWHERE = "http://127.0.0.1:9"


@contextmanager
def answering(status: int, body: bytes, wait: Event | None = None) -> Iterator[str]:
    """Run a server that gives everybody the same answer; return its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if wait is not None:
                wait.wait(20)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def do_PATCH(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = Thread(target=running.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_address[1]}"
        finally:
            if wait is not None:
                wait.set()
            running.shutdown()
            thread.join(5)


def everything_says_so(engine: MeilisearchEngine) -> None:
    assert not engine.is_ready()
    with pytest.raises(IndexUnavailable, match="antwoordt niet"):
        engine.search(QUERY)
    with pytest.raises(IndexUnavailable):
        engine.upsert([offering()])
    with pytest.raises(IndexUnavailable):
        engine.remove([offering().offering_id])
    with pytest.raises(IndexUnavailable):
        engine.rebuild(iter(()))
    with pytest.raises(IndexUnavailable):
        engine.count()


@pytest.mark.parametrize("url", [NOWHERE, "http://no-such-host.invalid", "not an address", "ftp://127.0.0.1"])
def test_a_server_that_is_not_there(url: str) -> None:
    everything_says_so(MeilisearchEngine(url, "key", "offerings"))


@pytest.mark.parametrize("status", [200, 403, 500, 502, 503])
@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", b"{}", b"[]", b'{"results": 1}', b"null"])
def test_a_server_that_is_something_else(status: int, body: bytes) -> None:
    with answering(status, body) as url:
        everything_says_so(MeilisearchEngine(url, "key", "offerings"))


def test_a_server_that_does_not_answer_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "ANSWER_SECONDS", 0.2)
    with answering(200, b"{}", Event()) as url, pytest.raises(IndexUnavailable, match="antwoordt niet"):
        MeilisearchEngine(url, "key", "offerings").search(QUERY)


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_a_task_that_fails(status: str) -> None:
    task = {"taskUid": 1, "indexUid": None, "status": "enqueued", "type": "x", "enqueuedAt": "2026-01-01T00:00:00.1Z"}
    with answering(200, json.dumps(task | {"uid": 1, "status": status}).encode()) as url:
        there = server.Server(url, "key")
        with pytest.raises(IndexUnavailable, match="niet verwerkt"):
            there.finish(there.put("offerings", [{"id": "1"}]))


def test_the_key_is_in_no_text_of_the_server() -> None:
    assert "secret-key" not in repr(server.Server(NOWHERE, "secret-key"))


def test_without_the_server_the_database_answers(world: World, tmp_path: Path) -> None:
    network = Network(world, TantivyEngine(tmp_path / "index"))
    network.engine.rebuild(iter(()))
    offering_id = network.offer(add_provider(world), title="Mediation")
    found = Network(world, MeilisearchEngine(NOWHERE, "key", "offerings")).find(q="mediation")
    assert (found.degraded, ids(found)) == (True, [offering_id])


def test_the_setting_names_the_engine(tmp_path: Path) -> None:
    settings = settings_for_tests(tmp_path)
    assert isinstance(engine_for(settings), TantivyEngine)
    named = settings.model_copy(update={"meilisearch_url": NOWHERE, "meilisearch_api_key": SecretStr("key")})
    assert isinstance(engine_for(named), MeilisearchEngine)
    assert engine_for(named) is engine_for(named)
    assert isinstance(engine_for(settings.model_copy(update={"meilisearch_url": ""})), TantivyEngine)


@given(st.text())
def test_a_value_cannot_end_its_quotation(value: str) -> None:
    assert not set('"\\') & set(plain(value))
    assert equal("text", value) == f'text = "{plain(value)}"'


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("coaching", "coaching", 0),
        ("coachin", "coaching", 1),
        ("coachng", "coaching", 1),
        ("coachimg", "coaching", 1),
        ("medaition", "mediation", 1),
        ("loonwardeonderzok", "loonwaardeonderzoek", 2),
        ("", "ab", 2),
        ("ab", "ba", 1),
        ("abc", "cab", 2),
        ("coaching", "mediation", 3),
    ],
)
def test_typing_errors_between_words(one: str, other: str, errors: int) -> None:
    assert min(errors_between(one, other, 2), 3) == errors
    assert min(errors_between(other, one, 2), 3) == errors


letters = st.text("abc", max_size=7)


@given(letters, letters, st.integers(0, 2))
def test_stopping_early_changes_no_answer(one: str, other: str, most: int) -> None:
    exact = errors_between(one, other, 99)
    assert min(errors_between(one, other, most), most + 1) == min(exact, most + 1)
    assert exact == errors_between(other, one, 99)
    assert (exact == 0) == (one == other)
