"""Builders that die in the middle of their work."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from search.document import OfferingDocument
from tests.search.sample_network import network


def endless(begun: Path) -> Iterator[OfferingDocument]:
    """Yield offerings slowly, for longer than any test waits; leave a file when some were taken."""
    for number, document in enumerate(network(100_000)):
        if number == 100:
            begun.touch()
        yield document
        time.sleep(0.001)


def kill_half_way(build: Callable[..., None], begun: Path, *where: Any) -> None:
    """Run `build` in a process of its own, and kill that when it has begun."""
    builder = multiprocessing.get_context("spawn").Process(target=build, args=(begun, *where))
    builder.start()
    deadline = time.monotonic() + 60
    while not begun.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    if builder.pid is None:
        raise RuntimeError("the builder did not start")
    os.kill(builder.pid, signal.SIGKILL)
    builder.join(timeout=30)
