"""People who ask at the same time: connections that stay open, each asking the next question once it has its answer."""

import socket
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

PATIENCE = 60.0  # seconds
PIECE = 1 << 16


class Caller:
    """One connection. What a library would do around it costs more than some of the answers that are measured here."""

    def __init__(self, port: int) -> None:
        """Connect."""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> bytes:
        """Return the body of the answer; raises RuntimeError when it is not 200."""
        self._socket.sendall(request)
        answer = self._socket.recv(PIECE)
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _end, body = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{request[:200]!r} was answered with {head[:200]!r}")
        pieces, missing = [body], _length(head) - len(body)
        while missing > 0:
            pieces.append(self._more())
            missing -= len(pieces[-1])
        return b"".join(pieces)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _more(self) -> bytes:
        piece = self._socket.recv(PIECE)
        if not piece:
            raise RuntimeError("the server hung up")
        return piece


@dataclass
class Drive:
    """What came of many questions: how long they took together, and each of them, in seconds."""

    seconds: float = 0.0
    each: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.each) / self.seconds

    def percentile(self, part: float) -> float:
        """Return the time in milliseconds within which this part of the answers came."""
        return percentile(self.each, part)


def drive(port: int, requests: Sequence[bytes], clients: int, into: Drive) -> None:
    """Ask every request once, spread over so many clients, and add what it took to `into`."""
    waiting = deque(requests)

    def work() -> list[float]:
        caller = Caller(port)
        took: list[float] = []
        while True:
            try:
                request = waiting.popleft()
            except IndexError:
                caller.close()
                return took
            began = time.perf_counter()
            caller.ask(request)
            took.append(time.perf_counter() - began)

    with ThreadPoolExecutor(clients) as pool:
        began = time.perf_counter()
        for future in [pool.submit(work) for _client in range(clients)]:
            into.each += future.result()
        into.seconds += time.perf_counter() - began


def percentile(each: Sequence[float], part: float) -> float:
    """Return the value in milliseconds that this part of the times in seconds does not exceed."""
    return sorted(each)[min(len(each) - 1, int(len(each) * part))] * 1000


def get(path: str, **headers: str) -> bytes:
    """Return a request for a page."""
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise RuntimeError("an answer without a length")
