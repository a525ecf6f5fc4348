"""Where requests are counted: who is known by his account and token, everybody else by his address."""

from fastapi import Request
from sqlmodel import col, select
from starlette.concurrency import run_in_threadpool

from core.clock import now
from core.database import Database, Door
from core.errors import TooMany
from identity.actor import Actor
from identity.allowances import Allowances, Kind
from identity.authentication import hash_of
from identity.policy import Permission
from identity.second_factor_tables import KnownDevice
from identity.throttle import network_of

DEVICE = "apparaat"  # the cookie of a browser in which somebody has signed in before
FILES = (".pdf", ".xml", ".csv", ".xaf", ".ics", "/bestand", "/file")


def count_member(request: Request, actor: Actor, permissions: tuple[Permission, ...]) -> None:
    """Count a request of somebody who is signed in; raises TooMany."""
    allowances: Allowances = request.app.state.allowances
    scheme, _space, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and actor.session_id is None:
        allowances.take(Kind.TOKEN, token.strip())
    whose = str(actor.account)
    allowances.take(Kind.ACCOUNT, whose)
    if Permission.SEARCH_OFFERINGS in permissions:
        allowances.take(Kind.SEARCH, whose)
    if request.url.path.endswith(FILES):
        allowances.take(Kind.FILE, whose)


async def count_at_the_door(request: Request) -> None:
    """Count a request for a page that needs nobody signed in; other routes are counted by their guard."""
    if getattr(request.scope["route"].endpoint, "public", False):
        await run_in_threadpool(count_visitor, request)


def count_visitor(request: Request) -> None:
    """Count a request of whom nobody knows, at his address; raises TooMany.

    A browser in which somebody has signed in before has some requests of its own, also where a neighbour used up all.
    """
    allowances: Allowances = request.app.state.allowances
    try:
        allowances.take(Kind.ADDRESS, network_of(request.client.host if request.client else None))
    except TooMany:
        browser = _known_browser(request)
        if browser is None:
            raise
        allowances.take(Kind.BROWSER, browser)


def _known_browser(request: Request) -> str | None:
    secret = request.cookies.get(DEVICE)
    if not secret:
        return None
    database: Database = request.app.state.database
    known = select(KnownDevice.id).where(
        KnownDevice.token_hash == hash_of(secret), KnownDevice.expires_at > now(), col(KnownDevice.ended_at).is_(None)
    )
    with database.transaction(Door.IDENTITY) as session:
        found = session.exec(known).first()
    return str(found) if found else None
