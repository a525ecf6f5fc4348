"""The guard at every route: who asks, through which door, and whether the policy lets him in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import Depends, Request, Response
from sqlmodel import Session

from core.clock import now
from core.database import Database, Door
from core.errors import Forbidden, Unauthenticated
from core.language import _
from core.routing import KEY
from core.settings import Settings
from identity.actor import Actor
from identity.authentication import actor_of_cookie, actor_of_token
from identity.browsers import browser_of
from identity.counting import count_member, count_visitor
from identity.once import Answer, Once
from identity.policy import Permission, require
from identity.scopes import Scope

COOKIE = "providerboog_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SIDES = (Door.OPEN, Door.CARE)


class StepUp(Unauthenticated):
    """Who asks is signed in, and has to show his second factor once more before this."""

    code = "step_up"

    def __init__(self) -> None:
        super().__init__(_("Bevestig eerst nog een keer dat u het bent."))


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


def browser_of_request(request: Request) -> str:
    """Return to what kind of browser a session is bound."""
    return browser_of(request.headers.get("user-agent", ""))


def let_in(request: Request, session: Session, door: Door) -> Actor:
    """Let the transaction act for who asks, by bearer token or by cookie, and return him; raises Unauthenticated."""
    scheme, _space, token = request.headers.get("authorization", "").partition(" ")
    cookie = request.cookies.get(COOKIE)
    if scheme.lower() == "bearer" and token and door is not Door.IDENTITY:  # a program keeps no keys of an account
        actor = actor_of_token(session, door, token.strip(), client_of(request))
    elif cookie and not request.url.path.startswith("/api/"):
        # A cookie opens the portal only: a foreign site can make a browser send it, so the API does not accept it.
        actor = actor_of_cookie(session, door, cookie, browser_of_request(request), client_of(request))
    else:
        actor = None
    if actor is None:
        raise Unauthenticated(_("U bent niet (meer) aangemeld."))
    return actor


def guarded(door: Door, *permissions: Permission, fresh: bool = False) -> Any:
    """Return the dependency of a route behind `door`: its transaction, for whoever holds one of `permissions`.

    With `fresh` the second factor must have been shown a short while ago (step-up). The transaction commits before the
    answer is sent, so that success is never said of what was not kept.
    """

    def work(request: Request) -> Iterator[Work]:
        with database_of(request).transaction(door) as session:
            try:
                actor = let_in(request, session, door)
            except Unauthenticated:
                count_visitor(request)
                raise
            count_member(request, actor, permissions)
            request.state.actor = actor
            request.state.account = actor.account_id  # for the log, should he be refused
            if not any(actor.role in permission.roles for permission in permissions):
                require(actor, permissions[0])
            require_scope(request, actor, fresh)
            if fresh:
                require_fresh(request, actor)
            do_once(request, session, actor, door)
            yield Work(session, actor)

    work.permissions = permissions  # type: ignore[attr-defined]
    work.door = door  # type: ignore[attr-defined]
    work.fresh = fresh  # type: ignore[attr-defined]
    return Depends(work, scope="function")


def do_once(request: Request, session: Session, actor: Actor, door: Door) -> None:
    """See to it that an act to which its client gave a key is done once; raises Answered when it was done before."""
    asked: bytes | None = getattr(request.state, "asked", None)
    if asked is None or door not in SIDES:
        return
    once, vault = Once.of(request.headers[KEY], asked), settings_of(request).answer_vault
    once.recall(session, actor, door, vault)

    def keep(response: Response) -> None:
        if response.status_code < 400:
            once.keep(session, actor, door, vault, Answer(response.status_code, bytes(response.body)))

    request.state.keep = keep


def require_scope(request: Request, actor: Actor, fresh: bool) -> None:
    """Raise Forbidden where a token was not made for what is asked: to read, to act, or to act with far reach."""
    if actor.scopes is None:
        return
    asked = {Scope.READ if request.method in SAFE_METHODS else Scope.ACT} | ({Scope.FAR_REACH} if fresh else set())
    if not asked <= set(actor.scopes):
        raise Forbidden(_("Dit token mag dit niet: het is voor iets anders gemaakt."))


def require_fresh(request: Request, actor: Actor) -> None:
    """Raise StepUp when the second factor was shown too long ago in this session; a token has none to show.

    An act has twice as long as the page that leads to it, so that a form that was opened in time can be filled in.
    """
    if actor.session_id is None:
        return
    minutes = settings_of(request).step_up_minutes * (1 if request.method in SAFE_METHODS else 2)
    if actor.proved_at is None or actor.proved_at < now() - timedelta(minutes=minutes):
        raise StepUp


def care(*permissions: Permission, fresh: bool = False) -> Any:
    """Guard a route on the medical side."""
    return guarded(Door.CARE, *permissions, fresh=fresh)


def open_side(*permissions: Permission, fresh: bool = False) -> Any:
    """Guard a route on the side of whoever pays or manages."""
    return guarded(Door.OPEN, *permissions, fresh=fresh)


def own_account(*permissions: Permission, fresh: bool = False) -> Any:
    """Guard a route with which somebody keeps the keys of his own account; no other sees these."""
    return guarded(Door.IDENTITY, *permissions, fresh=fresh)


def public(route: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a route that needs nobody signed in; a test lists these by name."""
    route.public = True  # type: ignore[attr-defined]
    return route
