"""Stands between our processes and PostgreSQL, and can cut every connection or let nothing through for a while."""

import selectors
import socket
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

PIECE = 1 << 16


class Proxy:
    """Listens on loopback and passes everything on to a socket of this machine."""

    def __init__(self, behind: Path) -> None:
        self._behind = behind
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port: int = self._listening.getsockname()[1]
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._flows = threading.Event()
        self._flows.set()
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._listening.close()
        self.cut()

    def cut(self) -> int:
        """Hang up on everybody, in the middle of whatever they said; return how many that were."""
        with self._lock:
            pairs = list(self._pairs)
        for pair in pairs:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        return len(pairs)

    def stall(self, seconds: float) -> None:
        """Let nothing through for a while; whoever waits, waits."""
        self._flows.clear()
        threading.Timer(seconds, self._flows.set).start()

    def _listen(self) -> None:
        while True:
            try:
                near, _address = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        far = socket.socket(socket.AF_UNIX)
        with near, far:
            try:
                far.connect(str(self._behind))
            except OSError:
                return
            with self._lock:
                self._pairs.add((near, far))
            with suppress(OSError):
                self._pass_on(near, far)
            with self._lock:
                self._pairs.discard((near, far))

    def _pass_on(self, near: socket.socket, far: socket.socket) -> None:
        with selectors.DefaultSelector() as waiting:
            waiting.register(near, selectors.EVENT_READ, far)
            waiting.register(far, selectors.EVENT_READ, near)
            while True:
                for key, _events in waiting.select():
                    self._flows.wait()
                    piece = key.fileobj.recv(PIECE)  # type: ignore[union-attr]
                    if not piece:
                        return
                    key.data.sendall(piece)
