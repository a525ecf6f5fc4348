"""The gate: more clients than there is room for all get an answer soon, and none is forgotten."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import Refusal
from core.gate import Gate, Line

WORK_SECONDS = 0.02
Call = Callable[[], Coroutine[Any, Any, int]]


def refuse(_scope: Scope, refusal: Refusal) -> ASGIApp:
    return JSONResponse({}, refusal.status, {"Retry-After": "5"})


def asked(app: ASGIApp, path: str = "/work") -> Call:
    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def call() -> int:
        status = 0

        async def send(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)

        await app({"type": "http", "path": path, "method": "GET", "headers": []}, receive, send)
        return status

    return call


def gated(room: int, longest: int, patience: float, work: float = WORK_SECONDS) -> tuple[Call, Line, list[int]]:
    """Return a way to ask an app behind a gate, its line, and how many were ever inside together."""
    inside, most = 0, [0]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal inside
        inside += 1
        most[0] = max(most[0], inside)
        try:
            await asyncio.sleep(work)
        finally:
            inside -= 1
        await PlainTextResponse("done")(scope, receive, send)

    line = Line(room, longest, patience)
    return asked(Gate(app, line, refuse)), line, most


def test_everybody_who_finds_a_place_in_the_line_is_served() -> None:
    async def run() -> None:
        call, line, most = gated(room=4, longest=100, patience=5)
        assert await asyncio.gather(*(call() for _each in range(60))) == [200] * 60
        assert most == [4]
        assert line.at_work == 0

    asyncio.run(run())


def test_who_comes_beyond_the_line_is_told_at_once() -> None:
    async def run() -> None:
        call, line, _most = gated(room=2, longest=3, patience=5, work=0.2)
        began = time.monotonic()
        first = [asyncio.create_task(call()) for _each in range(5)]
        await asyncio.sleep(0)
        assert await asyncio.gather(*(call() for _each in range(200))) == [503] * 200
        assert time.monotonic() - began < 0.15  # before the first has come out
        assert await asyncio.gather(*first) == [200] * 5
        assert line.at_work == 0

    asyncio.run(run())


def test_nobody_waits_longer_than_he_is_asked_to() -> None:
    async def run() -> None:
        call, line, _most = gated(room=1, longest=10, patience=0.05, work=0.3)
        answers = await asyncio.gather(*(call() for _each in range(6)))
        assert sorted(answers) == [200] + [503] * 5
        assert line.at_work == 0
        assert await call() == 200

    asyncio.run(run())


def test_one_who_hangs_up_in_line_leaves_his_place() -> None:
    async def run() -> None:
        call, line, _most = gated(room=1, longest=1, patience=5, work=0.1)
        first = asyncio.create_task(call())
        second = asyncio.create_task(call())
        await asyncio.sleep(0.01)
        second.cancel()
        await asyncio.sleep(0)
        third = asyncio.create_task(call())
        assert [await first, await third] == [200, 200]
        assert line.at_work == 0

    asyncio.run(run())


def test_the_turn_ends_also_when_the_work_fails() -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ValueError("broken")

    async def run() -> None:
        line = Line(1, 1, 1)
        for _each in range(3):
            with pytest.raises(ValueError, match="broken"):
                await asked(Gate(broken, line, refuse))()
        assert line.at_work == 0

    asyncio.run(run())


def test_whether_it_lives_is_answered_however_busy_it_is() -> None:
    async def run() -> None:
        shut = Gate(PlainTextResponse("alive"), Line(0, 0, 1), refuse)
        assert await asked(shut, "/healthz")() == 200
        assert await asked(shut, "/other")() == 503

    asyncio.run(run())
