"""Paying an invoice: on to the page of the payment provider, and the local page that stands in for one."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from billing.gateway import LocalGateway, gateway_of
from billing.payments import get_payment, open_payment, pay_locally
from billing.tables import PaymentState
from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.actor import Actor
from identity.guard import Work, open_side, settings_of
from identity.policy import Permission
from portal import flash
from portal.forms import blank
from portal.homes import home_of
from portal.open.show import show

router = Section(prefix="/betalen")
Payer = Annotated[Work, open_side(Permission.PAY_INVOICE)]


def go_and_pay(request: Request, work: Work, invoice_id: UUID) -> Response:
    """Open a payment of an invoice and send its payer to the page on which he pays it."""
    opened = open_payment(work.session, work.actor, invoice_id, gateway_of(settings_of(request)))
    return RedirectResponse(opened.url, status_code=303)


@router.get("/{payment_id}")
def local_page(request: Request, work: Payer, payment_id: UUID) -> Response:
    """Show the page of the local gateway."""
    _only_where_it_stands_in(request)
    payment = get_payment(work.session, work.actor, payment_id)
    return show(
        request,
        work,
        "open/payment.html",
        payment=payment,
        is_open=payment.state is PaymentState.OPEN and not payment.invoice.is_paid,
        back=_page_of(work.actor, payment.invoice.id),
        form=blank(),
    )


@router.post("/{payment_id}")
def pay(request: Request, work: Payer, payment_id: UUID) -> Response:
    """Pay with one click, and go back to the invoice."""
    _only_where_it_stands_in(request)
    paid = pay_locally(work.session, work.actor, payment_id)
    said = _("Factuur %(number)s is betaald.") % {"number": paid.invoice.number}
    return flash.redirect(request, _page_of(work.actor, paid.invoice.id), said)


def _page_of(actor: Actor, invoice_id: UUID) -> str:
    return f"{home_of(actor.role)}/facturen/{invoice_id}"


def _only_where_it_stands_in(request: Request) -> None:
    """Where a real payment provider is chosen, nobody can call an invoice paid by himself."""
    if not isinstance(gateway_of(settings_of(request)), LocalGateway):
        raise NotFound(_("Niet gevonden."))
