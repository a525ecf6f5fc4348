"""The provider's own invoices: where each stands, what each check found, and sending one as a UBL file."""

from typing import Any, Literal
from uuid import UUID

from fastapi import Request, UploadFile
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.language import _
from core.routing import Section
from medical.invoice_tables import ProviderInvoiceState
from medical.invoices.answer import Answer
from medical.invoices.read import InvoiceView, get_provider_invoice, list_provider_invoices
from medical.invoices.submit import Submission, submit_provider_invoice
from medical.invoices.ubl import read_provider_invoice
from portal import flash
from portal.attempts import attempt
from portal.blocks import Event
from portal.care.provider.recipients import of_invoice
from portal.care.provider.words import INVOICE_TONES, answer_words, dispute_words, invoice_state_words, talk_words
from portal.care.provider.work import Provider
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse
from portal.open.provider.navigation import INVOICES

router = Section(prefix=INVOICES)
PAGE_SIZE = 25
States = Literal["checking", "disputed", "approved"]
WHICH: dict[str | None, tuple[ProviderInvoiceState, ...]] = {
    None: (),
    "checking": (
        ProviderInvoiceState.RECEIVED,
        ProviderInvoiceState.EXCEPTION,
        ProviderInvoiceState.CONTESTED,
    ),
    "disputed": (ProviderInvoiceState.DISPUTED,),
    "approved": (ProviderInvoiceState.APPROVED,),
}


class InvoiceFilters(BaseModel):
    """What the address bar says of which invoices to list."""

    state: States | None = None
    page: int = Field(default=1, ge=1, le=100_000)


class Upload(BaseModel):
    """An invoice as a UBL file."""

    file: UploadFile


@router.get("")
def invoice_list(request: Request, work: Provider) -> Response:
    """List the provider's invoices: what still waits first, then the earliest term."""
    chosen = parse(InvoiceFilters, request.query_params).value or InvoiceFilters()
    return show(
        request,
        work,
        "care/provider/invoices.html",
        chosen=chosen,
        invoices=list_provider_invoices(work.session, work.actor, WHICH[chosen.state], chosen.page, PAGE_SIZE),
        tabs=[
            (None, _("Alle")),
            ("checking", _("Wordt nagekeken")),
            ("disputed", _("Teruggestuurd")),
            ("approved", _("Goedgekeurd")),
        ],
        state_words=invoice_state_words,
        tones=INVOICE_TONES,
        dispute_words=dispute_words,
    )


@router.get("/ubl")
def upload_page(request: Request, work: Provider) -> Response:
    """Ask for a UBL file."""
    return _ask(request, work, blank())


@router.post("/ubl")
def upload(request: Request, work: Provider, data: FormFields) -> Response:
    """Send an invoice as a UBL file."""
    tried = attempt(work.session, parse(Upload, data), lambda sent: _submit(work, sent))
    if tried.done is None:
        return _ask(request, work, tried.form, tried.status)
    told = _("De factuur is gelezen en verstuurd.") if tried.done.is_new else _("Deze factuur had u al gestuurd.")
    return flash.redirect(request, f"{INVOICES}/{tried.done.id}", told)


@router.get("/{invoice_id}")
def invoice_page(request: Request, work: Provider, invoice_id: UUID) -> Response:
    """Show one invoice with the result of every check."""
    return show_invoice(request, work, get_provider_invoice(work.session, work.actor, invoice_id), blank())


def show_invoice(request: Request, work: Provider, view: InvoiceView, form: Form[Any], status: int = 200) -> Response:
    """Show an invoice with the talk about it, and what its provider can answer."""
    return show(
        request,
        work,
        "care/provider/invoice_read.html",
        status=status,
        form=form,
        answers=[(answer, answer_words(Answer(answer))) for answer in view.answers],
        talk=[Event(at=word.at, what=talk_words(word), who="") for word in view.talk],
        view=view,
        header=view.header,
        state_words=invoice_state_words,
        tones=INVOICE_TONES,
        dispute_words=dispute_words,
    )


def _submit(work: Provider, sent: Upload) -> Submission:
    return submit_provider_invoice(work.session, work.actor, read_provider_invoice(sent.file.file.read()))


def _ask(request: Request, work: Provider, form: Form[Any], status: int = 200) -> Response:
    sent_to = of_invoice(None)
    return show(request, work, "care/provider/invoice_upload.html", status=status, form=form, recipients=sent_to)
