"""Issued invoices as pages and files: the same for the buyer as for the secretariat that looks along."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, Field

from billing.invoicing.documents import InvoiceDocument
from billing.invoicing.invoices_read import InvoiceFile, InvoiceSummary, credit_notes_of, get_invoice, list_invoices
from billing.tables import InvoiceKind
from core.downloads import download
from core.language import _
from core.paging import Page
from identity.guard import Work
from portal.forms import parse
from portal.presenters import until

PAGE_SIZE = 25
LIST = "invoices/list.html"
ONE = "invoices/invoice.html"


@dataclass(frozen=True)
class InvoicePlace:
    """Where invoices stand in the portal of a role: the address of the list, and whether he pays or credits them."""

    href: str
    pays: bool
    credits: bool = False


class InvoiceFilters(BaseModel):
    """What the address bar says of which invoices to list."""

    show: Literal["all", "open"] = "all"
    page: int = Field(default=1, ge=1, le=100_000)


@dataclass(frozen=True)
class InvoiceList:
    """A page of invoices, each with the words and the tone for how it stands."""

    place: InvoicePlace
    open_only: bool
    found: Page[tuple[InvoiceSummary, tuple[str, str]]]


@dataclass(frozen=True)
class InvoicePage:
    """One invoice, how it stands, whether its reader can pay or credit it here, and what was given back of it."""

    place: InvoicePlace
    summary: InvoiceSummary
    document: InvoiceDocument
    standing: tuple[str, str]
    payable: bool
    creditable: bool
    credit_notes: Sequence[InvoiceSummary]


def read_list(request: Request, work: Work, place: InvoicePlace) -> InvoiceList:
    """Return what LIST shows."""
    chosen = parse(InvoiceFilters, request.query_params).value or InvoiceFilters()
    open_only = chosen.show == "open"
    found = list_invoices(work.session, work.actor, page=chosen.page, page_size=PAGE_SIZE, open_only=open_only)
    return InvoiceList(place, open_only, found.map(lambda invoice: (invoice, standing(invoice))))


def read_one(work: Work, invoice_id: UUID, place: InvoicePlace) -> InvoicePage:
    """Return what ONE shows; raises NotFound for another's invoice, in the same words as for none (R70)."""
    invoice = get_invoice(work.session, work.actor, invoice_id)
    return InvoicePage(
        place=place,
        summary=invoice.summary,
        document=invoice.document,
        standing=standing(invoice.summary),
        payable=place.pays and is_payable(invoice.summary),
        creditable=place.credits and is_creditable(invoice.summary),
        credit_notes=credit_notes_of(work.session, work.actor, invoice_id),
    )


def file_answer(file: InvoiceFile) -> Response:
    """Return an invoice as a file to keep."""
    return download(file.name, file.content, file.media_type)


def is_payable(invoice: InvoiceSummary) -> bool:
    """Tell whether there is something to pay."""
    return invoice.open_cents > 0


def is_creditable(invoice: InvoiceSummary) -> bool:
    """Tell whether there is something left to give back."""
    whole = invoice.credited_cents >= invoice.total_cents
    return invoice.kind is InvoiceKind.INVOICE and not (whole and invoice.credited_cents)


def standing(invoice: InvoiceSummary) -> tuple[str, str]:
    """Return how an invoice stands: the words, and the tone of its tag."""
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        return _("Creditnota"), "quiet"
    if invoice.give_back_cents:
        return _("Terug te krijgen"), "warn"
    if invoice.is_paid:
        return _("Betaald"), "good"
    if not is_payable(invoice):
        return (_("Gecrediteerd") if invoice.credited_cents else _("Niets te betalen")), "quiet"
    if invoice.is_overdue:
        return until(invoice.due_date), "bad"
    return _("Te betalen"), "warn"
