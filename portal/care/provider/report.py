"""The provider's report: written in two parts, looked at, and then sent once (R24 scope d, R75)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from core.language import _
from core.routing import Section
from core.validation import Prose
from medical.referrals.forms import LONGEST_CLINICAL, LONGEST_TEXT, LimitedProse, ReportForm
from medical.referrals.reasons import goal_label
from medical.referrals.reports import report_on_referral
from medical.referrals.states import Action
from medical.referrals.views import ProviderReferral
from medical.tables import GoalReached
from portal import flash
from portal.attempts import attempt
from portal.care.provider.recipients import of_report
from portal.care.provider.referral import Seen, act_page, find, find_for, show_referral
from portal.care.provider.words import goal_choices
from portal.care.provider.work import Provider
from portal.forms import Form, FormFields, blank, parse
from portal.open.provider.navigation import REFERRALS
from portal.two_steps import Step, pressed, reopened

router = Section(prefix=f"{REFERRALS}/{{referral_id}}/verslag")


class Report(Seen):
    """A report as it is typed; the clinical part is only asked where the employee lets it go back."""

    clinical: Annotated[Prose, Field(max_length=LONGEST_CLINICAL)] | None = None
    functional: LimitedProse
    goal_reached: GoalReached

    @property
    def as_form(self) -> ReportForm:
        """The same as the medical room takes it."""
        return ReportForm(clinical=self.clinical, functional=self.functional, goal_reached=self.goal_reached)


@router.get("")
def report_page(request: Request, work: Provider, referral_id: UUID) -> Response:
    """Show the form for the report."""
    return _write(request, work, find_for(work, referral_id, Action.REPORT), blank())


@router.post("")
def report(request: Request, work: Provider, referral_id: UUID, data: FormFields) -> Response:
    """Show who will read what, and then send the report."""
    step, fields = pressed(data)
    form = parse(Report, fields)
    if step is Step.SEND and form.value is not None:
        return _send(request, work, referral_id, form)
    referral = find_for(work, referral_id, Action.REPORT)
    if step is Step.EDIT:
        return _write(request, work, referral, reopened(form))
    if form.value is None:
        return _write(request, work, referral, form, 422)
    clinical = form.value.clinical if referral.reports_back else None
    return act_page(
        request,
        work,
        "report_check",
        referral,
        form,
        report=form.value,
        clinical=clinical,
        reports_back=referral.reports_back,
        goal=goal_label(form.value.goal_reached),
        recipients=of_report(referral.header, clinical=clinical is not None),
    )


def _send(request: Request, work: Provider, referral_id: UUID, form: Form[Report]) -> Response:
    tried = attempt(
        work.session,
        form,
        lambda typed: report_on_referral(work.session, work.actor, referral_id, typed.as_form, typed.version),
    )
    if tried.done is None:
        return show_referral(request, work, find(work, referral_id), tried.form, tried.status)
    told = " ".join(tried.done.notices) or _("Uw verslag is verstuurd. U kunt nu factureren.")
    return flash.redirect(request, f"{REFERRALS}/{referral_id}", told)


def _write(
    request: Request, work: Provider, referral: ProviderReferral, form: Form[Any], status: int = 200
) -> Response:
    return act_page(
        request,
        work,
        "report",
        referral,
        form,
        status,
        goal=referral.goal,
        question=referral.question,
        reports_back=referral.reports_back,
        goals=goal_choices(),
        longest_clinical=LONGEST_CLINICAL,
        longest_text=LONGEST_TEXT,
    )
