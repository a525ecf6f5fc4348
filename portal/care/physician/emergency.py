"""Emergency access of a delegate: opening it after his second factor, reading the case, and ending it (R22)."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from cases.emergencies import end_emergency
from cases.emergency_tables import EmergencyReason
from cases.employers import employers_of_others
from core.errors import FieldError
from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.cases.emergencies import NewEmergency, open_emergency, read_emergency_file
from medical.referrals.reasons import state_label
from portal import flash
from portal.attempts import attempt
from portal.care.physician.navigation import navigation
from portal.care.physician.words import consent_label, state_tone
from portal.care.show import show
from portal.emergency_words import reason_words
from portal.forms import Form, FormFields, blank, parse
from portal.navigation import navigate
from portal.page import render

PAGE = "/arts/noodtoegang"
router = Section(prefix="/noodtoegang")

Breaker = Annotated[Work, care(Permission.BREAK_GLASS)]
BreakerJustProved = Annotated[Work, care(Permission.BREAK_GLASS, fresh=True)]


@router.get("/nieuw")
def new_page(request: Request, work: BreakerJustProved) -> Response:
    """Ask which case, and why it cannot wait."""
    return _form(request, work, blank())


@router.post("/nieuw")
def take(request: Request, work: BreakerJustProved, data: FormFields) -> Response:
    """Open the case for an hour; a try that finds nothing is kept as an event too."""
    form = parse(NewEmergency, data)
    tried = attempt(work.session, form, lambda new: (open_emergency(work.session, work.actor, new),))
    if tried.done is None:
        return _form(request, work, tried.form, tried.status)
    (opened,) = tried.done
    if opened is None:
        said = _("Hiermee is geen dossier te openen. Uw poging is vastgelegd.")
        return _form(request, work, form.refused((FieldError("sought", said),)), 404)
    return flash.redirect(request, f"{PAGE}/{opened}", _("U hebt noodtoegang. De tweede persoon krijgt nu bericht."))


@router.get("/{emergency_id}/dossier")
def file_page(request: Request, work: Breaker, emergency_id: UUID) -> Response:
    """Show the case, as long as the access is open."""
    # The menu is counted first: from the file on, this transaction reads in the emergency and does nothing else.
    request.state.nav = navigate(work, request.url.path, {work.actor.role: navigation})
    found = read_emergency_file(work.session, work.actor, emergency_id)
    return render(
        request,
        "care/physician/emergency_file.html",
        found=found,
        emergency=found.emergency,
        case=found.case,
        consent_label=consent_label,
        reason_words=reason_words,
        state_label=state_label,
        state_tone=state_tone,
    )


@router.post("/{emergency_id}/beeindigen")
def end(
    request: Request,
    work: Annotated[Work, care(Permission.BREAK_GLASS, Permission.REVIEW_EMERGENCY)],
    emergency_id: UUID,
) -> Response:
    """End it before its time."""
    end_emergency(work.session, work.actor, emergency_id)
    return flash.redirect(request, PAGE, _("De noodtoegang is beëindigd."))


def _form(request: Request, work: Work, form: Form[NewEmergency], status: int = 200) -> Response:
    return show(
        request,
        work,
        "care/physician/emergency_new.html",
        status=status,
        form=form,
        reasons=[(reason.value, reason_words(reason)) for reason in EmergencyReason],
        employers=[(str(each.id), each.name) for each in employers_of_others(work.session, work.actor)],
    )
