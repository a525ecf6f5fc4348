"""Watches every request from outside: a line in the log, a span and the metrics of it, by the template of its route."""

import time
from collections.abc import Mapping
from uuid import uuid4

import structlog
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from opentelemetry.trace import SpanKind
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import metrics
from core.tracing import spanning, tell

log = structlog.get_logger()

NO_ROUTE = "-"
QUIET = frozenset({"/healthz", "/readyz", "/static"})
"""Routes that are asked all the time and say little: they are counted and leave no line."""
REFUSED = frozenset({401, 403, 404, 429})
"""What somebody who is signed in gets for what is not his; whether it exists is not told, so not found counts too."""


class Watched:
    """Sees each request go in and its answer come out; of the address it keeps what the programmer wrote."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = metrics.method_label(scope["method"])
        with structlog.contextvars.bound_contextvars(request=uuid4().hex), spanning(method, SpanKind.SERVER) as span:
            try:
                await self.app(scope, receive, noted)
            finally:
                route, door = route_of(scope), door_of(scope)
                seconds = time.perf_counter() - began
                metrics.REQUESTS.labels(route, method, f"{status // 100}xx", door).inc()
                metrics.SECONDS.labels(route, door).observe(seconds)
                span.update_name(f"{method} {route}")
                tell(
                    span,
                    http_request_method=method,
                    http_route=route,
                    http_response_status_code=status,
                    providerboog_door=door,
                )
                if route not in QUIET:
                    who = refused(scope, status)
                    took = round(seconds, 4)
                    log.info("request", route=route, method=method, status=status, door=door, seconds=took, **who)


def refused(scope: Scope, status: int) -> dict[str, str]:
    """Return who was refused, by the number of his account, for whoever looks into attempts; of others nothing."""
    account = scope.get("state", {}).get("account")
    return {"account": str(account)} if account is not None and status in REFUSED else {}


def route_of(scope: Scope) -> str:
    """Return the whole template of the route that answered, such as "/api/v1/cases/{case_id}"; "-" for none.

    A route itself knows only what stands in its own section, so each is looked up where all of them come together.
    """
    route = scope.get("route")
    if route is None:
        return "/static" if scope["path"].startswith("/static/") else NO_ROUTE
    return templates_of(scope["app"]).get(id(route), NO_ROUTE)


def templates_of(app: FastAPI) -> Mapping[int, str]:
    """Return the whole template of each route of an app, worked out once."""
    known: Mapping[int, str] | None = getattr(app.state, "templates", None)
    if known is None:
        every = iter_route_contexts(app.routes)
        known = app.state.templates = {id(each.original_route): each.path for each in every if each.path is not None}
    return known


def door_of(scope: Scope) -> str:
    """Return behind which door the route stands: care, open, account or public."""
    module = getattr(scope.get("endpoint"), "__module__", "")
    for door in ("care", "open", "account"):
        if f".{door}." in f"{module}.":
            return door
    return "public"
