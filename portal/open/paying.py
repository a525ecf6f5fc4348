"""Paying an invoice: on to the page of the payment provider and back, and the local page that stands in for one."""

from collections.abc import Callable
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from billing.paying.gateway import GatewayRefused
from billing.paying.gateway_local import LocalGateway
from billing.paying.gateway_local_acts import Outside
from billing.paying.gateways import gateway_of
from billing.paying.payments import PaymentView, get_payment, look_after_payment, open_payment
from billing.payment_tables import PaymentState
from core.errors import Conflict, NotFound
from core.language import _
from core.routing import Section
from identity.actor import Actor
from identity.guard import Work, database_of, open_side, settings_of
from identity.policy import Permission
from portal import flash
from portal.forms import FormFields, blank, parse
from portal.homes import home_of
from portal.open.show import show

router = Section(prefix="/betalen")
Payer = Annotated[Work, open_side(Permission.PAY_INVOICE)]
Act = Literal["ideal", "debit", "failing", "refuse"]

ACTS: dict[Act, Callable[[Outside, str], None]] = {
    "ideal": Outside.pay,
    "debit": Outside.debit,
    "failing": lambda outside, reference: outside.debit(reference, fails=True),
    "refuse": Outside.refuse,
}


class Chosen(BaseModel):
    """What the payer does on the local page."""

    act: Act = "ideal"


def go_and_pay(request: Request, work: Work, invoice_id: UUID) -> Response:
    """Open a payment of an invoice and send its payer to the page on which he pays it."""
    gateway = gateway_of(settings_of(request))
    opened = open_payment(work.session, work.actor, invoice_id, gateway, database_of(request))
    return RedirectResponse(opened.url, status_code=303)


@router.get("/{payment_id}/terug")
def come_back(request: Request, work: Payer, payment_id: UUID) -> Response:
    """Look at once what came of a payment, and say so at the invoice; the message of the provider may take a while."""
    gateway = gateway_of(settings_of(request))
    payment = look_after_payment(work.session, work.actor, payment_id, gateway, database_of(request))
    return _back_to_invoice(request, work, payment)


@router.get("/{payment_id}")
def local_page(request: Request, work: Payer, payment_id: UUID) -> Response:
    """Show the page of the local gateway."""
    _local_gateway(request)
    payment = get_payment(work.session, work.actor, payment_id)
    return show(
        request,
        work,
        "open/payment.html",
        payment=payment,
        is_open=payment.state is PaymentState.OPEN and not payment.invoice.is_paid,
        back=_page_of(work.actor, payment.invoice.id),
        form=blank(act="ideal"),
    )


@router.post("/{payment_id}")
def pay(request: Request, work: Payer, payment_id: UUID, data: FormFields) -> Response:
    """Do what the payer chose, and go back to the invoice."""
    gateway = _local_gateway(request)
    payment = get_payment(work.session, work.actor, payment_id)
    chosen = parse(Chosen, data).value or Chosen()
    if payment.state is PaymentState.OPEN:
        try:
            ACTS[chosen.act](Outside(gateway), payment.reference)
        except GatewayRefused as refused:
            if refused.code != "payment_intent_unexpected_state":  # somebody else was quicker on the same page
                raise Conflict(_("De betaaldienst weigert deze betaling.")) from refused
    payment = look_after_payment(work.session, work.actor, payment_id, gateway, database_of(request))
    return _back_to_invoice(request, work, payment)


def _back_to_invoice(request: Request, work: Work, payment: PaymentView) -> Response:
    said = {
        PaymentState.OPEN: _("Factuur %(number)s is nog niet betaald."),
        PaymentState.PROCESSING: _("De incasso van factuur %(number)s is onderweg. Dit duurt enkele dagen."),
        PaymentState.PAID: _("Factuur %(number)s is betaald."),
        PaymentState.FAILED: _("De betaling van factuur %(number)s is niet gelukt. U kunt opnieuw betalen."),
        PaymentState.REVERSED: _("De betaling van factuur %(number)s is teruggeboekt. U kunt opnieuw betalen."),
    }[payment.state] % {"number": payment.invoice.number}
    went_well = payment.state in (PaymentState.PAID, PaymentState.PROCESSING)
    return flash.redirect(request, _page_of(work.actor, payment.invoice.id), said, went_well=went_well)


def _page_of(actor: Actor, invoice_id: UUID) -> str:
    return f"{home_of(actor.role)}/facturen/{invoice_id}"


def _local_gateway(request: Request) -> LocalGateway:
    """Return the local gateway; where a real provider is chosen, nobody can call an invoice paid by himself."""
    gateway = gateway_of(settings_of(request))
    if not isinstance(gateway, LocalGateway):
        raise NotFound(_("Niet gevonden."))
    return gateway
