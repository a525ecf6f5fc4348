"""The guard at every route: who asks, through which door, and whether the policy lets him in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request
from sqlmodel import Session

from core.database import Database, Door
from core.errors import Unauthenticated
from core.language import _
from core.settings import Settings
from identity.actor import Actor
from identity.authentication import actor_of_cookie, actor_of_token
from identity.policy import Permission, require

COOKIE = "providerboog_session"


@dataclass(frozen=True)
class Work:
    """What a route works with: one transaction, and the actor on whose behalf it runs."""

    session: Session
    actor: Actor


def database_of(request: Request) -> Database:
    """Return the database of the app that serves this request."""
    found: Database = request.app.state.database
    return found


def settings_of(request: Request) -> Settings:
    """Return the settings of the app that serves this request."""
    found: Settings = request.app.state.settings
    return found


def client_of(request: Request) -> str:
    """Return what the audit trail keeps of the client: its address and its program."""
    host = request.client.host if request.client else "-"
    return f"{host} {request.headers.get('user-agent', '-')}"[:200]


def let_in(request: Request, session: Session, door: Door) -> Actor:
    """Let the transaction act for who asks, by bearer token or by cookie, and return him; raises Unauthenticated."""
    scheme, _space, token = request.headers.get("authorization", "").partition(" ")
    cookie = request.cookies.get(COOKIE)
    if scheme.lower() == "bearer" and token:
        actor = actor_of_token(session, door, token.strip(), client_of(request))
    elif cookie and not request.url.path.startswith("/api/"):
        # A cookie opens the portal only: a foreign site can make a browser send it, so the API does not accept it.
        idle_minutes = settings_of(request).session_idle_minutes
        actor = actor_of_cookie(session, door, cookie, idle_minutes, client_of(request))
    else:
        actor = None
    if actor is None:
        raise Unauthenticated(_("U bent niet (meer) aangemeld."))
    return actor


def guarded(door: Door, *permissions: Permission) -> Any:
    """Return the dependency of a route behind `door`: its transaction, for whoever holds one of `permissions`.

    The transaction commits before the answer is sent, so that success is never said of what was not kept.
    """

    def work(request: Request) -> Iterator[Work]:
        with database_of(request).transaction(door) as session:
            actor = let_in(request, session, door)
            request.state.actor = actor
            if not any(actor.role in permission.roles for permission in permissions):
                require(actor, permissions[0])
            yield Work(session, actor)

    work.permissions = permissions  # type: ignore[attr-defined]
    work.door = door  # type: ignore[attr-defined]
    return Depends(work, scope="function")


def care(*permissions: Permission) -> Any:
    """Guard a route on the medical side."""
    return guarded(Door.CARE, *permissions)


def open_side(*permissions: Permission) -> Any:
    """Guard a route on the side of whoever pays or manages."""
    return guarded(Door.OPEN, *permissions)


def public(route: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a route that needs nobody signed in; a test lists these by name."""
    route.public = True  # type: ignore[attr-defined]
    return route
