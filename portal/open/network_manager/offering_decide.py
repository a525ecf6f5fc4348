"""One offering: what the provider wrote as a referrer will see it, and the decision on it (R29, R31, R37)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from identity.roles import Role
from network.offering_acts import OfferingAct, possible_acts
from network.offering_values import CauseCodes
from network.offering_view import OfferingView
from network.offering_visibility import OF_REGISTRATION, Obstacle
from network.offerings_decide import approve_offering, reject_offering
from network.offerings_read import OfferingFilter, get_offering, list_offerings
from network.tables import OfferingState, RejectionReason
from network.taxonomy import causes
from portal import flash
from portal.attempts import attempt
from portal.forms import Form, FormFields, blank, parse
from portal.network_words import TONES, reason_words, state_words
from portal.offering_words import offering_facts, wait_figures
from portal.open.show import show

router = Section(prefix="/aanbod/{offering_id}")
Manager = Annotated[Work, open_side(Permission.DECIDE_OFFERING)]


class Approval(BaseModel, extra="forbid"):
    """The causes for which the offering is taken into the network, and which version of it was read."""

    act: Literal["approve"]
    causes: CauseCodes
    version: int = Field(ge=1)


class Rejection(BaseModel, extra="forbid"):
    """Why it is not, as a code; and which version of it was read."""

    act: Literal["reject"]
    reason: RejectionReason
    version: int = Field(ge=1)


@router.get("")
def offering_page(request: Request, work: Manager, offering_id: UUID) -> Response:
    """Show an offering with what the network manager may do with it."""
    return _page(request, work, offering_id)


@router.post("")
def decide(request: Request, work: Manager, offering_id: UUID, data: FormFields) -> Response:
    """Do what the button says: take the offering into the network, or refuse it."""
    if data.get("act") == "reject":
        return _reject(request, work, offering_id, parse(Rejection, data))
    return _approve(request, work, offering_id, parse(Approval, data))


def _approve(request: Request, work: Work, offering_id: UUID, form: Form[Approval]) -> Response:
    tried = attempt(
        work.session,
        form,
        lambda typed: approve_offering(
            work.session, work.actor, offering_id, causes=typed.causes, version=typed.version
        ),
    )
    if tried.done is None:
        return _page(request, work, offering_id, approval=tried.form, status=tried.status)
    return _next(request, work, _("%(title)s is goedgekeurd.") % {"title": tried.done.title})


def _reject(request: Request, work: Work, offering_id: UUID, form: Form[Rejection]) -> Response:
    tried = attempt(
        work.session,
        form,
        lambda typed: reject_offering(work.session, work.actor, offering_id, typed.reason, typed.version),
    )
    if tried.done is None:
        return _page(request, work, offering_id, rejection=tried.form, status=tried.status)
    return _next(request, work, _("%(title)s is afgewezen. De provider leest uw reden.") % {"title": tried.done.title})


def _next(request: Request, work: Work, said: str) -> Response:
    """Go on with what waits longest, so that a pile is worked through without searching."""
    waiting = list_offerings(work.session, work.actor, OfferingFilter(state=OfferingState.SUBMITTED), 1, 1)
    if not waiting.items:
        return flash.redirect(request, "/netwerk", said + " " + _("Er is niets meer te beoordelen."))
    following = _("Dit is het volgende aanbod. Er wachten er nog %(n)s.") % {"n": waiting.total}
    return flash.redirect(request, f"/netwerk/aanbod/{waiting.items[0].id}", f"{said} {following}")


def _page(
    request: Request,
    work: Work,
    offering_id: UUID,
    *,
    approval: Form[Any] | None = None,
    rejection: Form[Any] | None = None,
    status: int = 200,
) -> Response:
    offering = get_offering(work.session, work.actor, offering_id)
    acts = possible_acts(Role.NETWORK_MANAGER, offering.state)
    obstacles = [each for each in offering.obstacles if each is not Obstacle.NOT_APPROVED]
    blocked = any(each in OF_REGISTRATION for each in obstacles)
    return show(
        request,
        work,
        "open/network_manager/offering.html",
        status=status,
        offering=offering,
        form=approval or rejection or blank(),
        approval=approval or blank(causes=offering.causes),
        rejection=rejection or blank(),
        facts=offering_facts(offering),
        waits=wait_figures(offering),
        obstacles=obstacles,
        blocked=blocked,
        may_approve=OfferingAct.APPROVE in acts and not blocked,
        may_reject=OfferingAct.REJECT in acts,
        causes=_cause_choices(offering),
        reasons=[(reason.value, reason_words(reason)) for reason in RejectionReason],
        reason=reason_words(offering.rejection_reason) if offering.rejection_reason else "",
        state=state_words(offering.state),
        tone=TONES[offering.state],
    )


def _cause_choices(offering: OfferingView) -> list[tuple[str, str, str]]:
    """Return every cause, with what the taxonomy thinks of it where that is not what the provider proposed (R37)."""
    usual = {cause.code for cause in causes().values() if offering.intervention in cause.interventions_in(None)}
    return [(code, cause.name, _remark(code in offering.causes, code in usual)) for code, cause in causes().items()]


def _remark(proposed: bool, usual: bool) -> str:
    if proposed and not usual:
        return _("Voorgesteld, maar niet gebruikelijk bij deze interventie")
    return _("Gebruikelijk bij deze interventie, niet voorgesteld") if usual and not proposed else ""
