"""Walks every route of the app as somebody, and looks for needles in whatever comes back, however it is written."""

import atexit
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from uuid import UUID

from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from httpx2 import Response
from pypdf import PdfReader
from starlette.testclient import TestClient

from core.database import Door, enter
from identity.actor import Actor
from identity.guard import COOKIE
from identity.policy import Permission
from identity.roles import Role
from identity.sign_in import issue_token
from identity.visits import begin_visit, prove, visit_of
from tests.house.test_routes import dependants
from tests.wall.written import Needles

TAXONOMY = ("/api/v1/causes", "/api/v1/interventions")
"""The taxonomy is the same for everybody and says nothing of anybody."""

PUBLIC_AS = Role.EMPLOYER
"""Who tries the routes without a guard: of all roles the one that may know least."""

DESCRIPTION = "/openapi.json"
"""The description of the API is made of the code alone, and takes long to make: one walk of the canaries reads it."""


@dataclass(frozen=True)
class Call:
    """One request: its method and address, and the route that it is for."""

    method: str
    url: str
    route: str = field(default="", compare=False)


def calls(app: FastAPI, ids: tuple[UUID, ...], role: Role, *, refused: bool = True) -> Iterator[Call]:
    """Yield every route with every id in each of its places.

    Where the guard does not let `role` in, it has not looked at the id yet: one id will do, or none without `refused`.
    Nor has a page that is sent what is no form. A route without a guard does not ask who comes: one role tries all ids.
    """
    for route in iter_route_contexts(app.routes):
        admitted = lets_in(route, role)
        if not admitted and not refused:
            continue
        path = getattr(route, "path_format", None) or ""
        for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
            if "{" not in path:
                yield Call(method, path, path)
                continue
            looks = admitted and (method == "GET" or path.startswith("/api/")) and (role == PUBLIC_AS or guards(route))
            for value in ids if looks else ids[:1]:
                yield Call(method, _filled(path, value), path)


def lets_in(route: RouteContext, role: Role) -> bool:
    """Tell whether the guard of a route lets `role` pass; a route without a guard lets everybody."""
    return all(any(role in permission.roles for permission in held) for held in guards(route))


def guards(route: RouteContext) -> list[tuple[Permission, ...]]:
    """Return for each guard of a route the permissions of which it wants one."""
    if not isinstance(route.original_route, APIRoute):
        return []
    held = (getattr(each.call, "permissions", None) for each in dependants(route.dependant))
    return [each for each in held if each is not None]


def _filled(path: str, value: UUID) -> str:
    parts = [str(value) if part.startswith("{") and part.endswith("}") else part for part in path.split("/")]
    return "/".join(str(value) + part[part.index("}") + 1 :] if part.startswith("{") else part for part in parts)


@cache
def event_loop() -> BlockingPortal:
    """Return the one loop in which all visitors of this process are served: by itself a client begins one each time."""
    running = ExitStack()
    atexit.register(running.close)
    return running.enter_context(start_blocking_portal())


class Visitor:
    """Somebody with a browser and a token."""

    def __init__(self, app: FastAPI, actor: Actor) -> None:
        self.client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
        self.client.portal = event_loop()
        database, settings = app.state.database, app.state.settings
        with database.transaction(Door.IDENTITY) as session:
            enter(session, Door.IDENTITY, actor.context)
            assert actor.membership_id is not None
            visit = visit_of(session, begin_visit(session, actor.membership_id))
            assert visit is not None
            self.client.cookies.set(COOKIE, prove(session, visit, settings, "walk", "walk"))
            token = issue_token(session, actor.email, actor.role, settings)
        self.token = {"Authorization": f"Bearer {token}"}

    def form_token(self) -> str:
        """Return the token of the forms on a page that everybody who is signed in may open."""
        page = self.client.get("/account/beveiliging").text
        return page.split('name="csrf_token" value="')[1].split('"')[0]

    def ask(self, call: Call) -> Response:
        """Make a call: JSON with the token, pages with the cookie."""
        headers = self.token if call.url.startswith("/api/") else {}
        return self.client.request(call.method, call.url, headers=headers, json={} if call.method != "GET" else None)


def found_in(response: Response, needles: frozenset[str], asked: str) -> set[str]:
    """Return the needles that a response contains: in headers or body, plain, encoded, or inside a PDF."""
    return looked_through(response, Needles(needles), asked)


def looked_through(response: Response, needles: Needles, asked: str) -> set[str]:
    """Return the same; needles that are looked for more than once are made ready once."""
    found = needles.found((str(response.headers), response.text, *_inside(response)))
    return {needle for needle in found if needle.casefold() not in asked.casefold()}


def _inside(response: Response) -> Iterator[str]:
    if not response.content.startswith(b"%PDF"):
        return
    reader = PdfReader(BytesIO(response.content))
    yield from (page.extract_text() for page in reader.pages)
    yield str(reader.metadata)
    yield str(reader.xmp_metadata.stream.get_data() if reader.xmp_metadata else "")
    for contents in reader.attachments.values():
        yield from (content.decode("utf-8", "replace") for content in contents)
    for piece in response.content.split(b"stream")[1:]:
        try:
            yield zlib.decompressobj().decompress(piece.strip(b"\r\n")).decode("latin-1")
        except zlib.error:
            continue
