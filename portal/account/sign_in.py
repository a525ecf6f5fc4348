"""Signing in: by password, by one click in the demo, and choosing a role where an account has several."""

from functools import partial
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from core.database import Door
from core.errors import NotFound, Unauthenticated
from core.headers import stays_within
from core.http import LANGUAGE_COOKIE
from core.language import LANGUAGES, _
from core.routing import Section
from identity.counting import DEVICE
from identity.guard import COOKIE, client_of, database_of, public, settings_of
from identity.sign_in import DEMO_DOMAIN, demo_accounts, memberships_for, memberships_of
from identity.throttle import MustWait, Turn, give_back, password_turns, take_turns
from identity.visits import close_visit, visit_of
from portal.account.entering import SECOND_STEP, YEAR, Identity, begin, enter, keep_signed_in, onward, to_step
from portal.csrf import remember_visitor
from portal.forms import Form, FormFields, blank, parse
from portal.page import render

router = Section(prefix="/account")


class SignIn(BaseModel):
    """What is typed to sign in; `membership` chooses between several roles, `next` is where the person was going."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1024)
    membership: UUID | None = None
    next: str = Field(default="", max_length=200)


class DemoSignIn(BaseModel):
    """One click in the demo: as whom."""

    email: str = Field(max_length=254)


@router.get("/sign-in")
@public
def sign_insign_in_form(request: Request, session: Identity, next: str = "") -> Response:
    """Show the form, and in the demo the accounts to choose from."""
    return sign_in_form(request, session, blank(next=next))


@router.post("/sign-in")
@public
def sign_in(request: Request, data: FormFields) -> Response:
    """Go on to the second factor, or show the form again with what is wrong.

    The turn is taken in a transaction of its own, so that it counts whatever becomes of the try.
    """
    form = parse(SignIn, data)
    behind = partial(database_of(request).transaction, Door.IDENTITY)
    if form.value is None:
        with behind() as session:
            return sign_in_form(request, session, form, status=422)
    try:
        with behind() as session:
            turns = _turns(request, session, form.value.email)
            take_turns(session, turns)
    except MustWait as refusal:
        with behind() as session:
            waiting = sign_in_form(request, session, form, status=refusal.status, refusal=refusal.message)
        waiting.headers["Retry-After"] = str(refusal.seconds)
        return waiting
    with behind() as session:
        return _try(request, session, form, form.value, turns)


def _try(request: Request, session: Session, form: Form[SignIn], wanted: SignIn, turns: tuple[Turn, ...]) -> Response:
    try:
        found = memberships_for(session, wanted.email, wanted.password)
    except Unauthenticated as refusal:
        return sign_in_form(request, session, form, status=401, refusal=refusal.message)
    give_back(session, turns)
    chosen = next((m for m in found if m.id == wanted.membership), found[0] if len(found) == 1 else None)
    if chosen is None:
        return sign_in_form(request, session, form, choices=found)
    response = to_step(SECOND_STEP, wanted.next)
    response.set_cookie(
        COOKIE,
        begin(request, session, chosen.id),
        httponly=True,
        samesite="lax",
        secure=settings_of(request).secure_cookies,
    )
    return response


@router.post("/demo")
@public
def demo_sign_in(request: Request, session: Identity, data: FormFields) -> Response:
    """Sign in as a demo account with one click, without password or second factor; only in demo mode on loopback."""
    settings = settings_of(request)
    form = parse(DemoSignIn, data)
    if not (settings.demo and settings.on_loopback) or form.value is None:
        raise NotFound(_("Niet gevonden."))
    found = memberships_of(session, form.value.email)
    if not found or not form.value.email.endswith(DEMO_DOMAIN):
        raise NotFound(_("Niet gevonden."))
    visit = visit_of(session, begin(request, session, found[0].id))
    if visit is None:
        raise RuntimeError("a session that has just begun is there")
    secret = enter(request, session, visit, "demo")
    response = RedirectResponse(onward(visit, ""), status_code=303)
    return keep_signed_in(request, session, response, visit, secret)


@router.post("/sign-out")
@public
def sign_out(request: Request, session: Identity) -> Response:
    """End the session and forget the cookie."""
    close_visit(session, request.cookies.get(COOKIE, ""), client_of(request))
    response = RedirectResponse("/account/sign-in", status_code=303)
    response.delete_cookie(COOKIE)
    # What the browser still holds of this house goes too; the language and the mark of a known browser stay.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@router.post("/language")
@public
def choose_language(request: Request, data: FormFields) -> Response:
    """Answer in Dutch or English from now on."""
    code = str(data.get("language", "nl"))
    back = str(data.get("next", "/"))
    response = RedirectResponse(back if stays_within(back) else "/", status_code=303)
    if code in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, code, max_age=YEAR, samesite="lax", secure=settings_of(request).secure_cookies
        )
    return response


def _turns(request: Request, session: Session, email: str) -> tuple[Turn, ...]:
    address = request.client.host if request.client else None
    return password_turns(session, settings_of(request), email, request.cookies.get(DEVICE, ""), address)


def sign_in_form(request: Request, session: Session, form: object, *, status: int = 200, **values: object) -> Response:
    """Return the page on which people sign in, with what was typed and why that was refused."""
    settings = settings_of(request)
    demo = demo_accounts(session) if settings.demo and settings.on_loopback else ()
    standing = {"form": form, "demo": demo, "choices": (), "refusal": "", "providers": settings.oidc}
    return remember_visitor(request, render(request, "account/sign_in.html", status=status, **(standing | values)))
