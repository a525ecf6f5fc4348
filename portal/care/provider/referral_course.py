"""What a provider does while a referral is under way: ask for information, interrupt, and go on."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from core.language import _
from core.routing import Section
from medical.referrals.ask import ask_information
from medical.referrals.forms import InterruptForm, LimitedProse, WordsForm
from medical.referrals.interrupt import interrupt_referral, resume_referral
from medical.referrals.moves import Outcome
from medical.referrals.states import Action
from medical.referrals.views import ProviderReferral
from portal import flash
from portal.attempts import attempt
from portal.care.interruption import Interruption, interruption_choices
from portal.care.provider.referral import Seen, act_page, find, find_for, show_referral
from portal.care.provider.work import Provider
from portal.forms import Form, FormFields, blank, parse
from portal.open.provider.navigation import REFERRALS

router = Section(prefix=f"{REFERRALS}/{{referral_id}}")


class Question(Seen):
    """What the provider wants to know."""

    words: LimitedProse


@router.get("/vraag")
def ask_page(request: Request, work: Provider, referral_id: UUID) -> Response:
    """Ask what the provider wants to know."""
    return act_page(request, work, "ask", find_for(work, referral_id, Action.ASK), blank())


@router.post("/vraag")
def ask(request: Request, work: Provider, referral_id: UUID, data: FormFields) -> Response:
    """Put a question to whoever referred."""

    def act(typed: Question) -> Outcome:
        return ask_information(work.session, work.actor, referral_id, WordsForm(words=typed.words), typed.version)

    tried = attempt(work.session, parse(Question, data), act)
    if tried.done is None:
        return act_page(request, work, "ask", find(work, referral_id), tried.form, tried.status)
    return flash.redirect(request, f"{REFERRALS}/{referral_id}", _("Uw vraag is verstuurd."))


@router.get("/onderbreken")
def interrupt_page(request: Request, work: Provider, referral_id: UUID) -> Response:
    """Ask why the intervention stands still, and until when."""
    return _interrupt(request, work, find_for(work, referral_id, Action.INTERRUPT), blank())


@router.post("/onderbreken")
def interrupt(request: Request, work: Provider, referral_id: UUID, data: FormFields) -> Response:
    """Let the intervention stand still for a time."""

    def act(typed: Interruption) -> Outcome:
        form = InterruptForm(reason=typed.reason, until=typed.until)
        return interrupt_referral(work.session, work.actor, referral_id, form, typed.version)

    tried = attempt(work.session, parse(Interruption, data), act)
    if tried.done is None:
        return _interrupt(request, work, find(work, referral_id), tried.form, tried.status)
    return flash.redirect(request, f"{REFERRALS}/{referral_id}", _("De interventie is onderbroken."))


@router.post("/hervatten")
def resume(request: Request, work: Provider, referral_id: UUID, data: FormFields) -> Response:
    """Let the intervention go on."""
    tried = attempt(
        work.session,
        parse(Seen, data),
        lambda seen: resume_referral(work.session, work.actor, referral_id, seen.version),
    )
    if tried.done is None:
        return show_referral(request, work, find(work, referral_id), tried.form, tried.status)
    return flash.redirect(request, f"{REFERRALS}/{referral_id}", _("De interventie gaat weer door."))


def _interrupt(
    request: Request, work: Provider, referral: ProviderReferral, form: Form[Any], status: int = 200
) -> Response:
    return act_page(request, work, "interrupt", referral, form, status, interruptions=interruption_choices())
