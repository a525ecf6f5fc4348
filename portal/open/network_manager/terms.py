"""The page on which an arbodienst sets within how many working days people act on a referral."""

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from network.referral_terms import Terms, referral_terms, set_referral_terms
from portal import flash
from portal.attempts import attempt
from portal.forms import Form, FormFields, blank, parse
from portal.open.show import show

router = Section(prefix="/termijnen")
PATH = "/netwerk/termijnen"
Manager = Annotated[Work, open_side(Permission.SET_TERMS)]


@router.get("")
def terms_page(request: Request, work: Manager) -> Response:
    """Show the terms as they are."""
    return _form(request, work, blank(**referral_terms(work.session, work.actor).model_dump()))


@router.post("")
def set_terms(request: Request, work: Manager, data: FormFields) -> Response:
    """Set the terms."""
    tried = attempt(work.session, parse(Terms, data), lambda terms: set_referral_terms(work.session, work.actor, terms))
    if tried.done is None:
        return _form(request, work, tried.form, tried.status)
    return flash.redirect(request, PATH, _("De termijnen zijn bewaard."))


def _form(request: Request, work: Work, form: Form[Any], status: int = 200) -> Response:
    return show(request, work, "open/network_manager/terms.html", status=status, form=form, path=PATH)
