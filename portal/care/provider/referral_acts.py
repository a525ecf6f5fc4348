"""What a provider does with a referral that it takes: accepts it, plans the first appointment, and begins."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from core.clock import today
from core.language import _
from core.routing import Section
from medical.referrals.answer import accept_referral
from medical.referrals.moves import Outcome
from medical.referrals.run import schedule_referral, start_referral
from medical.referrals.states import Action
from medical.referrals.views import ProviderReferral
from portal import flash
from portal.attempts import attempt
from portal.care.provider.recipients import of_start
from portal.care.provider.referral import Seen, act_page, disclosure_of, find, find_for, show_referral
from portal.care.provider.work import Provider
from portal.forms import Form, FormFields, blank, parse
from portal.open.provider.navigation import REFERRALS
from portal.presenters import day
from portal.typed import TypedDay

router = Section(prefix=f"{REFERRALS}/{{referral_id}}")


class Planned(Seen):
    """When the first appointment is."""

    date: TypedDay


@router.post("/aannemen")
def accept(request: Request, work: Provider, referral_id: UUID, data: FormFields) -> Response:
    """Take the referral."""
    tried = attempt(
        work.session,
        parse(Seen, data),
        lambda seen: accept_referral(work.session, work.actor, referral_id, seen.version),
    )
    if tried.done is None:
        return show_referral(request, work, find(work, referral_id), tried.form, tried.status)
    return _done(request, tried.done, _("Aangenomen. Plan de eerste afspraak uiterlijk op %(day)s."))


@router.get("/inplannen")
def schedule_page(request: Request, work: Provider, referral_id: UUID) -> Response:
    """Ask when the first appointment is."""
    referral = find_for(work, referral_id, Action.SCHEDULE)
    return _schedule(request, work, referral, blank(date=referral.header.line.scheduled_for))


@router.post("/inplannen")
def schedule(request: Request, work: Provider, referral_id: UUID, data: FormFields) -> Response:
    """Plan the first appointment, or move it."""
    tried = attempt(
        work.session,
        parse(Planned, data),
        lambda typed: schedule_referral(work.session, work.actor, referral_id, typed.date, typed.version),
    )
    if tried.done is None:
        return _schedule(request, work, find(work, referral_id), tried.form, tried.status)
    return _done(request, tried.done, _("De eerste afspraak is gepland."))


@router.get("/beginnen")
def start_page(request: Request, work: Provider, referral_id: UUID) -> Response:
    """Say what happens when the intervention begins, before it is recorded."""
    return _start(request, work, find_for(work, referral_id, Action.START), blank())


@router.post("/beginnen")
def start(request: Request, work: Provider, referral_id: UUID, data: FormFields) -> Response:
    """Record that the intervention begins today."""
    tried = attempt(
        work.session,
        parse(Seen, data),
        lambda seen: start_referral(work.session, work.actor, referral_id, seen.version),
    )
    if tried.done is None:
        return show_referral(request, work, find(work, referral_id), tried.form, tried.status)
    return _done(request, tried.done, _("Begonnen. Stuur uw verslag uiterlijk op %(day)s."))


def _schedule(
    request: Request, work: Provider, referral: ProviderReferral, form: Form[Any], status: int = 200
) -> Response:
    return act_page(request, work, "schedule", referral, form, status)


def _start(request: Request, work: Provider, referral: ProviderReferral, form: Form[Any]) -> Response:
    sent_to = of_start(referral.header, disclosure_of(work, referral))
    return act_page(request, work, "start", referral, form, recipients=sent_to, today=today())


def _done(request: Request, done: Outcome, sentence: str) -> Response:
    """Go back to the referral, and say until when the next act is due where the sentence has room for it."""
    told = sentence % {"day": day(done.due_on or today())}
    return flash.redirect(request, f"{REFERRALS}/{done.id}", told)
