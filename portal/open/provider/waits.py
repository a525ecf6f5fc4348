"""How long people wait for an offering: stated anew, or confirmed with one click (R32)."""

from typing import Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from core.errors import Conflict
from core.language import _
from core.routing import Section
from network.offering_acts import OfferingAct, possible_acts
from network.offering_values import LONGEST_WAIT_DAYS, WaitDays
from network.offering_view import OfferingView
from network.offerings_read import get_offering
from network.waits import confirm_wait, open_intake, state_wait
from portal import flash
from portal.attempts import attempt
from portal.forms import Form, FormFields, blank, parse
from portal.offering_words import wait_figures
from portal.open.provider.navigation import HOME, OFFERINGS
from portal.open.provider.words import offering_act_words
from portal.open.provider.work import Publisher
from portal.open.show import show

router = Section(prefix=f"{OFFERINGS}/{{offering_id}}/wachttijd")


class StatedWait(BaseModel):
    """How many days somebody waits who is referred today."""

    days: WaitDays


@router.get("")
def wait_page(request: Request, work: Publisher, offering_id: UUID) -> Response:
    """Ask how long people wait now."""
    offering = get_offering(work.session, work.actor, offering_id)
    return _ask(request, work, offering, blank(days=offering.stated_wait_days))


@router.post("")
def state(request: Request, work: Publisher, offering_id: UUID, data: FormFields) -> Response:
    """State the wait as it is today."""
    tried = attempt(
        work.session,
        parse(StatedWait, data),
        lambda typed: state_wait(work.session, work.actor, offering_id, typed.days),
    )
    if tried.done is None:
        return _ask(request, work, get_offering(work.session, work.actor, offering_id), tried.form, tried.status)
    return flash.redirect(request, f"{OFFERINGS}/{offering_id}", _("De wachttijd is bijgewerkt."))


@router.post("/aannemen")
def intake(request: Request, work: Publisher, offering_id: UUID, data: FormFields) -> Response:
    """Say whether somebody who is referred today is taken."""
    accepts = data.get("aannemen") == "ja"
    open_intake(work.session, work.actor, offering_id, accepts)
    said = _("U neemt weer mensen aan.") if accepts else _("U neemt nu niemand aan. Dat staat bij het aanbod.")
    return flash.redirect(request, f"{OFFERINGS}/{offering_id}", said)


@router.post("/bevestigen")
def confirm(request: Request, work: Publisher, offering_id: UUID, data: FormFields) -> Response:
    """Say that the wait is still what it was, and go back to where that was asked."""
    before = get_offering(work.session, work.actor, offering_id)
    acts = possible_acts(work.actor.role, before.state)
    if OfferingAct.WAIT not in acts:
        raise Conflict(_("Bij dit aanbod geldt nu geen wachttijd."), possible=[offering_act_words(act) for act in acts])
    confirmed = confirm_wait(work.session, work.actor, offering_id)
    back = HOME if data.get("next") == HOME else f"{OFFERINGS}/{offering_id}"
    told = _("Bevestigd: de wachttijd van ‘%(title)s’ klopt nog.") % {"title": confirmed.title}
    return flash.redirect(request, back, told)


def _ask(request: Request, work: Publisher, offering: OfferingView, form: Form[Any], status: int = 200) -> Response:
    return show(
        request,
        work,
        "open/provider/wait.html",
        status=status,
        offering=offering,
        base=f"{OFFERINGS}/{offering.id}",
        form=form,
        most=LONGEST_WAIT_DAYS,
        figures=wait_figures(offering),
        possible=OfferingAct.WAIT in possible_acts(work.actor.role, offering.state),
    )
