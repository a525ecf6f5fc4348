"""Publishing an offering and changing one: filled in, looked at as others will see it, and then submitted (R29)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from core.language import _
from core.routing import Section
from network.offering_values import LONGEST_DESCRIPTION, free_text_warning
from network.offering_view import OfferingView
from network.offerings_publish import change_offering, publish_offering
from network.offerings_read import get_offering
from network.tables import OfferingState
from portal import flash
from portal.attempts import attempt
from portal.blocks import Recipient
from portal.forms import Form, FormFields, blank, parse
from portal.offering_words import offering_facts
from portal.open.provider.navigation import OFFERINGS
from portal.open.provider.offering_fields import TypedOffering, choices, first_values
from portal.open.provider.words import preview
from portal.open.provider.work import Publisher
from portal.open.show import show
from portal.rehearsal import rehearse
from portal.two_steps import Step, pressed, reopened

router = Section(prefix=OFFERINGS)
Act = Callable[[TypedOffering], OfferingView]


@router.get("/nieuw")
def new_page(request: Request, work: Publisher) -> Response:
    """Show an empty form."""
    return _write(request, work, blank(price_unit="session"), None)


@router.post("/nieuw")
def publish(request: Request, work: Publisher, data: FormFields) -> Response:
    """Show how others will see it, and then submit it for approval."""
    return _two_steps(
        request, work, data, None, lambda typed: publish_offering(work.session, work.actor, typed.values_typed).offering
    )


@router.get("/{offering_id}/wijzigen")
def change_page(request: Request, work: Publisher, offering_id: UUID) -> Response:
    """Show the form with what is stated now."""
    offering = get_offering(work.session, work.actor, offering_id)
    return _write(request, work, blank(first_values(offering)), offering)


@router.post("/{offering_id}/wijzigen")
def change(request: Request, work: Publisher, offering_id: UUID, data: FormFields) -> Response:
    """Show how others will see it, and then submit the change."""
    before = get_offering(work.session, work.actor, offering_id)
    return _two_steps(
        request,
        work,
        data,
        before,
        lambda typed: change_offering(work.session, work.actor, offering_id, typed.values_typed, typed.version),
    )


def _two_steps(request: Request, work: Publisher, data: FormFields, before: OfferingView | None, act: Act) -> Response:
    step, fields = pressed(data)
    form = parse(TypedOffering, fields)
    if step is Step.EDIT:
        return _write(request, work, reopened(form), before)
    if step is Step.SEND:
        tried = attempt(work.session, form, act)
    else:
        tried = attempt(work.session, form, lambda typed: rehearse(work.session, lambda: act(typed)))
    if tried.done is None:
        return _write(request, work, tried.form, before, tried.status)
    if step is Step.SEND:
        return _submitted(request, tried.done)
    return _check(request, work, tried.form, before, tried.done)


def _write(
    request: Request, work: Publisher, form: Form[Any], before: OfferingView | None, status: int = 200
) -> Response:
    return show(
        request,
        work,
        "open/provider/offering_form.html",
        status=status,
        form=form,
        before=before,
        base=f"{OFFERINGS}/{before.id}" if before else OFFERINGS,
        longest=LONGEST_DESCRIPTION,
        warning=free_text_warning(),
        choices=choices(),
    )


def _check(
    request: Request, work: Publisher, form: Form[Any], before: OfferingView | None, offering: OfferingView
) -> Response:
    waits = offering.state is OfferingState.SUBMITTED
    return show(
        request,
        work,
        "open/provider/offering_check.html",
        form=form,
        offering=offering,
        facts=offering_facts(offering),
        seen=preview(offering),
        base=f"{OFFERINGS}/{before.id}" if before else OFFERINGS,
        waits=waits,
        hides=waits and before is not None and before.state is OfferingState.APPROVED,
        recipients=_recipients() if waits else [],
    )


def _recipients() -> list[Recipient]:
    network = (_("Dit aanbod, om goed te keuren"),)
    others = (_("Dit aanbod, zodra het is goedgekeurd"),)
    never = (_("Dit aanbod, zolang het niet is goedgekeurd"),)
    return [
        Recipient(_("Netwerkbeheer van de arbodienst"), "open", network),
        Recipient(_("Bedrijfsartsen en wie voor hen zoekt"), "care", others, never),
    ]


def _submitted(request: Request, offering: OfferingView) -> Response:
    waits = offering.state is OfferingState.SUBMITTED
    told = _("Ingestuurd. Netwerkbeheer kijkt ernaar.") if waits else _("De wijziging is bewaard.")
    return flash.redirect(request, f"{OFFERINGS}/{offering.id}", told)
