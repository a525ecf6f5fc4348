"""The physician's own estimate of days saved, without which no insurer is asked (R60)."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from core.language import _
from core.routing import Section
from identity.guard import Work
from medical.referrals.estimate import (
    Estimate,
    Estimated,
    ToEstimate,
    estimate_days,
    estimate_of,
    estimates_waiting,
    may_estimate,
)
from portal import flash
from portal.attempts import attempt
from portal.blocks import Task
from portal.care.physician.guards import Physician
from portal.care.physician.referral import read_for_care
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse
from portal.presenters import days

router = Section(prefix="/verwijzingen/{referral_id}/dagen")


@router.get("")
def estimate_page(request: Request, work: Physician, referral_id: UUID) -> Response:
    """Ask how many days the physician expects, beginning with what the referral says."""
    stated = read_for_care(work.session, work.actor, referral_id).expected_days_saved
    return _page(request, work, referral_id, blank(days=stated) if stated else blank())


@router.post("")
def estimate(request: Request, work: Physician, referral_id: UUID, data: FormFields) -> Response:
    """Keep the estimate, and say whether an insurer can be asked with it."""
    tried = attempt(
        work.session,
        parse(Estimate, data),
        lambda typed: estimate_days(work.session, work.actor, referral_id, typed),
    )
    if tried.done is None:
        return _page(request, work, referral_id, tried.form, tried.status)
    return flash.redirect(request, f"/arts/verwijzingen/{referral_id}", _said(tried.done))


def estimate_tasks(work: Work) -> list[Task]:
    """Return the referrals that wait for an estimate."""
    return [_task(each) for each in estimates_waiting(work.session, work.actor)]


def _said(done: Estimated) -> str:
    if done.is_prepared:
        return _("Uw schatting is bewaard. Het verzoek aan de verzekeraar staat klaar bij de casemanager.")
    return _(
        "Uw schatting is bewaard. Er is geen verzekeraar die kan meebetalen, of de werknemer stemt daar niet mee in."
    )


def _task(each: ToEstimate) -> Task:
    about = _("Werknemer %(reference)s, %(employer)s. In de verwijzing staat: %(days)s.")
    return Task(
        title=_("%(intervention)s: schat de dagen") % {"intervention": each.intervention_label},
        href=f"/arts/verwijzingen/{each.referral_id}/dagen",
        act=_("Schat de dagen"),
        about=about
        % {
            "reference": each.employee_reference,
            "employer": each.employer_name,
            "days": days(each.stated_days) if each.stated_days else _("niets"),
        },
        since=each.issued_on,
    )


def _page(request: Request, work: Work, referral_id: UUID, form: Form[Any], status: int = 200) -> Response:
    referral = read_for_care(work.session, work.actor, referral_id)
    return show(
        request,
        work,
        "care/physician/referral_estimate.html",
        status=status,
        form=form,
        referral=referral,
        line=referral.header.line,
        estimate=estimate_of(work.session, work.actor, referral_id),
        may_estimate=may_estimate(work.session, work.actor, referral_id),
    )
