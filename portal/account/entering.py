"""What the pages of signing in share: the session that is on its way, its cookies, and where people go from there."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from core.clock import now
from core.database import Door
from core.errors import Unauthenticated
from core.headers import stays_within
from core.http import LANGUAGE_COOKIE
from core.language import _
from identity.counting import DEVICE
from identity.guard import COOKIE, browser_of_request, client_of, database_of, settings_of
from identity.throttle import known_device, remember_device
from identity.visits import Visit, begin_visit, close_visit, prove, visit_of
from portal.csrf import token_for
from portal.homes import home_of

YEAR = 31_536_000  # seconds
HALF_YEAR = YEAR // 2
SECOND_STEP = "/account/tweede-stap"
SET_UP = "/account/instellen"


def identity(request: Request) -> Iterator[Session]:
    """Open a transaction behind the identity door; nobody is signed in yet."""
    with database_of(request).transaction(Door.IDENTITY) as session:
        yield session


Identity = Annotated[Session, Depends(identity, scope="function")]


def visit_in(request: Request, session: Session) -> Visit:
    """Return the session of this browser, open or on its way; raises Unauthenticated without one."""
    visit = visit_of(session, request.cookies.get(COOKIE, ""), browser_of_request(request))
    if visit is None:
        raise Unauthenticated(_("U bent niet (meer) aangemeld."))
    return visit


def may_set_up(request: Request, visit: Visit, has_factor: bool) -> bool:
    """Tell whether a second factor may be added in this session: the first one, or after showing one just now."""
    if not has_factor:
        return True
    lately = now() - timedelta(minutes=2 * settings_of(request).step_up_minutes)
    return visit.proved_at is not None and visit.proved_at > lately


def begin(request: Request, session: Session, membership_id: UUID) -> str:
    """Begin a session in place of the one that this browser had; return its secret. It opens nothing yet."""
    close_visit(session, request.cookies.get(COOKIE, ""), client_of(request))
    return begin_visit(session, membership_id, browser_of_request(request))


def enter(request: Request, session: Session, visit: Visit, how: str) -> str:
    """Open the session, or renew it, and return the new secret of its cookie; forms of this answer are bound to it."""
    secret = prove(session, visit, settings_of(request), how, client_of(request))
    request.state.csrf_token = token_for(request, secret)
    return secret


def keep_signed_in(request: Request, session: Session, response: Response, visit: Visit, secret: str) -> Response:
    """Give the browser its cookies: that of the session, its own as a known one, and the language."""
    settings = settings_of(request)
    safe = partial(response.set_cookie, samesite="lax", secure=settings.secure_cookies)
    safe(COOKIE, secret, max_age=settings.session_hours * 3600, httponly=True)
    keep_known(request, session, response, visit)
    if LANGUAGE_COOKIE not in request.cookies:
        safe(LANGUAGE_COOKIE, visit.language, max_age=YEAR)
    return response


def keep_known(request: Request, session: Session, response: Response, visit: Visit) -> None:
    """Let the browser be known from now on, where its owner does not wait for others who guess at his account."""
    if known_device(session, request.cookies.get(DEVICE, ""), visit.email) is None:
        secret, secure = remember_device(session, visit.account_id), settings_of(request).secure_cookies
        response.set_cookie(DEVICE, secret, max_age=HALF_YEAR, httponly=True, samesite="lax", secure=secure)


def onward(visit: Visit, back: str) -> str:
    """Return where somebody goes who is signed in: where he was going, or his worklist."""
    return back if stays_within(back) and back != "/" else home_of(visit.role)


def to_step(step: str, back: str) -> RedirectResponse:
    """Send somebody to the next step of signing in, which remembers where he was going."""
    query = f"?{urlencode({'next': back})}" if stays_within(back) else ""
    return RedirectResponse(f"{step}{query}", status_code=303)
