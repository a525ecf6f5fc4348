"""The invoices that went out, as employers and insurers see them."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from billing.invoicing.invoices_read import invoice_pdf, invoice_ubl
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from portal.care.secretary.navigation import ISSUED
from portal.care.show import show
from portal.issued_invoices import LIST, ONE, InvoicePlace, file_answer, read_list, read_one

router = Section(prefix=ISSUED)
PLACE = InvoicePlace(ISSUED, pays=False, credits=True)

# Employers and insurers may see invoices too, each his own, on pages of their own.
Desk = Annotated[Work, care(Permission.RUN_CHARGES)]


@router.get("")
def issued_list(request: Request, work: Desk) -> Response:
    """List every invoice that went out."""
    return show(request, work, LIST, invoices=read_list(request, work, PLACE))


@router.get("/{invoice_id}.pdf")
def issued_pdf(work: Desk, invoice_id: UUID) -> Response:
    """Hand over an invoice as PDF."""
    return file_answer(invoice_pdf(work.session, work.actor, invoice_id))


@router.get("/{invoice_id}.xml")
def issued_ubl(work: Desk, invoice_id: UUID) -> Response:
    """Hand over an invoice as UBL."""
    return file_answer(invoice_ubl(work.session, work.actor, invoice_id))


@router.get("/{invoice_id}")
def issued_invoice(request: Request, work: Desk, invoice_id: UUID) -> Response:
    """Show an invoice as its buyer sees it."""
    return show(request, work, ONE, invoice=read_one(work, invoice_id, PLACE))
