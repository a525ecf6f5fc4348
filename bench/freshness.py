"""How long a change of one offering takes until it is found, while others search."""

import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from api.open.offering_out import OfferingChangeIn
from bench.clients import Caller, Drive, drive, get
from bench.network import Network
from bench.process import Running, started
from bench.report import Figure

OFFERINGS = "/api/v1/offerings"
CLIENTS = 8
CHANGES = 5
PAUSE = 0.02
LONGEST = 60.0  # seconds


def measure(made: Network, app: Running, load: Sequence[bytes], folder: Path, offerings: int) -> list[Figure]:
    """Change the title of an offering a few times and return the longest time until the new one was found."""
    with started("main.py", "worker", **made.environment(folder)), _busy(app, load):
        _change(made, app, "aanloop")  # the worker is still starting
        took = [_change(made, app, f"meting{uuid4().hex[:10]}") for _nth in range(CHANGES)]
    goal = 2.0 if offerings == 100_000 else None
    return [Figure(f"{offerings:>9,} a change is found, with 8 clients searching, at most", max(took), "s", goal)]


@contextmanager
def _busy(app: Running, load: Sequence[bytes]) -> Iterator[None]:
    """Let clients search until the block ends."""
    done = Event()

    def search() -> None:
        end = time.monotonic() + CHANGES * LONGEST
        while not done.is_set() and time.monotonic() < end:
            drive(app.port, load[:: CLIENTS // 2], CLIENTS, Drive())

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(search)
        try:
            yield
        finally:
            done.set()
            running.result()


def _change(made: Network, app: Running, word: str) -> float:
    """Give the offering a new title, have it approved, and wait until the title is found, but not for ever."""
    address = f"{OFFERINGS}/{made.offering_id}"
    known = _ask(app, made.provider_token, "GET", address)
    changed = {name: known[name] for name in OfferingChangeIn.model_fields if name in known} | {
        "title": f"Psychologische interventie {word}",
        "price": known["price"],
        "wait": {"stated_days": known["wait"]["stated_days"]},
    }
    version = _ask(app, made.provider_token, "PUT", address, changed)["version"]
    _ask(app, made.manager_token, "POST", f"{address}/approve", {"version": version})
    began, caller = time.monotonic(), Caller(app.port)
    question = get(f"{OFFERINGS}?{urlencode({'q': word})}", Authorization=f"Bearer {made.token}")
    while not json.loads(caller.ask(question))["results"] and time.monotonic() - began < LONGEST:
        time.sleep(PAUSE)
    return time.monotonic() - began


def _ask(app: Running, token: str, method: str, address: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    connection = app.connect()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request(method, address, json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{method} {address} was answered with {answer.status}: {content[:300]!r}")
    found: dict[str, Any] = json.loads(content)
    return found
