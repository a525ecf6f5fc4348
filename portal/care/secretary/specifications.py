"""Specifications of employers' own providers: who sends them, left what came in, right the word that leaves (R55)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from billing.direct_tables import DirectOutcome
from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.direct.connect import connect_direct, list_to_connect
from medical.direct.judge import Judgement, judge_specification
from medical.direct.specifications import get_specification, list_specifications
from medical.direct_tables import SpecificationState
from portal import flash
from portal.attempts import attempt
from portal.blocks import Crossing
from portal.care.secretary.navigation import SPECIFICATIONS
from portal.care.show import show
from portal.care.specification_words import message_labels, reason_labels, state_labels
from portal.forms import Form, FormFields, blank, parse
from portal.presenters import money

router = Section(prefix=SPECIFICATIONS)
PAGE_SIZE = 25
Desk = Annotated[Work, care(Permission.JUDGE_SPECIFICATION)]


class Filters(BaseModel):
    """What the address bar says of which specifications to list."""

    show: Literal["waiting", "all"] = "waiting"
    page: int = Field(default=1, ge=1, le=10_000)


class Connecting(BaseModel):
    """Which organisation a provider is."""

    provider_id: UUID


@router.get("")
def specifications(request: Request, work: Desk) -> Response:
    """List what waits, and who has to be connected."""
    chosen = parse(Filters, request.query_params).value or Filters()
    waiting = chosen.show == "waiting"
    return show(
        request,
        work,
        "care/secretary/specifications.html",
        found=list_specifications(work.session, work.actor, waiting=waiting, page=chosen.page, page_size=PAGE_SIZE),
        waiting=waiting,
        connect=list_to_connect(work.session, work.actor),
        states=state_labels(),
        path=SPECIFICATIONS,
    )


@router.post("/koppelen/{contract_id}")
def connect(request: Request, work: Desk, contract_id: UUID, data: FormFields) -> Response:
    """Connect a provider to the organisation that it is."""
    session, actor = work.session, work.actor
    typed = parse(Connecting, data)
    tried = attempt(session, typed, lambda chosen: connect_direct(session, actor, contract_id, chosen.provider_id))
    said = _("De provider is gekoppeld.") if tried.done else _("Kies een organisatie met dit KvK-nummer.")
    return flash.redirect(request, SPECIFICATIONS, said)


@router.get("/{specification_id}")
def specification(request: Request, work: Desk, specification_id: UUID) -> Response:
    """Show one specification beside what would leave."""
    return _one(request, work, specification_id, blank())


@router.post("/{specification_id}")
def judge(request: Request, work: Desk, specification_id: UUID, data: FormFields) -> Response:
    """Judge a specification."""
    session, actor = work.session, work.actor
    typed = parse(Judgement, data)
    tried = attempt(session, typed, lambda judged: judge_specification(session, actor, specification_id, judged))
    if tried.done is None:
        return _one(request, work, specification_id, tried.form, tried.status)
    return flash.redirect(request, SPECIFICATIONS, _("De werkgever hoort uw antwoord."))


def _one(request: Request, work: Work, specification_id: UUID, form: Form[Any], status: int = 200) -> Response:
    found = get_specification(work.session, work.actor, specification_id)
    line, stays = found.line, None
    crossings = (
        Crossing(_("Factuur"), line.invoice_reference, line.invoice_reference),
        Crossing(_("Bedrag met btw"), money(line.total_cents), money(line.total_cents)),
        Crossing(_("Antwoord"), "–", _("Akkoord, niet akkoord of vraag")),
        Crossing(_("Specificatie"), _("Zie hieronder"), stays),
        Crossing(_("Kenmerk van de werknemer"), found.employee_reference or "–", stays),
        Crossing(_("Reden en vragen"), "–", stays),
    )
    return show(
        request,
        work,
        "care/secretary/specification.html",
        status=status,
        found=found,
        crossings=crossings,
        waits=line.state is SpecificationState.SENT,
        form=form,
        outcomes=[
            (DirectOutcome.AGREED.value, _("Akkoord")),
            (DirectOutcome.NOT_AGREED.value, _("Niet akkoord")),
            (DirectOutcome.QUESTION.value, _("Ik heb een vraag")),
        ],
        states=state_labels(),
        reasons=reason_labels(),
        says=message_labels(),
        path=SPECIFICATIONS,
    )
