"""Linking one's account to the identity provider of the arbodienst, and taking that link away (R69)."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from core.identity_providers import IdentityProvider
from core.language import _
from core.routing import Section
from identity.guard import Work, own_account, settings_of
from identity.policy import Permission
from identity.provider_journeys import Known
from identity.provider_links import link_provider, unlink_provider
from portal import flash
from portal.account.provider_sign_in import KNOWN, directory_of, known_in
from portal.page import render

router = Section(prefix="/account/beveiliging/aanbieder")
PAGE = "/account/beveiliging"

MineJustProved = Annotated[Work, own_account(Permission.SEE_SELF, fresh=True)]


@router.get("")
def confirm_page(request: Request, work: MineJustProved) -> Response:
    """Ask whether this is who should open the account: another may have sent the browser to its provider."""
    found = _known(request)
    if found is None:
        return _expired(request)
    known, provider = found
    return render(request, "account/provider_link.html", known=known, provider=provider, email=work.actor.email)


@router.post("")
def link(request: Request, work: MineJustProved) -> Response:
    """Link them."""
    found = _known(request)
    if found is None:
        return _expired(request)
    known, provider = found
    link_provider(work.session, work.actor, provider, known.subject)
    response = flash.redirect(request, PAGE, _("Gekoppeld. U kunt zich voortaan ook via uw organisatie aanmelden."))
    response.delete_cookie(KNOWN, httponly=True, samesite="lax", secure=settings_of(request).secure_cookies)
    return response


@router.post("/{link_id}/weg")
def unlink(request: Request, work: MineJustProved, link_id: UUID) -> Response:
    """Take a link away."""
    unlink_provider(work.session, work.actor, link_id)
    return flash.redirect(request, PAGE, _("Ontkoppeld. Via uw organisatie gaat uw account niet meer open."))


def _known(request: Request) -> tuple[Known, IdentityProvider] | None:
    known = known_in(request)
    if known is None or not known.links:
        return None
    return known, directory_of(request).provider(known.provider)


def _expired(request: Request) -> Response:
    """Send somebody back to where he can link anew: where he was asked there is nothing left to say."""
    return flash.redirect(request, PAGE, _("Deze koppeling is verlopen. Begin opnieuw."), went_well=False)
