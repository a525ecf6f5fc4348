"""What a mailed link opens: beginning in a role, beginning anew, a new password; and asking for that last one."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from core.database import Door
from core.language import _
from core.routing import Section
from core.validation import OneLine
from identity.arrival import arrive, ask_reset, has_account
from identity.guard import COOKIE, browser_of_request, client_of, database_of, public, settings_of
from identity.link_tables import LinkKind, OneTimeLink
from identity.links import open_link
from identity.tables import Organisation
from identity.throttle import MustWait, reset_turns, take_turns
from identity.visits import begin_visit, close_visit, visit_of
from portal import flash
from portal.account.entering import SECOND_STEP, Identity, keep_known, to_step
from portal.attempts import attempt
from portal.csrf import remember_visitor
from portal.forms import Form, FormFields, blank, parse
from portal.page import render

router = Section(prefix="/account")


class Forgotten(BaseModel):
    """Whose password."""

    email: Annotated[OneLine, Field(max_length=254, pattern=r"^[^\s@]+@[^\s@]+$")]


class Password(BaseModel):
    """The password with which one goes on."""

    password: str = Field(max_length=1024)


@router.get("/wachtwoord-vergeten")
@public
def forgotten_page(request: Request) -> Response:
    """Ask whose password was forgotten."""
    return remember_visitor(request, render(request, "account/forgotten.html", form=blank()))


@router.post("/wachtwoord-vergeten")
@public
def forgotten(request: Request, data: FormFields) -> Response:
    """Have a link sent, and answer the same whoever it was: also to who asks too often, or has no account."""
    form = parse(Forgotten, data)
    if form.value is None:
        return render(request, "account/forgotten.html", status=422, form=form)
    behind = partial(database_of(request).transaction, Door.IDENTITY)
    address = request.client.host if request.client else None
    try:
        with behind() as session:
            take_turns(session, reset_turns(settings_of(request), form.value.email, address))
            ask_reset(session, form.value.email)
    except MustWait:
        pass
    said = _("Is er een account met dit adres? Dan krijgt het binnen enkele minuten een e-mail met een link.")
    return flash.redirect(request, "/account/sign-in", said)


@router.get("/link/{link_id}/{seal}")
@public
def link_page(request: Request, session: Identity, link_id: UUID, seal: str) -> Response:
    """Show what the link is for, and ask for the password."""
    link = open_link(session, link_id, seal, settings_of(request))
    return remember_visitor(request, _page(request, session, link, blank()))


@router.post("/link/{link_id}/{seal}")
@public
def use_link(request: Request, session: Identity, link_id: UUID, seal: str, data: FormFields) -> Response:
    """Use the link, and go on to the second factor."""
    settings = settings_of(request)
    link = open_link(session, link_id, seal, settings)
    form = parse(Password, data)
    tried = attempt(session, form, lambda typed: arrive(session, link, typed.password, settings, client_of(request)))
    if tried.done is None:
        return _page(request, session, link, tried.form, tried.status)
    close_visit(session, request.cookies.get(COOKIE, ""), client_of(request))
    secret = begin_visit(session, tried.done, browser_of_request(request))
    response = to_step(SECOND_STEP, "")
    response.set_cookie(COOKIE, secret, httponly=True, samesite="lax", secure=settings.secure_cookies)
    visit = visit_of(session, secret)
    if visit is not None:
        # Whoever reads the mail of an account need not wait for others who guess at it.
        keep_known(request, session, response, visit)
    return response


def _page(request: Request, session: Session, link: OneTimeLink, form: Form[Password], status: int = 200) -> Response:
    place = session.get(Organisation, link.organisation_id) if link.organisation_id else None
    return render(
        request,
        "account/link.html",
        status=status,
        form=form,
        email=link.email,
        role=link.role,
        organisation=place.name if place else "",
        resets=link.kind == LinkKind.RESET,
        anew=link.kind == LinkKind.ANEW,
        known=link.kind == LinkKind.INVITATION and has_account(session, link),
    )
