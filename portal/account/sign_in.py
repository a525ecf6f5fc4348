"""Signing in: by password, by one click in the demo, and choosing a role where an account has several."""

from collections.abc import Iterator
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from core.database import Door
from core.errors import NotFound, Unauthenticated
from core.http import LANGUAGE_COOKIE
from core.language import LANGUAGES, _
from core.routing import Section
from identity.guard import COOKIE, client_of, database_of, public, settings_of
from identity.sign_in import (
    MembershipChoice,
    close_session,
    demo_accounts,
    memberships_for,
    memberships_of,
    open_session,
)
from portal.csrf import remember_visitor
from portal.forms import FormFields, blank, parse
from portal.homes import home_of
from portal.page import render

router = Section(prefix="/account")
YEAR = 31_536_000  # seconds


class SignIn(BaseModel):
    """What is typed to sign in; `membership` chooses between several roles, `next` is where the person was going."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1024)
    membership: UUID | None = None
    next: str = Field(default="", max_length=200)


class DemoSignIn(BaseModel):
    """One click in the demo: as whom."""

    email: str = Field(max_length=254)


def identity(request: Request) -> Iterator[Session]:
    """Open a transaction behind the identity door; nobody is signed in yet."""
    with database_of(request).transaction(Door.IDENTITY) as session:
        yield session


Identity = Annotated[Session, Depends(identity, scope="function")]


@router.get("/sign-in")
@public
def sign_in_page(request: Request, session: Identity, next: str = "") -> Response:
    """Show the form, and in the demo the accounts to choose from."""
    return _page(request, session, blank(next=next))


@router.post("/sign-in")
@public
def sign_in(request: Request, session: Identity, data: FormFields) -> Response:
    """Sign in, or show the form again with what is wrong."""
    form = parse(SignIn, data)
    if form.value is None:
        return _page(request, session, form, status=422)
    wanted = form.value
    try:
        found = memberships_for(session, wanted.email, wanted.password)
    except Unauthenticated as refusal:
        return _page(request, session, form, status=401, refusal=refusal.message)
    chosen = next((m for m in found if m.id == wanted.membership), found[0] if len(found) == 1 else None)
    if chosen is None:
        return _page(request, session, form, choices=found)
    return _enter(request, session, chosen, wanted.next)


@router.post("/demo")
@public
def demo_sign_in(request: Request, session: Identity, data: FormFields) -> Response:
    """Sign in as a demo account with one click; only in demo mode on loopback."""
    settings = settings_of(request)
    form = parse(DemoSignIn, data)
    if not (settings.demo and settings.on_loopback) or form.value is None:
        raise NotFound(_("Niet gevonden."))
    found = memberships_of(session, form.value.email)
    if not found or not form.value.email.endswith("@demo.test"):
        raise NotFound(_("Niet gevonden."))
    return _enter(request, session, found[0], "")


@router.post("/sign-out")
@public
def sign_out(request: Request, session: Identity) -> Response:
    """End the session and forget the cookie."""
    close_session(session, request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/account/sign-in", status_code=303)
    response.delete_cookie(COOKIE)
    return response


@router.post("/language")
@public
def choose_language(request: Request, data: FormFields) -> Response:
    """Answer in Dutch or English from now on."""
    code = str(data.get("language", "nl"))
    back = str(data.get("next", "/"))
    response = RedirectResponse(back if _within(back) else "/", status_code=303)
    if code in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, code, max_age=YEAR, samesite="lax", secure=settings_of(request).secure_cookies
        )
    return response


def _page(request: Request, session: Session, form: object, *, status: int = 200, **values: object) -> Response:
    settings = settings_of(request)
    demo = demo_accounts(session) if settings.demo and settings.on_loopback else ()
    standing = {"form": form, "demo": demo, "choices": (), "refusal": ""}
    return remember_visitor(request, render(request, "account/sign_in.html", status=status, **(standing | values)))


def _enter(request: Request, session: Session, chosen: MembershipChoice, back: str) -> Response:
    settings = settings_of(request)
    secret = open_session(session, chosen.id, settings, client_of(request))
    response = RedirectResponse(back if _within(back) else home_of(chosen.role), status_code=303)
    safe = partial(response.set_cookie, samesite="lax", secure=settings.secure_cookies)
    safe(COOKIE, secret, max_age=settings.session_hours * 3600, httponly=True)
    if LANGUAGE_COOKIE not in request.cookies:
        safe(LANGUAGE_COOKIE, chosen.language, max_age=YEAR)
    return response


def _within(address: str) -> bool:
    """Tell whether an address stays in this portal; a browser reads `//x` and `/\\x` as another site."""
    return address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
