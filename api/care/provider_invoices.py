"""Provider invoices over JSON: sent by the provider as JSON or UBL, judged by the medical secretariat."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, ValidationError

from api.money import Money, money
from api.paged import Paged, PageQuery
from core.errors import Invalid
from core.language import _
from core.routing import Section
from core.validation import field_errors
from identity.guard import Work, care
from identity.policy import Permission
from medical.invoice_checks import CheckCode
from medical.invoice_tables import ProviderInvoiceState
from medical.provider_invoices_input import ProviderInvoiceInput, SubmittedInvoice
from medical.provider_invoices_judge import DisputeReason, approve_provider_invoice, dispute_provider_invoice
from medical.provider_invoices_read import (
    InvoiceHeader,
    InvoiceLineView,
    InvoiceView,
    ReferralHeader,
    get_provider_invoice,
    list_provider_invoices,
)
from medical.provider_invoices_submit import submit_provider_invoice
from medical.provider_invoices_ubl import read_provider_invoice
from medical.release import preview_release
from medical.release_preview import PreviewCharge
from medical.tables import ReferralState
from network.taxonomy import Disclosure

router = Section(prefix="/provider-invoices", tags=["provider invoices"])
XML = frozenset({"application/xml", "text/xml"})

Sender = Annotated[Work, care(Permission.SEND_PROVIDER_INVOICE)]
Reader = Annotated[Work, care(Permission.SEE_PROVIDER_INVOICES)]
Judge = Annotated[Work, care(Permission.JUDGE_PROVIDER_INVOICE)]


class PartyOut(BaseModel):
    """An organisation by its id and name."""

    id: UUID
    name: str


class LineOut(BaseModel):
    """A line as the provider wrote it."""

    description: str
    date: date
    quantity: Decimal
    unit_price: Money
    vat_rate: int
    net: Money


class CheckOut(BaseModel):
    """What one check found."""

    code: CheckCode
    passed: bool
    detail: str


class ReferralHeaderOut(BaseModel):
    """The header of the referral that the invoice has to match (R21)."""

    id: UUID
    number: str
    employer_id: UUID
    intervention: str
    disclosure: Disclosure
    state: ReferralState
    issued_on: date | None
    units: int
    unit_price: Money
    vat_rate: int


class InvoiceSummaryOut(BaseModel):
    """A provider invoice in a list."""

    id: UUID
    provider: PartyOut
    referral_number: str
    invoice_number: str
    invoice_date: date
    net: Money
    vat: Money
    total: Money
    state: ProviderInvoiceState
    dispute_reason: str | None
    due_on: date
    overdue: bool


class ProviderInvoiceOut(InvoiceSummaryOut):
    """A provider invoice with its lines, the result of every check, and what the caller can do with it."""

    lines: list[LineOut]
    checks: list[CheckOut]
    referral: ReferralHeaderOut | None
    possible: list[str]


class ProviderInvoicesOut(Paged[InvoiceSummaryOut]):
    """A page of provider invoices: what has to be judged first, the oldest term first."""


class InvoicesQuery(PageQuery):
    """Which provider invoices."""

    state: ProviderInvoiceState | None = None


class DisputeIn(BaseModel):
    """Why an invoice goes back to the provider."""

    model_config = ConfigDict(extra="forbid")

    reason: DisputeReason


class OutgoingLineOut(BaseModel):
    """A line that would stand on the employer's invoice."""

    description: str
    reference: str | None
    net: Money


class OutgoingOut(BaseModel):
    """What would leave of an invoice; no lines where nothing leaves, or while an insurer has yet to decide."""

    leaves: bool
    kind: str | None
    lines: list[OutgoingLineOut]
    awaits_decision: bool
    due_by: date | None


async def raw_body(request: Request) -> bytes:
    """Return the body as it came; it is read before a transaction begins."""
    return await request.body()


def _schema() -> dict[str, Any]:
    """The body for the OpenAPI document, which cannot follow references within a part of itself."""
    schema = ProviderInvoiceInput.model_json_schema()
    schema["properties"]["lines"]["items"] = schema.pop("$defs")["LineInput"]
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": schema},
                "application/xml": {"schema": {"type": "string", "description": "UBL 2.1, EN 16931"}},
            },
        }
    }


@router.post(
    "",
    status_code=201,
    openapi_extra=_schema(),
    responses={200: {"description": "The same invoice was sent before."}},
)
def submitted(
    body: Annotated[bytes, Depends(raw_body)], request: Request, work: Sender, response: Response
) -> ProviderInvoiceOut:
    """Send an invoice: checked at once, and kept also when it fails a check."""
    found = submit_provider_invoice(work.session, work.actor, _invoice(request, body))
    if not found.is_new:
        response.status_code = 200
    return _out(get_provider_invoice(work.session, work.actor, found.id))


@router.get("")
def invoices(work: Reader, query: Annotated[InvoicesQuery, Query()]) -> ProviderInvoicesOut:
    """Return the invoices that the caller may see: a provider its own, the secretariat and the physicians all."""
    states = (query.state,) if query.state else ()
    found = list_provider_invoices(work.session, work.actor, states, query.page, query.page_size)
    return ProviderInvoicesOut(
        total=found.total,
        page=found.page,
        page_size=found.page_size,
        results=[InvoiceSummaryOut(**_summary(item)) for item in found.items],
    )


@router.get("/{invoice_id}")
def invoice(work: Reader, invoice_id: UUID) -> ProviderInvoiceOut:
    """Return one invoice."""
    return _out(get_provider_invoice(work.session, work.actor, invoice_id))


@router.get("/{invoice_id}/outgoing")
def outgoing(work: Judge, invoice_id: UUID) -> OutgoingOut:
    """Return what exactly would leave of an invoice if it were charged now."""
    found = preview_release(work.session, work.actor, invoice_id)
    charge = found.charge if found else None
    return OutgoingOut(
        leaves=found is not None,
        kind=charge.kind.value if charge else None,
        lines=_outgoing_lines(charge) if charge else [],
        awaits_decision=found.awaits_decision if found else False,
        due_by=found.due_by if found else None,
    )


@router.post("/{invoice_id}/approve")
def approved(work: Judge, invoice_id: UUID) -> ProviderInvoiceOut:
    """Release an invoice that passed every check."""
    approve_provider_invoice(work.session, work.actor, invoice_id)
    return _out(get_provider_invoice(work.session, work.actor, invoice_id))


@router.post("/{invoice_id}/dispute")
def disputed(work: Judge, invoice_id: UUID, body: DisputeIn) -> ProviderInvoiceOut:
    """Send an invoice back with a reason."""
    dispute_provider_invoice(work.session, work.actor, invoice_id, body.reason)
    return _out(get_provider_invoice(work.session, work.actor, invoice_id))


def _invoice(request: Request, body: bytes) -> SubmittedInvoice:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind in XML:
        return read_provider_invoice(body)
    try:
        return ProviderInvoiceInput.model_validate_json(body).submitted()
    except ValidationError as fault:
        raise Invalid(_("Kijk de gemarkeerde velden na."), field_errors(fault)) from fault


def _summary(header: InvoiceHeader) -> dict[str, Any]:
    return {
        "id": header.id,
        "provider": {"id": header.provider_id, "name": header.provider_name},
        "referral_number": header.referral_number,
        "invoice_number": header.invoice_number,
        "invoice_date": header.invoice_date,
        "net": money(header.net_cents),
        "vat": money(header.vat_cents),
        "total": money(header.gross_cents),
        "state": header.state,
        "dispute_reason": header.dispute_reason,
        "due_on": header.due_on,
        "overdue": header.is_overdue,
    }


def _out(view: InvoiceView) -> ProviderInvoiceOut:
    return ProviderInvoiceOut(
        **_summary(view.header),
        lines=[_line(line) for line in view.lines],
        checks=[CheckOut(code=check.code, passed=check.passed, detail=check.detail) for check in view.checks],
        referral=_referral(view.referral) if view.referral else None,
        possible=list(view.possible),
    )


def _line(line: InvoiceLineView) -> LineOut:
    return LineOut(
        description=line.description,
        date=line.service_date,
        quantity=line.quantity.normalize(),
        unit_price=money(line.unit_price_cents),
        vat_rate=line.vat_rate,
        net=money(line.net_cents),
    )


def _referral(header: ReferralHeader) -> ReferralHeaderOut:
    return ReferralHeaderOut(
        id=header.id,
        number=header.number,
        employer_id=header.employer_id,
        intervention=header.intervention,
        disclosure=header.disclosure,
        state=header.state,
        issued_on=header.issued_on,
        units=header.units,
        unit_price=money(header.unit_price_cents),
        vat_rate=header.vat_rate,
    )


def _outgoing_lines(charge: PreviewCharge) -> list[OutgoingLineOut]:
    return [
        OutgoingLineOut(description=line.description, reference=line.reference, net=money(line.net_cents))
        for line in charge.lines
    ]
