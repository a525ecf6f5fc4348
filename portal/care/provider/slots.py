"""What a provider is asked: has he a slot, and when? Nothing on these pages tells for whom."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from core.language import _
from core.routing import Section
from identity.guard import Work
from network.slots import SlotAskView, Standing, decline_slot, get_slot_ask, list_slot_asks, offer_slot
from portal import flash
from portal.attempts import attempt
from portal.blocks import Task
from portal.care.provider.work import Provider
from portal.care.show import show
from portal.forms import Form, FormFields, Place, blank, parse
from portal.open.provider.navigation import SLOTS
from portal.presenters import day
from portal.slot_words import region_words, standing_words, urgency_words
from portal.typed import TypedDay

router = Section(prefix=SLOTS)
PAGE_SIZE = 50


class Offered(BaseModel):
    """On which day somebody can begin."""

    day: TypedDay


@router.get("")
def slot_list(request: Request, work: Provider) -> Response:
    """List what was asked: what waits for an answer first."""
    place = parse(Place, request.query_params).value or Place()
    found = list_slot_asks(work.session, work.actor, place.page, PAGE_SIZE)
    return show(request, work, "care/provider/slots.html", found=found, **_WORDS)


@router.get("/{ask_id}")
def slot_page(request: Request, work: Provider, ask_id: UUID) -> Response:
    """Show what is asked, and ask for a day."""
    return _page(request, work, get_slot_ask(work.session, work.actor, ask_id), blank())


@router.post("/{ask_id}")
def offer(request: Request, work: Provider, ask_id: UUID, data: FormFields) -> Response:
    """Offer a slot: the first keeps it."""
    tried = attempt(
        work.session, parse(Offered, data), lambda typed: offer_slot(work.session, work.actor, ask_id, typed.day)
    )
    if tried.done is None:
        return _page(request, work, get_slot_ask(work.session, work.actor, ask_id), tried.form, tried.status)
    said = _("U bent de eerste. Houd de plek vrij tot en met %(day)s.")
    return flash.redirect(request, f"{SLOTS}/{ask_id}", said % {"day": day(_kept(tried.done))})


@router.post("/{ask_id}/geen-plek")
def decline(request: Request, work: Provider, ask_id: UUID) -> Response:
    """Say that there is no slot."""
    decline_slot(work.session, work.actor, ask_id)
    return flash.redirect(request, SLOTS, _("U hebt gezegd dat u geen plek hebt."))


def slot_task(asked: SlotAskView) -> Task:
    """Return a question as a task of the worklist."""
    word, tone = standing_words(asked.standing)
    first = asked.standing is Standing.FIRST
    about = _("%(region)s, %(urgency)s") % {
        "region": region_words(asked.region),
        "urgency": urgency_words(asked.urgency),
    }
    return Task(
        title=_("%(kind)s: houd een plek vrij") % {"kind": asked.intervention_label}
        if first
        else _("%(kind)s: hebt u een plek?") % {"kind": asked.intervention_label},
        href=f"{SLOTS}/{asked.id}",
        act=_("Bekijk") if first else _("Antwoord"),
        about=about,
        since=asked.asked_on,
        due=asked.held_until if first else asked.answer_by,
        tag=word.capitalize(),
        tone=tone,
    )


def _kept(asked: SlotAskView) -> date:
    return asked.held_until or asked.answer_by


def _page(request: Request, work: Work, asked: SlotAskView, form: Form[Any], status: int = 200) -> Response:
    waits = asked.standing is Standing.ASKED
    return show(
        request,
        work,
        "care/provider/slot.html",
        status=status,
        asked=asked,
        waits=waits,
        form=form,
        base=SLOTS,
        **_WORDS,
    )


_WORDS: dict[str, Any] = {
    "region_words": region_words,
    "standing_words": standing_words,
    "urgency_words": urgency_words,
}
