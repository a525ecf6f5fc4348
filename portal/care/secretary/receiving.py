"""Money that comes in: what the bank received, what was paid too much, and what the payment provider says else."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from billing.paying.payment_refunds import list_overpaid, refund_what_is_over
from billing.paying.payments_bank import BankReceipt, record_bank_receipt
from billing.paying.reconciliation_explain import explain_difference, list_differences
from billing.paying.webhooks import list_failed_messages, retry_message
from billing.payment_tables import DifferenceReason, RefundReason
from core.language import _
from core.routing import Section
from core.validation import OneLine
from identity.guard import Work, care
from identity.policy import Permission
from portal import flash
from portal.attempts import attempt
from portal.care.secretary.navigation import RECEIVING
from portal.care.show import show
from portal.forms import FormFields, blank, parse
from portal.typed import Euros

router = Section(prefix=RECEIVING)
RECEIPT = "care/secretary/receipt.html"
PAGE_SIZE = 25
Desk = Annotated[Work, care(Permission.KEEP_PAYMENTS)]
Keeper = Annotated[Work, care(Permission.KEEP_PAYMENTS, fresh=True)]


class ReceivingFilters(BaseModel):
    """Which page of the differences."""

    page: int = Field(default=1, ge=1, le=100_000)


class Typed(BaseModel, extra="forbid"):
    """A line of the bank statement, as it is typed."""

    invoice_number: Annotated[OneLine, Field(max_length=20)]
    amount: Annotated[Euros, Field(gt=0, le=100_000_000)]
    statement: Annotated[OneLine, Field(max_length=35)]


class Explained(BaseModel):
    """How a difference is explained."""

    reason: DifferenceReason


@router.get("")
def receiving(request: Request, work: Desk) -> Response:
    """Show what needs somebody."""
    return _show(request, work)


@router.get("/bank")
def receipt(request: Request, work: Keeper) -> Response:
    """Ask what the bank received."""
    return show(request, work, RECEIPT, form=blank())


@router.post("/bank")
def write_down(request: Request, work: Keeper, data: FormFields) -> Response:
    """Write down what the bank received."""
    tried = attempt(work.session, parse(Typed, data), lambda typed: _record(work, typed))
    if tried.done is None:
        return show(request, work, RECEIPT, status=tried.status, form=tried.form)
    return flash.redirect(request, RECEIVING, _("De ontvangst is geboekt."))


@router.post("/terugbetalen/{invoice_id}")
def give_back(request: Request, work: Keeper, invoice_id: UUID) -> Response:
    """Refund what was paid too much on an invoice."""
    asked = refund_what_is_over(work.session, work.actor, invoice_id, RefundReason.OVERPAID)
    said = _("De terugbetaling gaat nu uit.") if asked else _("Er is niets (meer) terug te betalen.")
    return flash.redirect(request, RECEIVING, said)


@router.post("/berichten/{message_id}")
def try_again(request: Request, work: Desk, message_id: UUID) -> Response:
    """Try a message of the payment provider again."""
    retry_message(work.session, work.actor, message_id)
    return flash.redirect(request, RECEIVING, _("Het bericht wordt opnieuw verwerkt."))


@router.post("/verschillen/{difference_id}")
def explain(request: Request, work: Desk, difference_id: UUID, data: FormFields) -> Response:
    """Explain a difference."""
    form = parse(Explained, data)
    if form.value is None:
        return _show(request, work, 422)
    explain_difference(work.session, work.actor, difference_id, form.value.reason)
    return flash.redirect(request, RECEIVING, _("Het verschil is verklaard."))


def _record(work: Work, typed: Typed) -> UUID:
    receipt = BankReceipt(invoice_number=typed.invoice_number, cents=typed.amount, statement=typed.statement)
    return record_bank_receipt(work.session, work.actor, receipt)


def _show(request: Request, work: Work, status: int = 200) -> Response:
    page = (parse(ReceivingFilters, request.query_params).value or ReceivingFilters()).page
    return show(
        request,
        work,
        "care/secretary/receiving.html",
        status=status,
        overpaid=list_overpaid(work.session, work.actor, 1, PAGE_SIZE),
        messages=list_failed_messages(work.session, work.actor, 1, PAGE_SIZE),
        differences=list_differences(work.session, work.actor, page=page, page_size=PAGE_SIZE),
        reasons=[
            (DifferenceReason.TIMING.value, _("Loopt een dag voor of achter")),
            (DifferenceReason.FEE.value, _("Kosten van de betaaldienst: boek ze")),
            (DifferenceReason.BY_HAND.value, _("Met de hand gedaan bij de betaaldienst")),
            (DifferenceReason.PROVIDER_FAULT.value, _("Fout van de betaaldienst")),
            (DifferenceReason.OUR_FAULT.value, _("Fout van ons, wordt hersteld")),
        ],
    )
