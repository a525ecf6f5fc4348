"""Invoices of the arbodienst over JSON, as PDF and as UBL, and paying them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BaseModel

from api.money import Money, money
from api.paged import Paged, PageQuery
from billing.invoicing.document_parties import Party
from billing.invoicing.invoices_read import (
    InvoiceFile,
    InvoiceSummary,
    IssuedInvoice,
    get_invoice,
    invoice_pdf,
    invoice_ubl,
    list_invoices,
)
from billing.paying.gateways import gateway_of
from billing.paying.payments import open_payment
from billing.tables import InvoiceKind
from core.downloads import download
from core.routing import Section
from identity.guard import Work, database_of, open_side, settings_of
from identity.policy import Permission

router = Section(prefix="/invoices", tags=["invoices"])
Reader = Annotated[Work, open_side(Permission.SEE_INVOICES)]
Payer = Annotated[Work, open_side(Permission.PAY_INVOICE)]


class PartyOut(BaseModel):
    """An organisation as it stands on the invoice."""

    name: str
    street: str
    postcode: str
    city: str
    kvk: str
    vat_id: str | None


class LineOut(BaseModel):
    """A line: what for, and the total; never a quantity, a unit price, a provider or a day (leaks L2 to L4)."""

    description: str
    reference: str | None
    net: Money
    vat_rate: Decimal


class VatOut(BaseModel):
    """The VAT over everything at one rate; 0 is exempt."""

    rate: Decimal
    taxable: Money
    vat: Money


class InvoiceSummaryOut(BaseModel):
    """An invoice in a list."""

    id: UUID
    number: str
    kind: InvoiceKind
    buyer: str
    issue_date: date
    due_date: date
    period: str
    net: Money
    vat: Money
    total: Money
    credited: Money
    open: Money
    give_back: Money
    corrects: UUID | None
    paid: bool
    overdue: bool


class InvoiceOut(InvoiceSummaryOut):
    """A whole invoice."""

    seller: PartyOut
    buyer_party: PartyOut
    buyer_reference: str
    lines: list[LineOut]
    vat_totals: list[VatOut]
    exemption_text: str | None


class InvoicesOut(Paged[InvoiceSummaryOut]):
    """A page of invoices, the newest first."""


class InvoicesQuery(PageQuery):
    """Which invoices; `open` leaves out what is paid."""

    open: bool = False


class PaymentOut(BaseModel):
    """A payment that was opened, and the page on which it is paid."""

    id: UUID
    url: str


@router.get("")
def invoices(work: Reader, query: Annotated[InvoicesQuery, Query()]) -> InvoicesOut:
    """Return the invoices that the caller may see: a buyer its own, the secretariat all."""
    found = list_invoices(work.session, work.actor, page=query.page, page_size=query.page_size, open_only=query.open)
    return InvoicesOut(
        total=found.total,
        page=found.page,
        page_size=found.page_size,
        results=[InvoiceSummaryOut(**_summary(item)) for item in found.items],
    )


@router.get("/{invoice_id}.pdf", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
def pdf(work: Reader, invoice_id: UUID) -> Response:
    """Return an invoice as PDF/A with its UBL inside."""
    return _file(invoice_pdf(work.session, work.actor, invoice_id))


@router.get("/{invoice_id}.xml", response_class=Response, responses={200: {"content": {"application/xml": {}}}})
def ubl(work: Reader, invoice_id: UUID) -> Response:
    """Return an invoice as UBL 2.1 under EN 16931."""
    return _file(invoice_ubl(work.session, work.actor, invoice_id))


@router.get("/{invoice_id}")
def invoice(work: Reader, invoice_id: UUID) -> InvoiceOut:
    """Return one invoice."""
    return _out(get_invoice(work.session, work.actor, invoice_id))


@router.post(
    "/{invoice_id}/payments",
    status_code=201,
    responses={200: {"description": "A payment of this invoice is open already."}},
)
def payment(request: Request, work: Payer, invoice_id: UUID, response: Response) -> PaymentOut:
    """Open a payment of the whole invoice; it is paid on the page behind `url`."""
    gateway = gateway_of(settings_of(request))
    opened = open_payment(work.session, work.actor, invoice_id, gateway, database_of(request))
    if not opened.is_new:
        response.status_code = 200
    return PaymentOut(id=opened.id, url=opened.url)


def _file(file: InvoiceFile) -> Response:
    return download(file.name, file.content, file.media_type)


def _summary(invoice: InvoiceSummary) -> dict[str, Any]:
    return {
        "id": invoice.id,
        "number": invoice.number,
        "kind": invoice.kind,
        "buyer": invoice.buyer_name,
        "issue_date": invoice.issue_date,
        "due_date": invoice.due_date,
        "period": f"{invoice.month:%Y-%m}",
        "net": money(invoice.net_cents),
        "vat": money(invoice.vat_cents),
        "total": money(invoice.total_cents),
        "credited": money(invoice.credited_cents),
        "open": money(invoice.open_cents),
        "give_back": money(invoice.give_back_cents),
        "corrects": invoice.corrects_id,
        "paid": invoice.is_paid,
        "overdue": invoice.is_overdue,
    }


def _out(found: IssuedInvoice) -> InvoiceOut:
    document = found.document
    return InvoiceOut(
        **_summary(found.summary),
        seller=_party(document.seller),
        buyer_party=_party(document.buyer),
        buyer_reference=document.buyer_reference,
        lines=[
            LineOut(
                description=line.description,
                reference=line.reference,
                net=money(line.net_cents),
                vat_rate=line.vat_rate,
            )
            for line in document.lines
        ],
        vat_totals=[
            VatOut(rate=total.rate, taxable=money(total.taxable_cents), vat=money(total.vat_cents))
            for total in document.vat_totals
        ],
        exemption_text=document.exemption_text if any(total.rate == 0 for total in document.vat_totals) else None,
    )


def _party(party: Party) -> PartyOut:
    return PartyOut(
        name=party.name,
        street=party.street,
        postcode=party.postcode,
        city=party.city,
        kvk=party.kvk,
        vat_id=party.vat_id,
    )
