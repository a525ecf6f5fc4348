"""The gate before the rooms: as many requests at once as there is room for, a short line, and a plain 503 beyond it.

Without it every request would take a thread and wait for a connection, until nobody is answered in time.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import metrics
from core.errors import Refusal, Unavailable
from core.language import _

Refuse = Callable[[Scope, Refusal], ASGIApp]
ALWAYS = ("/healthz", "/readyz", "/static/")
"""What is answered however busy it is."""


class Line:
    """Turns for `room` at once, in the order in which they were asked for; at most `longest` wait, each for
    `patience` seconds."""

    def __init__(self, room: int, longest: int, patience: float) -> None:
        self.room, self.longest, self.patience = room, longest, patience
        self.at_work = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> str | None:
        """Return None when it is one's turn, or why there is none: "line_full" at once, "waited" after a while."""
        if self.at_work < self.room:
            self._count(1)
            return None
        if len(self._waiting) >= self.longest:
            return "line_full"
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        metrics.IN_LINE.set(len(self._waiting))
        try:
            async with asyncio.timeout(self.patience):
                await turn
        except TimeoutError:
            self._give_up(turn)
            return "waited"
        except BaseException:
            self._give_up(turn)
            raise
        return None

    def leave(self) -> None:
        """Hand the turn to whoever waits longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            metrics.IN_LINE.set(len(self._waiting))
            if not turn.done():
                turn.set_result(None)
                return
        self._count(-1)

    def _give_up(self, turn: asyncio.Future[None]) -> None:
        if turn.done() and not turn.cancelled():  # it came at the very moment of going away
            self.leave()
        elif turn in self._waiting:
            self._waiting.remove(turn)
            metrics.IN_LINE.set(len(self._waiting))

    def _count(self, change: int) -> None:
        self.at_work += change
        metrics.AT_WORK.set(self.at_work)


class Gate:
    """Lets requests to the rooms in by turns; one that finds no room is told to come back."""

    def __init__(self, app: ASGIApp, line: Line, refuse: Refuse) -> None:
        self.app, self.line, self.refuse = app, line, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when it is its turn; the turn ends when the answer begins, for then the work is done."""
        if scope["type"] != "http" or scope["path"].startswith(ALWAYS):
            await self.app(scope, receive, send)
            return
        reason = await self.line.enter()
        if reason is not None:
            metrics.TURNED_AWAY.labels(reason).inc()
            busy = Unavailable(_("Het is nu te druk. Probeer het over een paar seconden weer."))
            await self.refuse(scope, busy)(scope, receive, send)
            return
        inside = True

        def leave() -> None:
            nonlocal inside
            if inside:
                inside = False
                self.line.leave()

        async def begun(message: Message) -> None:
            if message["type"] == "http.response.start":
                leave()
            await send(message)

        try:
            await self.app(scope, receive, begun)
        finally:
            leave()
