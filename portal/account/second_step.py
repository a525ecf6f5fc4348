"""The second factor: shown after the password, and once more before acts that ask for it (R69)."""

from functools import partial
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from core.database import Door
from core.errors import FieldError
from core.language import _
from core.routing import Section
from core.validation import OneLine
from identity.counting import DEVICE
from identity.guard import client_of, database_of, public, settings_of
from identity.passkeys import place_of, request_options, use_passkey
from identity.recovery_codes import codes_left, use_recovery_code
from identity.second_factor_tables import FactorKind
from identity.second_factors import factors_of
from identity.throttle import MustWait, code_turns, give_back, take_turns
from identity.totp import DEMO_DOMAIN, demo_code, use_code
from identity.visits import Visit, refuse_proof
from portal import flash
from portal.account.entering import (
    SET_UP,
    Identity,
    enter,
    keep_signed_in,
    onward,
    to_step,
    visit_in,
)
from portal.forms import Form, FormFields, blank, parse
from portal.page import render

router = Section(prefix="/account")
DIGITS = 6


class Shown(BaseModel):
    """A code from an app, or a recovery code, and where the person was going."""

    code: Annotated[OneLine, Field(max_length=60)]
    next: str = Field(default="", max_length=200)


class ShownPasskey(BaseModel):
    """What the browser made of a passkey."""

    credential: str = Field(max_length=20_000)
    next: str = Field(default="", max_length=200)


@router.get("/tweede-stap")
@public
def second_step(request: Request, session: Identity, next: str = "") -> Response:
    """Ask for the second factor; who has none yet chooses one first."""
    visit = visit_in(request, session)
    if not factors_of(session, visit.account_id):
        return to_step(SET_UP, next)
    return _page(request, session, visit, blank(next=next))


@router.post("/tweede-stap")
@public
def show_code(request: Request, data: FormFields) -> Response:
    """Go in with a code of an app, or with a recovery code."""
    form = parse(Shown, data)
    behind = partial(database_of(request).transaction, Door.IDENTITY)
    with behind() as session:
        visit = visit_in(request, session)
        if form.value is None:
            return _page(request, session, visit, form, status=422)
        turns = code_turns(session, settings_of(request), visit.email, request.cookies.get(DEVICE, ""))
    try:
        with behind() as session:
            take_turns(session, turns)
    except MustWait as refusal:
        with behind() as session:
            waited = form.refused([FieldError("code", refusal.message)])
            waiting = _page(request, session, visit, waited, status=refusal.status)
        waiting.headers["Retry-After"] = str(refusal.seconds)
        return waiting
    with behind() as session:
        how = _fits(request, session, visit, form.value.code)
        if not how:
            refuse_proof(session, visit, client_of(request))
            wrong = form.refused([FieldError("code", _("Deze code klopt niet, of is al gebruikt."))])
            return _page(request, session, visit, wrong, status=401)
        give_back(session, turns)
        return _enter(request, session, visit, how, form.value.next)


@router.post("/tweede-stap/passkey")
@public
def show_passkey(request: Request, session: Identity, data: FormFields) -> Response:
    """Go in with a passkey."""
    visit = visit_in(request, session)
    form = parse(ShownPasskey, data)
    if form.value is None or not use_passkey(session, visit, form.value.credential, settings_of(request)):
        refuse_proof(session, visit, client_of(request))
        wrong = form.refused([FieldError("", _("Het lukte niet met deze passkey. Probeer het nog een keer."))])
        return _page(request, session, visit, wrong, status=401)
    return _enter(request, session, visit, FactorKind.PASSKEY, form.value.next)


def _fits(request: Request, session: Session, visit: Visit, code: str) -> str:
    """Return as what a code is right: of an app, or for recovery; nothing when it is wrong."""
    digits = "".join(code.split())
    if len(digits) == DIGITS and digits.isdecimal():
        return FactorKind.TOTP if use_code(session, visit.account_id, digits, settings_of(request).factor_vault) else ""
    return "recovery" if use_recovery_code(session, visit.account_id, code) else ""


def _enter(request: Request, session: Session, visit: Visit, how: str, back: str) -> Response:
    secret = enter(request, session, visit, how)
    response: Response = RedirectResponse(onward(visit, back), status_code=303)
    if how == "recovery":
        left = codes_left(session, visit.account_id)
        said = _("U hebt een herstelcode gebruikt. U hebt er nog %(n)s. Voeg hier een nieuwe app of passkey toe.")
        response = flash.redirect(request, "/account/beveiliging", said % {"n": left})
    return keep_signed_in(request, session, response, visit, secret)


def _page(request: Request, session: Session, visit: Visit, form: Form[Any], *, status: int = 200) -> Response:
    settings = settings_of(request)
    in_demo = settings.demo and settings.on_loopback and visit.email.endswith(DEMO_DOMAIN)
    kinds = {factor.kind for factor in factors_of(session, visit.account_id)}
    return render(
        request,
        "account/second_step.html",
        status=status,
        form=form,
        again=visit.proved_at is not None,
        has_app=FactorKind.TOTP in kinds,
        options=request_options(session, visit, settings),
        domain=place_of(settings).domain,
        demo_code=demo_code(session, visit.account_id, visit.email, settings) if in_demo else "",
    )
