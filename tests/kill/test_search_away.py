"""A search server that is away, fails, hangs up half way or takes too long: people search on, in the database."""

import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from fastapi.testclient import TestClient

import search.remote.server
from application import build
from bench.process import free_port
from core.database import Door
from identity.roles import Role
from identity.sign_in import issue_token
from tests.world import World

Mood = Callable[[BaseHTTPRequestHandler], None]
LONGEST = 6.0  # seconds for an answer, with a second for each thing that is asked of the server


def fails(request: BaseHTTPRequestHandler) -> None:
    request.send_response(500)
    request.send_header("Content-Length", "0")
    request.end_headers()


def hangs_up(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "4000")
    request.send_header("Content-Type", "application/json")
    request.end_headers()
    request.wfile.write(b'{"results": [')
    request.close_connection = True


def takes_too_long(_request: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def says_nonsense(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "9")
    request.end_headers()
    request.wfile.write(b"<nothing>")


@pytest.fixture
def mood() -> Iterator[tuple[str, list[Mood]]]:
    """A server, and how it answers."""
    moods: list[Mood] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            moods[0](self)

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *_arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", moods
    server.shutdown()
    server.server_close()


def client(world: World, url: str) -> TestClient:
    settings = world.database.settings.model_copy(update={"meilisearch_url": url})
    with world.database.transaction(Door.IDENTITY) as session:
        token = issue_token(session, world.actor(Role.PHYSICIAN).email, None, settings)
    app = build(settings, world.database)
    return TestClient(app, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)


def test_people_search_on(world: World, mood: tuple[str, list[Mood]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search.remote.server, "ANSWER_SECONDS", 1)
    url, moods = mood
    asks = client(world, url)
    for each in (fails, hangs_up, takes_too_long, says_nonsense):
        moods[:] = [each]
        began = time.monotonic()
        answer = asks.get("/api/v1/offerings", params={"q": "rug"})
        assert answer.status_code == 200, (each.__name__, answer.text)
        assert time.monotonic() - began < LONGEST, each.__name__


def test_also_where_nobody_listens(world: World) -> None:
    asks = client(world, f"http://127.0.0.1:{free_port()}")
    assert asks.get("/api/v1/offerings", params={"q": "rug"}).status_code == 200
    assert asks.get("/readyz").json() == {"status": "ready", "search": "database"}
