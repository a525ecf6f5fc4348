"""Choosing a second factor at the first sign-in, and adding another one later (R69)."""

from typing import Annotated, Any

import segno
from fastapi import Request
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from core.errors import Invalid
from core.language import _
from core.routing import Section
from core.validation import OneLine
from identity.guard import StepUp, client_of, public, settings_of
from identity.notice_tables import Happened
from identity.owner_notices import put_notice
from identity.passkeys import add_passkey, creation_options, place_of
from identity.recovery_codes import make_codes
from identity.second_factor_tables import FactorKind
from identity.second_factors import factors_of
from identity.totp import confirm_app, offer_app
from identity.visits import Visit, record_for
from portal import flash
from portal.account.entering import (
    Identity,
    enter,
    keep_signed_in,
    may_set_up,
    onward,
    visit_in,
)
from portal.forms import Form, FormFields, blank, parse
from portal.page import render

router = Section(prefix="/account/instellen")
Name = Annotated[OneLine, Field(max_length=60)]


class NewApp(BaseModel):
    """The first code of a new app, and what it is called."""

    code: Annotated[OneLine, Field(max_length=20)]
    name: Name
    next: str = Field(default="", max_length=200)


class NewPasskey(BaseModel):
    """What the browser made, and what it is called."""

    credential: str = Field(max_length=20_000)
    name: Name
    next: str = Field(default="", max_length=200)


@router.get("")
@public
def set_up_page(request: Request, session: Identity, next: str = "") -> Response:
    """Show what can be chosen: a passkey, or an app with codes."""
    visit = _allowed(request, session)
    return _page(request, session, visit, blank(next=next))


@router.post("/app")
@public
def add_app(request: Request, session: Identity, data: FormFields) -> Response:
    """Let the app count from now on, when it shows the right code."""
    visit = _allowed(request, session)
    form = parse(NewApp, data)
    if form.value is None:
        return _page(request, session, visit, form, status=422)
    first = not factors_of(session, visit.account_id)
    new, vault = form.value, settings_of(request).factor_vault
    try:
        confirm_app(session, visit.account_id, new.code, new.name, vault)
    except Invalid as refusal:
        return _page(request, session, visit, form.refused(refusal.errors), status=refusal.status)
    return _added(request, session, visit, FactorKind.TOTP, first, new.next)


@router.post("/passkey")
@public
def add_key(request: Request, session: Identity, data: FormFields) -> Response:
    """Let the passkey count from now on."""
    visit = _allowed(request, session)
    form = parse(NewPasskey, data)
    if form.value is None:
        return _page(request, session, visit, form, status=422)
    first = not factors_of(session, visit.account_id)
    try:
        add_passkey(session, visit, form.value.credential, form.value.name, settings_of(request))
    except Invalid as refusal:
        return _page(request, session, visit, form.refused(refusal.errors), status=refusal.status)
    return _added(request, session, visit, FactorKind.PASSKEY, first, form.value.next)


def _allowed(request: Request, session: Session) -> Visit:
    visit = visit_in(request, session)
    if not may_set_up(request, visit, bool(factors_of(session, visit.account_id))):
        raise StepUp
    return visit


def _added(request: Request, session: Session, visit: Visit, kind: FactorKind, first: bool, back: str) -> Response:
    """Go in with the first factor, past the recovery codes; a later one stands on the list from now on."""
    record_for(session, visit, "identity:factor:added", client_of(request), reason=kind.value)
    if not first:
        put_notice(session, visit.account_id, Happened.FACTOR_ADDED)
    secret = enter(request, session, visit, kind.value)
    if first:
        codes = make_codes(session, visit.account_id)
        page: Response = render(request, "account/recovery_codes.html", codes=codes, onward=onward(visit, back))
    else:
        page = flash.redirect(request, "/account/beveiliging", _("Toegevoegd."))
    return keep_signed_in(request, session, page, visit, secret)


def _page(request: Request, session: Session, visit: Visit, form: Form[Any], *, status: int = 200) -> Response:
    settings = settings_of(request)
    offered = offer_app(session, visit.account_id, visit.email, settings.factor_vault)
    code = segno.make(offered.address, error="m")
    return render(
        request,
        "account/set_up.html",
        status=status,
        form=form,
        first=not factors_of(session, visit.account_id),
        secret=" ".join(offered.secret[at : at + 4] for at in range(0, len(offered.secret), 4)),
        address=offered.address,
        path=_path(code.matrix),
        size=code.symbol_size(border=0)[0],
        options=creation_options(session, visit, settings),
        domain=place_of(settings).domain,
    )


def _path(matrix: tuple[bytearray, ...]) -> str:
    """Return the dark modules of a QR code as one SVG path, each as wide and high as 1."""
    dark = ((x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module)
    return "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)
