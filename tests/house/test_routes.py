"""No route without a guard; what is public is listed here by name."""

import inspect
from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from application import build
from core.database import Database, Door
from core.settings import Settings
from identity.policy import Permission
from portal.csrf import protect

PUBLIC = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/account/sign-in"),
    ("POST", "/account/sign-in"),
    ("GET", "/account/tweede-stap"),
    ("POST", "/account/tweede-stap"),
    ("POST", "/account/tweede-stap/passkey"),
    ("GET", "/account/instellen"),
    ("POST", "/account/instellen/app"),
    ("POST", "/account/instellen/passkey"),
    ("GET", "/account/wachtwoord-vergeten"),
    ("POST", "/account/wachtwoord-vergeten"),
    ("GET", "/account/link/{link_id}/{seal}"),
    ("POST", "/account/link/{link_id}/{seal}"),
    ("GET", "/account/aanbieder/{provider_id}"),
    ("GET", "/account/aanbieder/{provider_id}/terug"),
    ("GET", "/account/rol"),
    ("POST", "/account/rol"),
    ("POST", "/account/demo"),
    ("POST", "/account/sign-out"),
    ("POST", "/account/language"),
    ("GET", "/zoekvolgorde"),
    ("POST", "/api/v1/webhooks/payments"),
    ("GET", "/agenda/{secret}.ics"),
    ("GET", "/agenda/zorg/{secret}.ics"),
}


OPENS_ITS_OWN_DOOR = {"/agenda/{secret}.ics", "/agenda/zorg/{secret}.ics"}
"""Addresses that are secrets themselves: nobody is signed in, and a test of its own asks on which side each answers."""


KEEPS_KEYS = {f"portal.account.{page}" for page in ("password", "people", "provider_links", "security", "tokens")}
"""Where somebody keeps the keys of his own account, which no other door sees."""


@pytest.fixture(scope="module")
def routes(database: Database) -> list[RouteContext]:
    app = build(database.settings, database)
    return [found for found in iter_route_contexts(app.routes) if isinstance(found.original_route, APIRoute)]


def dependants(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from dependants(each)


def permissions_of(route: RouteContext) -> tuple[Permission, ...]:
    calls = (each.call for each in dependants(route.dependant))
    return tuple(permission for call in calls for permission in getattr(call, "permissions", ()))


def door_of(route: RouteContext) -> Door | None:
    doors = {getattr(each.call, "door", None) for each in dependants(route.dependant)} - {None}
    return doors.pop() if doors else None


def test_every_route_has_a_guard(routes: list[RouteContext]) -> None:
    assert len(routes) > 20
    unguarded = {
        (method, route.path) for route in routes if not permissions_of(route) for method in route.methods or ()
    }
    assert unguarded == PUBLIC
    assert all(getattr(r.endpoint, "public", False) for r in routes if not permissions_of(r))


def test_the_door_follows_the_path(routes: list[RouteContext]) -> None:
    """R18."""
    for route in routes:
        module = inspect.getmodule(route.endpoint)
        assert module is not None
        door = door_of(route)
        if route.path in OPENS_ITS_OWN_DOOR:
            continue
        if ".care." in module.__name__:
            assert door == Door.CARE, route.path
        elif module.__name__ in KEEPS_KEYS:
            assert door == Door.IDENTITY, route.path
        elif door is not None:
            assert door == Door.OPEN, route.path


def test_every_form_is_checked(routes: list[RouteContext]) -> None:
    posts = [route for route in routes if "POST" in (route.methods or ()) and not str(route.path).startswith("/api/")]
    assert posts
    for route in posts:
        assert any(each.call is protect for each in dependants(route.dependant)), route.path


def test_routes_are_plain_functions(routes: list[RouteContext]) -> None:
    assert [route.path for route in routes if inspect.iscoroutinefunction(route.endpoint)] == []


def test_demo_sign_in_is_not_there_outside_the_demo(database: Database) -> None:
    assert isinstance(database.settings, Settings)
    assert not database.settings.demo
