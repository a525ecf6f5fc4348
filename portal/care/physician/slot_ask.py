"""Asking who has the first slot: what leaves is shown in full before it does."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from cases.cases_read import get_case
from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.referrals.slots import MOST_ASKED, SlotForm, ask_for_slot
from network.offering_view import OfferingView
from network.offerings_read import get_offering
from network.postcodes import places
from network.slot_tables import Urgency
from network.taxonomy import interventions
from portal import flash
from portal.attempts import attempt
from portal.blocks import Recipient
from portal.care.physician.slots import SLOTS
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse
from portal.slot_words import region_words, urgency_words

router = Section(prefix="/plekken/nieuw")
Asker = Annotated[Work, care(Permission.ASK_FOR_SLOT)]


class Chosen(BaseModel):
    """For which case, and what was ticked among the results."""

    dossier: UUID
    offering: Annotated[list[UUID], Field(max_length=50)] = []


class Asking(BaseModel):
    """What was chosen, and how soon."""

    case_id: UUID
    offering_ids: list[UUID]
    urgency: Urgency


@router.get("")
def ask_page(request: Request, work: Asker) -> Response:
    """Show what would be asked of whom."""
    chosen = parse(Chosen, request.query_params).value
    if chosen is None:
        raise NotFound(_("Kies eerst een dossier en een aanbod."))
    offering_ids = list(dict.fromkeys(chosen.offering))
    form: Form[Any] = blank(case_id=chosen.dossier, offering_ids=[str(each) for each in offering_ids])
    return _page(request, work, chosen.dossier, offering_ids, form)


@router.post("")
def send(request: Request, work: Asker, data: FormFields) -> Response:
    """Ask them."""
    form = parse(Asking, data)
    known = parse(_Known, data).value
    if known is None:
        raise NotFound(_("Kies eerst een dossier en een aanbod."))
    tried = attempt(
        work.session,
        form,
        lambda typed: ask_for_slot(work.session, work.actor, SlotForm.model_validate(typed.model_dump())),
    )
    if tried.done is None:
        return _page(request, work, known.case_id, known.offering_ids, tried.form, tried.status)
    return flash.redirect(
        request, SLOTS, _("De vraag is verstuurd. Zodra iemand plek heeft, staat dat op uw werklijst.")
    )


class _Known(BaseModel):
    """What the form always carries."""

    case_id: UUID
    offering_ids: list[UUID]


def _page(
    request: Request, work: Work, case_id: UUID, offering_ids: list[UUID], form: Form[Any], status: int = 200
) -> Response:
    case = get_case(work.session, work.actor, case_id)
    offerings = [get_offering(work.session, work.actor, each) for each in offering_ids[: MOST_ASKED + 1]]
    kinds = {each.intervention for each in offerings}
    region = places()[case.postcode].province if case.postcode and case.postcode in places() else None
    return show(
        request,
        work,
        "care/physician/slot_ask.html",
        status=status,
        form=form,
        case=case,
        offerings=offerings,
        fault=_fault(offerings, kinds),
        recipients=[_recipient(each, region) for each in offerings],
        urgencies=[(each.value, urgency_words(each).capitalize()) for each in reversed(Urgency)],
    )


def _fault(offerings: list[OfferingView], kinds: set[str]) -> str:
    if not offerings:
        return _("Vink eerst aan bij wie u naar een plek wilt vragen.")
    if len(offerings) > MOST_ASKED:
        return _("Vraag het aan hooguit vijf tegelijk.")
    return _("Kies aanbod van één soort interventie.") if len(kinds) > 1 else ""


def _recipient(offering: OfferingView, region: str | None) -> Recipient:
    return Recipient(
        offering.provider_name,
        "care",
        gets=(interventions()[offering.intervention].name, region_words(region), _("hoe snel het nodig is")),
        never=(_("voor wie het is"), _("de werkgever"), _("de oorzaak"), _("wie het vraagt")),
    )
