"""What opens somebody's account, and where he is signed in: he names, adds, removes and ends it himself."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.language import _
from core.routing import Section
from core.validation import OneLine
from identity.guard import Work, own_account, settings_of
from identity.policy import Permission, allows
from identity.provider_links import links_of
from identity.recovery_codes import codes_left, renew_codes
from identity.second_factors import factors_of, remove_factor, rename_factor
from identity.visits import end_other_visits, end_visit, list_visits
from portal import flash
from portal.forms import Form, FormFields, blank, parse
from portal.page import render

router = Section(prefix="/account/beveiliging")
PAGE = "/account/beveiliging"

Mine = Annotated[Work, own_account(Permission.SEE_SELF)]
MineJustProved = Annotated[Work, own_account(Permission.SEE_SELF, fresh=True)]


class Renamed(BaseModel):
    """What a factor is called from now on."""

    name: Annotated[OneLine, Field(max_length=60)]


@router.get("")
def security(request: Request, work: Mine) -> Response:
    """Show the factors, the recovery codes that are left, and the sessions."""
    return _page(request, work, blank())


@router.post("/manier/{factor_id}/naam")
def rename(request: Request, work: Mine, factor_id: UUID, data: FormFields) -> Response:
    """Give a factor another name."""
    form = parse(Renamed, data)
    if form.value is None:
        return _page(request, work, form, status=422)
    rename_factor(work.session, work.actor, factor_id, form.value.name)
    return flash.redirect(request, PAGE, _("Bewaard."))


@router.post("/manier/{factor_id}/weg")
def remove(request: Request, work: MineJustProved, factor_id: UUID) -> Response:
    """Remove a factor."""
    remove_factor(work.session, work.actor, factor_id)
    return flash.redirect(request, PAGE, _("Weggehaald. U kunt er niet meer mee bevestigen wie u bent."))


@router.post("/herstelcodes")
def renew(request: Request, work: MineJustProved) -> Response:
    """Make new recovery codes, and show them this once."""
    codes = renew_codes(work.session, work.actor)
    return render(request, "account/recovery_codes.html", codes=codes, onward=PAGE)


@router.post("/sessie/{session_id}/einde")
def end_one(request: Request, work: Mine, session_id: UUID) -> Response:
    """End one session."""
    end_visit(work.session, work.actor, session_id)
    return flash.redirect(request, PAGE, _("Die sessie is beëindigd."))


@router.post("/sessies/einde")
def end_others(request: Request, work: Mine) -> Response:
    """End every session but this one."""
    end_other_visits(work.session, work.actor)
    return flash.redirect(request, PAGE, _("Alle andere sessies zijn beëindigd."))


def _page(request: Request, work: Work, form: Form[Renamed], *, status: int = 200) -> Response:
    links = links_of(work.session, work.actor)
    providers = [each for each in settings_of(request).oidc if each.tenant == work.actor.tenant_id]
    linked = {each.issuer for each in links}
    return render(
        request,
        "account/security.html",
        status=status,
        links=links,
        labels={each.issuer: each.label for each in providers},
        providers=[each for each in providers if each.issuer not in linked],
        form=form,
        factors=factors_of(work.session, work.actor.account),
        codes=codes_left(work.session, work.actor.account),
        visits=list_visits(work.session, work.actor),
        admits=any(allows(work.actor.role, held) for held in (Permission.ADMIT_PARTIES, Permission.ADMIT_COLLEAGUES)),
    )
