"""Turning a referral down: why, by a code; then what is sent to whom; and only then it is done (R10)."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from core.language import _
from core.routing import Section
from medical.referrals.answer import decline_referral
from medical.referrals.reasons import DeclineReason, reason_label
from medical.referrals.states import Action
from medical.referrals.views import ProviderReferral
from portal import flash
from portal.attempts import attempt
from portal.care.provider.recipients import of_decline
from portal.care.provider.referral import Seen, act_page, disclosure_of, find, find_for, show_referral
from portal.care.provider.work import Provider
from portal.forms import Form, FormFields, blank, parse
from portal.open.provider.navigation import REFERRALS
from portal.two_steps import Step, pressed, reopened

router = Section(prefix=f"{REFERRALS}/{{referral_id}}/afwijzen")


class Declined(Seen):
    """Why the referral is not taken."""

    reason: DeclineReason


@router.get("")
def decline_page(request: Request, work: Provider, referral_id: UUID) -> Response:
    """Ask why the referral is not taken."""
    return _ask(request, work, find_for(work, referral_id, Action.DECLINE), blank())


@router.post("")
def decline(request: Request, work: Provider, referral_id: UUID, data: FormFields) -> Response:
    """Show what is sent to whom, and then turn the referral down."""
    step, fields = pressed(data)
    form = parse(Declined, fields)
    if step is Step.SEND and form.value is not None:
        return _send(request, work, referral_id, form)
    referral = find_for(work, referral_id, Action.DECLINE)
    if step is Step.EDIT:
        return _ask(request, work, referral, reopened(form))
    if form.value is None:
        return _ask(request, work, referral, form, 422)
    sent_to = of_decline(referral.header, disclosure_of(work, referral))
    reason = reason_label(form.value.reason.value)
    return act_page(request, work, "decline_check", referral, form, reason=reason, recipients=sent_to)


def _send(request: Request, work: Provider, referral_id: UUID, form: Form[Declined]) -> Response:
    tried = attempt(
        work.session,
        form,
        lambda typed: decline_referral(work.session, work.actor, referral_id, typed.reason, typed.version),
    )
    if tried.done is None:
        return show_referral(request, work, find(work, referral_id), tried.form, tried.status)
    return flash.redirect(request, REFERRALS, _("U hebt de verwijzing niet aangenomen. De bedrijfsarts weet het."))


def _ask(request: Request, work: Provider, referral: ProviderReferral, form: Form[Any], status: int = 200) -> Response:
    reasons = [(reason.value, reason_label(reason.value)) for reason in DeclineReason]
    return act_page(request, work, "decline", referral, form, status, reasons=reasons)
