"""Signing in through the identity provider of an arbodienst: sent there by a link, back with a code, on in a role.

While a provider is asked no transaction is open: one that is slow keeps nobody else from the database (R69).
"""

from datetime import timedelta
from functools import partial
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from core.database import Door
from core.errors import FieldError, Refusal, Unauthenticated, retry_after
from core.headers import stays_within
from core.identity_providers import IdentityProvider
from core.language import _
from core.routing import Section
from identity.guard import COOKIE, client_of, database_of, public, settings_of
from identity.provider_directory import Directory
from identity.provider_journeys import Known, Passing, Underway, seal, unseal, way_back, way_there
from identity.provider_links import is_of_one_house, memberships_at
from identity.provider_tokens import Recognised, read_token
from identity.sign_in import MembershipChoice
from identity.throttle import give_back, provider_turns, take_turns, use_once
from identity.visits import record_for, visit_of
from portal.account.entering import SECOND_STEP, Identity, begin, enter, keep_signed_in, onward, to_step
from portal.account.sign_in import sign_in_form
from portal.csrf import remember_visitor
from portal.forms import Form, FormFields, blank, parse
from portal.page import render

router = Section(prefix="/account")
UNDERWAY = "onderweg"
KNOWN = "herkend"
LINKING = "/account/beveiliging/aanbieder"
LONGEST = 2_000


class ChosenRole(BaseModel):
    """In which role somebody goes on whom his provider recognised."""

    membership: UUID | None = None


def directory_of(request: Request) -> Directory:
    """Return the identity providers of the app that serves this request."""
    found: Directory = request.app.state.directory
    return found


def keep(request: Request, response: Response, name: str, passing: Passing) -> Response:
    """Let the browser keep something for us, sealed, for ten minutes; it comes along when another site leads here."""
    settings = settings_of(request)
    sealed = seal(passing, settings.passing_vault)
    response.set_cookie(name, sealed, max_age=600, httponly=True, samesite="lax", secure=settings.secure_cookies)
    return response


def known_in(request: Request) -> Known | None:
    """Return whom a provider recognised in this browser just now."""
    return unseal(Known, request.cookies.get(KNOWN, ""), settings_of(request).passing_vault)


@router.get("/aanbieder/{provider_id}")
@public
def leave(request: Request, provider_id: UUID, next: str = "", koppel: bool = False) -> Response:
    """Send somebody to his provider, to sign in or to link it to his account."""
    directory, settings = directory_of(request), settings_of(request)
    provider = directory.provider(provider_id)
    back = next if stays_within(next) and len(next) <= 200 else ""
    underway = Underway(provider=provider.id, links=koppel, back=back)
    try:
        address = way_there(provider, directory.metadata(provider), underway, settings)
    except Refusal as refusal:
        return _refused(request, refusal, back)
    return keep(request, RedirectResponse(address, status_code=303), UNDERWAY, underway)


@router.get("/aanbieder/{provider_id}/terug")
@public
def come_back(
    request: Request, provider_id: UUID, state: str = "", code: str = "", error: str = "", iss: str | None = None
) -> Response:
    """Take somebody back from his provider: on to his role, to the second factor, or to linking his account."""
    underway = unseal(Underway, request.cookies.get(UNDERWAY, ""), settings_of(request).passing_vault)
    try:
        provider = directory_of(request).provider(provider_id)
        response = _recognise(request, provider, underway, (state, code, error, iss))
    except Refusal as refusal:
        response = _refused(request, refusal, underway.back if underway else "")
    response.delete_cookie(UNDERWAY, httponly=True, samesite="lax", secure=settings_of(request).secure_cookies)
    return response


def _recognise(
    request: Request, provider: IdentityProvider, underway: Underway | None, said: tuple[str, str, str, str | None]
) -> Response:
    state, code, error, iss = said
    settings, directory = settings_of(request), directory_of(request)
    behind = partial(database_of(request).transaction, Door.IDENTITY)
    turns = provider_turns(settings, request.client.host if request.client else None)
    with behind() as session:
        take_turns(session, turns)
        first = underway is not None and use_once(session, settings, underway.once)
    fits = underway is not None and underway.provider == provider.id and underway.once == state
    if underway is None or not (first and fits) or (iss is not None and iss != provider.issuer):
        raise Unauthenticated(_("Deze aanmelding is verlopen of al gebruikt. Begin opnieuw."))
    if error or not 0 < len(code) <= LONGEST:
        raise Unauthenticated(_("De aanmelding bij uw organisatie lukte niet. Probeer het nog een keer."))
    token = directory.redeem(provider, code, underway.verifier, way_back(provider, settings))
    lately = timedelta(minutes=settings.step_up_minutes)
    found = read_token(directory, provider, token, underway.nonce, lately)
    if underway.links:
        known = _known(provider, underway, found)
        return keep(request, RedirectResponse(LINKING, status_code=303), KNOWN, known)
    with behind() as session:
        choices = memberships_at(session, provider, found.subject)
        give_back(session, turns)
        if len(choices) > 1:
            known = _known(provider, underway, found)
            return keep(request, RedirectResponse("/account/rol", status_code=303), KNOWN, known)
        return _go_in(request, session, provider, choices[0], found.in_two_ways, underway.back)


def _known(provider: IdentityProvider, underway: Underway, found: Recognised) -> Known:
    return Known(
        provider=provider.id,
        subject=found.subject,
        name=found.name,
        in_two_ways=found.in_two_ways,
        links=underway.links,
        back=underway.back,
    )


@router.get("/rol")
@public
def role_page(request: Request, session: Identity) -> Response:
    """Let somebody with several roles choose one."""
    known, provider = _of_sign_in(request)
    return _roles(request, memberships_at(session, provider, known.subject), blank())


@router.post("/rol")
@public
def choose_role(request: Request, data: FormFields) -> Response:
    """Go on in a role."""
    known, provider = _of_sign_in(request)
    form = parse(ChosenRole, data)
    behind = partial(database_of(request).transaction, Door.IDENTITY)
    with behind() as session:
        choices = memberships_at(session, provider, known.subject)
        chosen = next((each for each in choices if form.value and each.id == form.value.membership), None)
        if chosen is None:
            wrong = form.refused([FieldError("membership", _("Kies een rol."))])
            return _roles(request, choices, wrong, status=422)
        if not use_once(session, settings_of(request), known.once):
            raise Unauthenticated(_("Deze aanmelding is verlopen of al gebruikt. Begin opnieuw."))
        response = _go_in(request, session, provider, chosen, known.in_two_ways, known.back)
    response.delete_cookie(KNOWN, httponly=True, samesite="lax", secure=settings_of(request).secure_cookies)
    return response


def _of_sign_in(request: Request) -> tuple[Known, IdentityProvider]:
    known = known_in(request)
    if known is None or known.links:
        raise Unauthenticated(_("Deze aanmelding is verlopen of al gebruikt. Begin opnieuw."))
    return known, directory_of(request).provider(known.provider)


def _go_in(
    request: Request,
    session: Session,
    provider: IdentityProvider,
    chosen: MembershipChoice,
    in_two_ways: bool,
    back: str,
) -> Response:
    """Begin a session; our own second factor follows, unless the arbodienst trusts the one that was shown there."""
    secret = begin(request, session, chosen.id)
    visit = visit_of(session, secret)
    if visit is None:
        raise RuntimeError("a session that has just begun is there")
    record_for(session, visit, "identity:session:recognised", client_of(request))
    if provider.trusts_second_factor and in_two_ways and is_of_one_house(session, visit.account_id):
        secret = enter(request, session, visit, "provider")
        return keep_signed_in(request, session, RedirectResponse(onward(visit, back), status_code=303), visit, secret)
    response = to_step(SECOND_STEP, back)
    response.set_cookie(COOKIE, secret, httponly=True, samesite="lax", secure=settings_of(request).secure_cookies)
    return response


def _refused(request: Request, refusal: Refusal, back: str) -> Response:
    with database_of(request).transaction(Door.IDENTITY) as session:
        form = blank(next=back)
        response = sign_in_form(request, session, form, status=refusal.status, refusal=refusal.message)
    response.headers.update(retry_after(refusal))
    return response


def _roles(
    request: Request, choices: tuple[MembershipChoice, ...], form: Form[ChosenRole], status: int = 200
) -> Response:
    page = render(request, "account/provider_role.html", status=status, form=form, choices=choices)
    return remember_visitor(request, page)
