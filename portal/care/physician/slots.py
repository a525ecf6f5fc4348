"""The questions for a first free slot: how each stands, and on to the referral."""

from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from core.language import _
from core.routing import Section
from medical.referrals.slots import UNSETTLED, SlotQuestionView, close_slot_question, list_slot_questions
from network.slot_tables import SlotState
from portal import flash
from portal.blocks import Task
from portal.care.physician.guards import Referrer
from portal.care.show import show
from portal.forms import Place, parse
from portal.presenters import day
from portal.slot_words import region_words, standing_words, urgency_words

SLOTS = "/arts/plekken"
router = Section(prefix="/plekken")
PAGE_SIZE = 20


@router.get("")
def slot_list(request: Request, work: Referrer) -> Response:
    """List the questions, the latest first, each with who answered what."""
    place = parse(Place, request.query_params).value or Place()
    return show(
        request,
        work,
        "care/physician/slots.html",
        found=list_slot_questions(work.session, work.actor, place.page, PAGE_SIZE),
        unsettled=UNSETTLED,
        state_words=state_words,
        refer_address=refer_address,
        region_words=region_words,
        standing_words=standing_words,
        urgency_words=urgency_words,
    )


@router.post("/{question_id}/sluiten")
def close(request: Request, work: Referrer, question_id: UUID) -> Response:
    """End a question; who was asked is released."""
    close_slot_question(work.session, work.actor, question_id)
    return flash.redirect(request, SLOTS, _("De vraag is gesloten. Niemand houdt meer een plek vrij."))


def state_words(state: SlotState) -> tuple[str, str]:
    """Return how a question stands for who asked, and in which tone."""
    return {
        SlotState.OPEN: (_("wacht op antwoord"), "warn"),
        SlotState.HELD: (_("plek vrijgehouden"), "good"),
        SlotState.USED: (_("verwezen"), "good"),
        SlotState.LAPSED: (_("plek vervallen"), "bad"),
        SlotState.EXPIRED: (_("geen plek op tijd"), "bad"),
        SlotState.CLOSED: (_("gesloten"), "quiet"),
    }[state]


def slot_task(asked: SlotQuestionView) -> Task:
    """Return a question as a task of the worklist: refer to who keeps a slot, or go on another way."""
    word, tone = state_words(asked.state)
    who = asked.employee_name or asked.employee_reference
    kept = asked.first if asked.state is SlotState.HELD else None
    about = (
        _("%(who)s: %(provider)s heeft plek op %(day)s")
        if kept
        else _("%(who)s: kies een ander aanbod, of sluit de vraag")
    )
    shown = {
        "who": who,
        "provider": kept.provider_name if kept else "",
        "day": day(kept.day) if kept and kept.day else "",
    }
    return Task(
        title=_("Plek voor %(kind)s") % {"kind": asked.intervention_label},
        href=refer_address(asked) if kept else f"{SLOTS}#plek-{asked.id}",
        act=_("Verwijs") if kept else _("Bekijk"),
        about=about % shown,
        since=asked.asked_on,
        due=asked.held_until if kept else None,
        tag=word.capitalize(),
        tone=tone,
    )


def refer_address(asked: SlotQuestionView) -> str:
    """Return where the referral to who keeps the slot begins."""
    offering_id = asked.first.offering_id if asked.first else None
    return f"/arts/verwijzingen/nieuw?{urlencode({'case_id': asked.case_id, 'offering_id': offering_id})}"
