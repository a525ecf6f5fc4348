"""Whom the house depends on outside, in a bad mood: a payment provider and a mail server that are slow, fail or hang
up half way. What they really did, they remember."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from random import Random
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import Response

from bench.process import free_port
from tests.stripe.stand_in import StandIn, served

Mood = Callable[[], Response | None]


def slow() -> Response | None:
    """Answer after a second."""
    time.sleep(1)
    return None


def failing() -> Response | None:
    """Have done it, and say that something went wrong."""
    return Response("{}", 500)


def cut_off() -> Response | None:
    """Have done it, and hang up in the middle of the answer."""
    return Response(b'{"id": "cs_', 200, {"Content-Length": "4000"})


MOODS: tuple[Mood, ...] = (slow, failing, cut_off)


class Letters:
    """A mail server that keeps what it took; `moods` is what it does with the next letters."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.moods: list[str] = []
        self._lock = threading.Lock()

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a letter, or not, or take it and hang up before saying so."""
        with self._lock:
            mood = self.moods.pop() if self.moods else ""
        if mood == "refuse":
            return "451 later"
        content = envelope.content
        name = message_from_bytes(content if isinstance(content, bytes) else b"")["Message-ID"]
        with self._lock:
            self.taken[str(name)] += 1
        if mood == "hang up":
            transport: Any = server.transport
            transport.abort()
        return "250 taken"


@contextmanager
def outside() -> Iterator[tuple[StandIn, Letters, str]]:
    """Serve both until the block ends; yields them, and the address of the mail server."""
    letters = Letters()
    mail = Controller(letters, hostname="127.0.0.1", port=free_port())
    mail.start()
    try:
        with served(StandIn()) as payments:
            yield payments, letters, f"smtp://127.0.0.1:{mail.port}?starttls=off"
    finally:
        mail.stop()


def sour(payments: StandIn, letters: Letters, chance: Random) -> str:
    """Put both in a mood for what comes next; returns which."""
    mood = chance.choice(MOODS)
    payments.trouble.append(mood)
    letters.moods.append(chance.choice(("refuse", "hang up")))
    return mood.__name__
