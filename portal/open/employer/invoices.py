"""The employer's invoices: read, kept as a file, and paid."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from billing.invoicing.invoices_read import invoice_pdf, invoice_ubl
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from portal.issued_invoices import LIST, ONE, InvoicePlace, file_answer, read_list, read_one
from portal.open.employer.navigation import INVOICES
from portal.open.paying import go_and_pay
from portal.open.show import show

router = Section(prefix=INVOICES)
PLACE = InvoicePlace(INVOICES, pays=True)

# Insurer and secretariat may see invoices too, on pages of their own; whoever sees costs is an employer.
Employer = Annotated[Work, open_side(Permission.SEE_COSTS)]


@router.get("")
def invoice_list(request: Request, work: Employer) -> Response:
    """List the invoices, the newest first."""
    return show(request, work, LIST, invoices=read_list(request, work, PLACE))


@router.get("/{invoice_id}.pdf")
def pdf(work: Employer, invoice_id: UUID) -> Response:
    """Hand over an invoice as PDF."""
    return file_answer(invoice_pdf(work.session, work.actor, invoice_id))


@router.get("/{invoice_id}.xml")
def ubl(work: Employer, invoice_id: UUID) -> Response:
    """Hand over an invoice as UBL."""
    return file_answer(invoice_ubl(work.session, work.actor, invoice_id))


@router.get("/{invoice_id}")
def invoice_page(request: Request, work: Employer, invoice_id: UUID) -> Response:
    """Show an invoice."""
    return show(request, work, ONE, invoice=read_one(work, invoice_id, PLACE))


@router.post("/{invoice_id}")
def pay(request: Request, work: Employer, invoice_id: UUID) -> Response:
    """Open a payment, and go to the page on which it is paid."""
    return go_and_pay(request, work, invoice_id)
