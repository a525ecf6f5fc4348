"""What a provider does about an invoice that was judged: answer with a code, or give back with a credit note."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.clock import today
from core.errors import Conflict, FieldError, Invalid
from core.language import _
from core.routing import Section
from core.validation import OneLine
from medical.invoice_tables import ProviderDocument, ProviderInvoiceState
from medical.invoices.answer import Answer, answer_invoice
from medical.invoices.input import ProviderInvoiceInput
from medical.invoices.read import InvoiceView, get_provider_invoice
from medical.invoices.submit import Submission, submit_provider_invoice
from portal import flash
from portal.attempts import attempt
from portal.care.provider.invoices import show_invoice
from portal.care.provider.work import Provider
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse
from portal.open.provider.navigation import INVOICES
from portal.typed import TypedDay, TypedNumber

router = Section(prefix=f"{INVOICES}/{{invoice_id}}")


class Answering(BaseModel, extra="forbid"):
    """The answer of a provider."""

    answer: Answer


class Back(BaseModel):
    """How many units of a line are given back."""

    position: Annotated[int, Field(ge=0, le=1_000)]
    quantity: Annotated[TypedNumber, Field(ge=0, le=10_000, decimal_places=4)]


class TypedCredit(BaseModel):
    """A credit note as it is typed."""

    invoice_number: Annotated[OneLine, Field(max_length=60)]
    invoice_date: TypedDay
    lines: Annotated[list[Back], Field(min_length=1, max_length=500)]


@router.post("/antwoord")
def answer(request: Request, work: Provider, invoice_id: UUID, data: FormFields) -> Response:
    """Answer what the secretariat said of an invoice."""

    def say(typed: Answering) -> bool:
        answer_invoice(work.session, work.actor, invoice_id, typed.answer)
        return True

    tried = attempt(work.session, parse(Answering, data), say)
    if tried.done is None:
        view = get_provider_invoice(work.session, work.actor, invoice_id)
        return show_invoice(request, work, view, tried.form, tried.status)
    return flash.redirect(request, f"{INVOICES}/{invoice_id}", _("Uw antwoord is verstuurd."))


@router.get("/creditnota")
def credit_page(request: Request, work: Provider, invoice_id: UUID) -> Response:
    """Ask how much is given back; everything is filled in."""
    view = _released(work, invoice_id)
    rows: dict[str, Any] = {
        f"lines.{position}.{name}": value
        for position, line in enumerate(view.lines)
        for name, value in (("position", position), ("quantity", f"{line.quantity.normalize():f}".replace(".", ",")))
    }
    number = f"C-{view.header.invoice_number}"[:60]
    return _credit(request, work, view, blank(invoice_number=number, invoice_date=today(), **rows))


@router.post("/creditnota")
def credit(request: Request, work: Provider, invoice_id: UUID, data: FormFields) -> Response:
    """Send the credit note."""
    view = _released(work, invoice_id)
    tried = attempt(work.session, parse(TypedCredit, data), lambda typed: _send(work, view, typed))
    if tried.done is None:
        return _credit(request, work, view, tried.form, tried.status)
    return flash.redirect(request, f"{INVOICES}/{tried.done.id}", _("De creditnota is verstuurd."))


def _send(work: Provider, view: InvoiceView, typed: TypedCredit) -> Submission:
    lines = [
        view.lines[back.position].as_written() | {"quantity": back.quantity}
        for back in typed.lines
        if back.quantity > Decimal(0) and back.position < len(view.lines)
    ]
    if not lines:
        sentence = _("Geef bij ten minste één regel iets terug.")
        raise Invalid(sentence, (FieldError("lines", sentence),))
    note = ProviderInvoiceInput.model_validate(
        {
            "kind": ProviderDocument.CREDIT_NOTE,
            "corrects": view.header.invoice_number,
            "referral_number": view.header.referral_number,
            "invoice_number": typed.invoice_number,
            "invoice_date": typed.invoice_date,
            "lines": lines,
        }
    )
    return submit_provider_invoice(work.session, work.actor, note.submitted())


def _released(work: Provider, invoice_id: UUID) -> InvoiceView:
    view = get_provider_invoice(work.session, work.actor, invoice_id)
    if view.header.state is not ProviderInvoiceState.APPROVED or view.header.kind is ProviderDocument.CREDIT_NOTE:
        raise Conflict(_("Alleen van een goedgekeurde factuur geeft u iets terug."))
    return view


def _credit(request: Request, work: Provider, view: InvoiceView, form: Form[Any], status: int = 200) -> Response:
    return show(
        request, work, "care/provider/credit_note.html", status=status, form=form, view=view, header=view.header
    )
