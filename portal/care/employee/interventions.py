"""The interventions of an employee: a list in plain words, and each with everything that is written about it (R27)."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from core.downloads import download
from core.errors import NotFound
from core.language import _
from core.routing import Section
from medical.referrals.letters import open_letter
from medical.referrals.list import list_referrals
from medical.referrals.read import read_referral
from medical.referrals.reasons import goal_label, work_label
from medical.referrals.satisfaction import Score, rate_help
from medical.referrals.views import EmployeeReferral
from network.offerings_read import describe_offerings
from network.taxonomy import Disclosure
from portal import flash
from portal.attempts import attempt
from portal.care.employee.words import score_words, state_tone, state_words, what_now
from portal.care.employee.work import Myself
from portal.care.history import history
from portal.care.show import show
from portal.care.talk import message_label
from portal.forms import Form, FormFields, Place, blank, parse
from portal.offering_words import units_words
from portal.open.employee.navigation import INTERVENTIONS

router = Section(prefix=INTERVENTIONS)
PAGE_SIZE = 20


@router.get("")
def intervention_list(request: Request, work: Myself) -> Response:
    """List the employee's interventions, the newest first."""
    place = parse(Place, request.query_params).value or Place()
    return show(
        request,
        work,
        "care/employee/interventions.html",
        interventions=list_referrals(work.session, work.actor, None, place.page, PAGE_SIZE),
        base=INTERVENTIONS,
        state_words=state_words,
        state_tone=state_tone,
        what_now=what_now,
    )


@router.get("/{referral_id}")
def intervention_page(request: Request, work: Myself, referral_id: UUID) -> Response:
    """Show one intervention: what it is for, how it stands, and what was written about it."""
    return _page(request, work, referral_id, blank())


@router.post("/{referral_id}/tevreden")
def rate(request: Request, work: Myself, referral_id: UUID, data: FormFields) -> Response:
    """Keep how satisfied the employee was with it."""
    tried = attempt(
        work.session, parse(Score, data), lambda said: rate_help(work.session, work.actor, referral_id, said)
    )
    if tried.done is None:
        return _page(request, work, referral_id, tried.form, tried.status)
    return flash.redirect(request, f"{INTERVENTIONS}/{referral_id}", _("Dank u. Uw antwoord is bewaard."))


def _page(request: Request, work: Myself, referral_id: UUID, form: Form[Any], status: int = 200) -> Response:
    found = read_referral(work.session, work.actor, referral_id)
    if not isinstance(found, EmployeeReferral):
        raise NotFound(_("Deze verwijzing is er niet."))
    line = found.header.line
    offering = describe_offerings(work.session, [line.offering_id]).get(line.offering_id)
    return show(
        request,
        work,
        "care/employee/intervention.html",
        referral=found,
        header=found.header,
        line=line,
        is_open=offering is not None and offering.disclosure is Disclosure.OPEN,
        events=history(found.events),
        goal_label=goal_label,
        work_label=work_label,
        message_label=message_label,
        state_words=state_words,
        state_tone=state_tone,
        what_now=what_now(line),
        units_words=units_words,
        form=form,
        status=status,
        scores=[(str(score), score_words(score)) for score in (5, 4, 3, 2, 1)],
        score_words=score_words,
    )


@router.get("/{referral_id}/brief.pdf")
def letter_file(work: Myself, referral_id: UUID) -> Response:
    """Return the letter to whoever helps, as it was sent."""
    file = open_letter(work.session, work.actor, referral_id)
    return download(file.name, file.content, "application/pdf")
