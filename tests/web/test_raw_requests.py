"""Requests that two programs could read in two ways, over a bare socket to the real server: it reads them in none."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from application import build
from core.database import Database

HOST = b"Host: testserver\r\n"
ELSEWHERE = b"Host: elsewhere.example\r\n"
POST, GET = b"POST /api/v1/me HTTP/1.1\r\n" + HOST, b"GET /healthz HTTP/1.1\r\n" + HOST
CHUNKED, END, NEXT = b"Transfer-Encoding: chunked\r\n", b"\r\n0\r\n\r\n", b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"
AMBIGUOUS = {
    "both lengths": POST + b"Content-Length: 4\r\n" + CHUNKED + END + NEXT,
    "two lengths": POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    "one length twice": POST + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
    "a list of lengths": POST + b"Content-Length: 4, 4\r\n\r\nabcd",
    "a signed length": POST + b"Content-Length: +4\r\n\r\nabcd",
    "a length of sixteens": POST + b"Content-Length: 0x4\r\n\r\nabcd",
    "a space before the colon": POST + b"Transfer-Encoding : chunked\r\n" + END,
    "an unknown encoding": POST + b"Transfer-Encoding: xchunked\r\n" + END + NEXT,
    "chunked and then something": POST + CHUNKED + b"Transfer-Encoding: identity\r\n" + END,
    "a folded header": GET + b"X-A: b\r\n c\r\n\r\n",
    "a folded encoding": POST + b"Transfer-Encoding:\r\n chunked\r\n" + END,
    "bare line feeds": b"GET /healthz HTTP/1.1\nHost: testserver\n\n",
    "a bare line feed within": GET + b"X-A: b\nX-B: c\r\n\r\n",
    "a bare return within": GET + b"X-A: b\rX-B: c\r\n\r\n",
    "a nought within": GET + b"X-A: b\x00c\r\n\r\n",
    "a chunk of sixteens with its mark": POST + CHUNKED + b"\r\n0x1\r\nX\r\n0\r\n\r\n",
    "a line feed in a chunk's extension": POST + CHUNKED + b"\r\n1;a\nb\r\nX\r\n0\r\n\r\n",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.fixture(scope="module")
def port(database: Database) -> Iterator[int]:
    """The port of the real server, as `make serve` sets it up."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(build(database.settings, database), log_config=None, server_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    found: int = listening.getsockname()[1]
    yield found
    server.should_exit = True
    thread.join(timeout=30)
    listening.close()


def answers(port: int, raw: bytes) -> list[int]:
    """Return the statuses of what comes back before the server closes; the request asks it to."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(raw)
        came = b""
        while piece := connection.recv(65_536):
            came += piece
    return [int(part[:3]) for part in came.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_what_can_be_read_in_two_ways_is_refused(port: int, name: str) -> None:
    assert answers(port, AMBIGUOUS[name]) == [400]


@pytest.mark.parametrize(
    "hosts",
    [b"", HOST + b"Host: elsewhere.example\r\n", b"Host: elsewhere.example\r\n"],
    ids=["none", "two", "another"],
)
def test_a_request_for_no_host_of_ours_is_refused(port: int, hosts: bytes) -> None:
    assert answers(port, b"GET /account/sign-in HTTP/1.1\r\n" + hosts + b"Connection: close\r\n\r\n") == [421]


def test_a_body_of_a_request_is_never_the_next_request(port: int) -> None:
    inner = b"GET /account/sign-in HTTP/1.1\r\nX: y\r\n"
    head = GET + b"Content-Length: " + str(len(inner)).encode() + b"\r\nConnection: close\r\n\r\n"
    assert answers(port, head + inner) == [200]


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "DEBUG"])
def test_only_the_usual_methods_are_there(port: int, method: str) -> None:
    asked = f"{method} /account/sign-in HTTP/1.1\r\nHost: testserver\r\nConnection: close\r\n\r\n"
    assert answers(port, asked.encode())[0] in (400, 405)
