"""Providers that the employer contracts itself: registered here, and the one word it hears of an invoice (R55)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from billing.direct.contracts import (
    DirectContractView,
    NewDirectContract,
    end_direct,
    list_direct,
    list_direct_answers,
    register_direct,
)
from billing.direct_tables import DirectOutcome
from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from portal import flash
from portal.attempts import attempt
from portal.forms import Form, FormFields, blank, parse
from portal.open.employer.navigation import DIRECT
from portal.open.show import show
from portal.two_steps import Step, pressed, reopened

router = Section(prefix=DIRECT)
PAGE_SIZE = 25
Employer = Annotated[Work, open_side(Permission.KEEP_DIRECT_CONTRACTS)]


class Place(BaseModel):
    """Which page of the answers."""

    page: int = Field(default=1, ge=1, le=10_000)


@router.get("")
def contracts(request: Request, work: Employer) -> Response:
    """List the own providers, and what was heard of their invoices."""
    page = (parse(Place, request.query_params).value or Place()).page
    return show(
        request,
        work,
        "open/employer/direct.html",
        contracts=list_direct(work.session, work.actor),
        answers=list_direct_answers(work.session, work.actor, page, PAGE_SIZE),
        outcomes=outcome_labels(),
        path=DIRECT,
    )


@router.get("/nieuw")
def new_page(request: Request, work: Employer) -> Response:
    """Ask who the provider is."""
    return _write(request, work, blank())


@router.post("/nieuw")
def new(request: Request, work: Employer, data: FormFields) -> Response:
    """Show what will be sent to whom, and then register the provider."""
    step, fields = pressed(data)
    form = parse(NewDirectContract, fields)
    if step is Step.EDIT:
        return _write(request, work, reopened(form))
    if form.value is None:
        return _write(request, work, form, 422)
    if step is not Step.SEND:
        return show(request, work, "open/employer/direct_check.html", form=form, new=form.value, path=DIRECT)
    tried = attempt(work.session, form, lambda typed: register_direct(work.session, work.actor, typed))
    if tried.done is None:
        return _write(request, work, tried.form, tried.status)
    return flash.redirect(request, DIRECT, _("De provider is aangemeld."))


@router.get("/{contract_id}/beeindigen")
def end_page(request: Request, work: Employer, contract_id: UUID) -> Response:
    """Ask whether the contract ends."""
    return show(request, work, "open/employer/direct_end.html", contract=_mine(work, contract_id), path=DIRECT)


@router.post("/{contract_id}/beeindigen")
def end(request: Request, work: Employer, contract_id: UUID) -> Response:
    """End a contract."""
    end_direct(work.session, work.actor, contract_id)
    return flash.redirect(request, DIRECT, _("Het contract is beëindigd."))


def outcome_labels() -> dict[DirectOutcome, tuple[str, str]]:
    """Return the three words that an employer hears, each with its tone."""
    return {
        DirectOutcome.AGREED: (_("Akkoord"), "good"),
        DirectOutcome.NOT_AGREED: (_("Niet akkoord"), "bad"),
        DirectOutcome.QUESTION: (_("Vraag"), "warn"),
    }


def _mine(work: Work, contract_id: UUID) -> DirectContractView:
    for each in list_direct(work.session, work.actor):
        if each.id == contract_id and not each.ended:
            return each
    raise NotFound(_("Niet gevonden."))


def _write(request: Request, work: Work, form: Form[Any], status: int = 200) -> Response:
    return show(request, work, "open/employer/direct_new.html", status=status, form=form, path=DIRECT)
