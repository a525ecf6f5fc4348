"""Specifications for employers that contract the provider: sent to the secretariat, and its questions answered."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from billing.direct.reference import CleanReference
from core.language import _
from core.routing import Section
from core.validation import OneLine, Prose
from identity.guard import Work, care
from identity.policy import Permission
from medical.direct.specifications import (
    NewSpecification,
    Words,
    answer_direct_question,
    direct_contracts_held,
    get_specification,
    list_specifications,
    send_specification,
)
from medical.direct_tables import SpecificationState
from portal import flash
from portal.attempts import attempt
from portal.blocks import Recipient
from portal.care.show import show
from portal.care.specification_words import message_labels, reason_labels, state_labels
from portal.forms import Form, FormFields, blank, parse
from portal.open.provider.navigation import SPECIFICATIONS
from portal.presenters import money
from portal.two_steps import Step, pressed, reopened
from portal.typed import Euros

router = Section(prefix=SPECIFICATIONS)
PAGE_SIZE = 25
Sender = Annotated[Work, care(Permission.SEND_SPECIFICATION)]


class Place(BaseModel):
    """Which page of the list."""

    page: int = Field(default=1, ge=1, le=10_000)


class Typed(BaseModel):
    """A specification as it is typed."""

    model_config = ConfigDict(extra="forbid")

    contract_id: UUID
    invoice_reference: CleanReference
    total_cents: Annotated[Euros, Field(gt=0, le=100_000_000)]
    employee_reference: Annotated[OneLine, Field(max_length=40)] | None = None
    specification: Annotated[Prose, Field(max_length=10_000)]

    @property
    def as_new(self) -> NewSpecification:
        """The same as the medical room takes it."""
        return NewSpecification(**self.model_dump())


class Answer(BaseModel):
    """What the provider answers."""

    words: Words


@router.get("")
def specifications(request: Request, work: Sender) -> Response:
    """List what was sent, and for whom one can send."""
    page = (parse(Place, request.query_params).value or Place()).page
    return show(
        request,
        work,
        "care/provider/specifications.html",
        found=list_specifications(work.session, work.actor, page=page, page_size=PAGE_SIZE),
        contracts=direct_contracts_held(work.session, work.actor),
        states=state_labels(),
        path=SPECIFICATIONS,
    )


@router.get("/nieuw")
def new_page(request: Request, work: Sender) -> Response:
    """Show the form."""
    return _write(request, work, blank())


@router.post("/nieuw")
def new(request: Request, work: Sender, data: FormFields) -> Response:
    """Show what will be sent to whom, and then send it."""
    step, fields = pressed(data)
    form = parse(Typed, fields)
    if step is Step.EDIT:
        return _write(request, work, reopened(form))
    if form.value is None:
        return _write(request, work, form, 422)
    if step is not Step.SEND:
        return _check(request, work, form, form.value)
    tried = attempt(work.session, form, lambda typed: send_specification(work.session, work.actor, typed.as_new))
    if tried.done is None:
        return _write(request, work, tried.form, tried.status)
    return flash.redirect(request, f"{SPECIFICATIONS}/{tried.done}", _("De specificatie is verstuurd."))


@router.get("/{specification_id}")
def specification(request: Request, work: Sender, specification_id: UUID) -> Response:
    """Show one specification."""
    return _one(request, work, specification_id, blank())


@router.post("/{specification_id}")
def answer(request: Request, work: Sender, specification_id: UUID, data: FormFields) -> Response:
    """Answer a question of the secretariat."""
    session, actor = work.session, work.actor
    typed = parse(Answer, data)
    tried = attempt(session, typed, lambda said: answer_direct_question(session, actor, specification_id, said.words))
    if tried.done is None:
        return _one(request, work, specification_id, tried.form, tried.status)
    return flash.redirect(request, f"{SPECIFICATIONS}/{specification_id}", _("Uw antwoord is verstuurd."))


def _check(request: Request, work: Work, form: Form[Typed], typed: Typed) -> Response:
    held = {each.id: each.employer_name for each in direct_contracts_held(work.session, work.actor)}
    recipients = (
        Recipient(
            _("Het medisch secretariaat"), "care", (_("De hele specificatie"), _("Het kenmerk van de werknemer"))
        ),
        Recipient(
            held.get(typed.contract_id, _("De werkgever")),
            "open",
            (typed.invoice_reference, money(typed.total_cents), _("Akkoord, niet akkoord of vraag")),
            (_("Wat u deed"), _("Voor wie"), _("Wanneer")),
        ),
    )
    return show(
        request,
        work,
        "care/provider/specification_check.html",
        form=form,
        typed=typed,
        recipients=recipients,
        path=SPECIFICATIONS,
    )


def _one(request: Request, work: Work, specification_id: UUID, form: Form[Any], status: int = 200) -> Response:
    found = get_specification(work.session, work.actor, specification_id)
    return show(
        request,
        work,
        "care/provider/specification.html",
        status=status,
        found=found,
        asked=found.line.state is SpecificationState.QUESTION,
        form=form,
        states=state_labels(),
        reasons=reason_labels(),
        says=message_labels(),
        path=SPECIFICATIONS,
    )


def _write(request: Request, work: Work, form: Form[Any], status: int = 200) -> Response:
    contracts = direct_contracts_held(work.session, work.actor)
    return show(
        request,
        work,
        "care/provider/specification_new.html",
        status=status,
        form=form,
        employers=[(str(each.id), each.employer_name) for each in contracts],
        path=SPECIFICATIONS,
    )
