"""Calls out of the house: where they may go, how long they may take, and how much they may bring."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from threading import Event, Thread
from time import monotonic

import pytest

from core.outward import Outward, UnreachableError, is_outside

INSIDE = (
    "127.0.0.1", "127.9.9.9", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:db8::1",
)  # fmt: skip


@contextmanager
def answering(*parts: bytes, pause: float = 0.0) -> Iterator[str]:
    """A server on loopback that answers with these parts, one after the other; yields its address."""
    ends = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def serve() -> None:
            try:
                line, _peer = server.accept()
            except OSError:
                return
            with line:
                line.settimeout(10)
                try:
                    line.recv(65_536)
                    for part in parts:
                        line.sendall(part)
                        ends.wait(pause)
                except OSError:
                    return

        thread = Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/there"
        ends.set()
    thread.join(10)


def why(outward: Outward, address: str) -> str:
    with pytest.raises(UnreachableError) as refused:
        outward.fetch(address)
    return refused.value.why


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_inside_is_called(address: str) -> None:
    assert not is_outside(ip_address(address))
    literal = f"[{address}]" if ":" in address else address
    assert why(Outward(), f"https://{literal}/") == "not outside"


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_the_public_internet_is_outside(address: str) -> None:
    assert is_outside(ip_address(address))


def test_a_name_is_judged_by_every_address_that_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: both)
    assert why(Outward(), "https://login.example.nl/") == "not outside"


def test_the_call_goes_to_the_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that points elsewhere a moment later gains nothing."""
    asked, called = [], []

    def look_up(*_a: object, **_k: object) -> list[object]:
        asked.append(1)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1" if len(asked) == 1 else "127.0.0.1", 443))]

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert why(Outward(), "https://login.example.nl/") == "ConnectionRefusedError"
    assert (called, len(asked)) == ([("1.1.1.1", 443)], 1)


@pytest.mark.parametrize(
    "address",
    ["http://1.1.1.1/", "ftp://1.1.1.1/", "file:///etc/passwd", "https:///x", "https://a@1.1.1.1/", "https://[::1/",
     "https://1.1.1.1/\r\nX: y", "//1.1.1.1/", "https://1.1.1.1:99999/"],
)  # fmt: skip
def test_only_a_plain_safe_address_is_called(address: str) -> None:
    assert why(Outward(), address) in ("no address", "no safe address")


def test_loopback_is_called_where_the_operator_allows_it_and_nothing_else_then() -> None:
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") as address:
        assert Outward(loopback=True).fetch(address) == b"{}"
    assert why(Outward(loopback=True), "http://10.0.0.1/") == "not outside"
    assert why(Outward(loopback=True), "http://1.1.1.1/") == "not outside"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "204 None", "404 None", "500 Fault"])
def test_it_is_led_nowhere_else(status: str) -> None:
    with answering(
        f"HTTP/1.1 {status}\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n".encode()
    ) as address:
        assert why(Outward(loopback=True), address) == f"status {status[:3]}"


def test_it_brings_no_more_than_it_may() -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    with answering(head, b"x" * 101) as address:
        assert why(Outward(loopback=True, largest=100), address) == "too large"
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n", b"x" * 20) as address:
        assert why(Outward(loopback=True), address) in ("cut off", "IncompleteRead")


def test_it_takes_no_longer_than_it_may_however_slowly_the_answer_comes() -> None:
    began = monotonic()
    with answering(*[b"HTTP/1.1 200 OK\r\nX: y"[i : i + 1] for i in range(20)], pause=0.1) as address:
        why(Outward(loopback=True, seconds=0.4), address)
    with answering(pause=5) as address:
        why(Outward(loopback=True, seconds=0.4), address)
    assert monotonic() - began < 4
