"""Going away in good order: a process that is asked to stop says so at /readyz, and goes on for a while before it
does, so that nobody is sent to it when it does not listen any more."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import current_thread, main_thread
from types import FrameType

from fastapi import FastAPI


@asynccontextmanager
async def in_good_order(app: FastAPI) -> AsyncIterator[None]:
    """Stand between the signal to stop and the server, which closes its door at once when it hears of it."""
    if current_thread() is main_thread():
        _stand_between(app, signal.SIGTERM)
        _stand_between(app, signal.SIGINT)
    yield


def _stand_between(app: FastAPI, number: signal.Signals) -> None:
    stop, loop = signal.getsignal(number), asyncio.get_running_loop()

    def leave(asked: int, frame: FrameType | None) -> None:
        """Begin to leave; whoever asks a second time does not wait."""
        if not callable(stop):
            return
        wait = 0.0 if app.state.readiness.leaving else app.state.settings.drain_seconds
        app.state.readiness.leaving = True
        if wait:
            loop.call_soon_threadsafe(loop.call_later, wait, stop, asked, None)
        else:
            stop(asked, frame)

    signal.signal(number, leave)
