"""Routers that are asked only about addresses that may be theirs: walking past all routes of all roles takes time."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.routing import Match
from starlette.types import Scope

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Keep = Callable[[Response], None]
KEY = "idempotency-key"


class Route(APIRoute):
    """A route whose answer can be kept in the transaction that it tells of.

    Where a client gives a key to an act, `request.state.asked` holds what is asked, for the guard to know it again. The
    guard puts into `request.state.keep` what wants to see the answer. It is called when the answer is
    made and before the transaction commits, so that neither is there without the other.
    """

    def get_route_handler(self) -> Handler:
        """Return what answers a request."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            if request.method == "POST" and KEY in request.headers:
                request.state.asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
                request.state.asked += await request.body()
            response = await inner(request)
            keep: Keep | None = getattr(request.state, "keep", None)
            if keep is not None:
                await run_in_threadpool(keep, response)
            return response

        return handler


class Section(APIRouter):
    """Routes that share the beginning of their address; `prefix` may itself stand below that of another section."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"route_class": Route} | options)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Look among the routes only where the fixed part of the prefix stands in the address."""
        if self.prefix.partition("{")[0] in scope["path"]:
            return super().matches(scope)
        return Match.NONE, {}
