"""Provider invoices over JSON: sent by the provider as JSON or UBL, judged by the medical secretariat."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, ValidationError

from api.care.provider_invoices_out import (
    AddresseeOut,
    InvoiceSummaryOut,
    OutgoingOut,
    ProviderInvoiceOut,
    invoice_out,
    outgoing_lines,
    summary,
)
from api.money import money
from api.paged import Paged, PageQuery
from api.problems import JSON, wrong_kind
from core.errors import Invalid
from core.language import _
from core.routing import Section
from core.validation import field_errors
from identity.guard import Work, care
from identity.policy import Permission
from medical.invoice_tables import ProviderInvoiceState
from medical.invoices.addressee import get_addressee
from medical.invoices.answer import Answer, answer_invoice
from medical.invoices.credit import preview_credit
from medical.invoices.desk import leave_invoice, take_invoice
from medical.invoices.input import ProviderInvoiceInput, SubmittedInvoice
from medical.invoices.judge import (
    DisputeReason,
    approve_provider_invoice,
    ask_credit,
    dispute_provider_invoice,
)
from medical.invoices.read import (
    get_provider_invoice,
    list_provider_invoices,
)
from medical.invoices.submit import submit_provider_invoice
from medical.invoices.ubl import read_provider_invoice
from medical.release import preview_release

router = Section(prefix="/provider-invoices", tags=["provider invoices"])
XML = frozenset({"application/xml", "text/xml"})

Sender = Annotated[Work, care(Permission.SEND_PROVIDER_INVOICE)]
Reader = Annotated[Work, care(Permission.SEE_PROVIDER_INVOICES)]
Judge = Annotated[Work, care(Permission.JUDGE_PROVIDER_INVOICE)]


class ProviderInvoicesOut(Paged[InvoiceSummaryOut]):
    """A page of provider invoices: what has to be judged first, the oldest term first."""


class InvoicesQuery(PageQuery):
    """Which provider invoices."""

    state: ProviderInvoiceState | None = None


class DisputeIn(BaseModel):
    """Why an invoice goes back to the provider."""

    model_config = ConfigDict(extra="forbid")

    reason: DisputeReason


class AnswerIn(BaseModel):
    """What the provider says of it: a code, and no words in which something of anybody's health could stand."""

    model_config = ConfigDict(extra="forbid")

    answer: Answer


async def raw_body(request: Request) -> bytes:
    """Return the body as it came; it is read before a transaction begins."""
    return await request.body()


def _schema() -> dict[str, Any]:
    """The body for the OpenAPI document, which cannot follow references within a part of itself."""
    schema = ProviderInvoiceInput.model_json_schema()
    schema = _written_out(schema, schema.pop("$defs"))
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": schema},
                "application/xml": {"schema": {"type": "string", "description": "UBL 2.1, EN 16931"}},
            },
        }
    }


def _written_out(part: Any, named: dict[str, Any]) -> Any:
    if isinstance(part, list):
        return [_written_out(each, named) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _written_out(named[part["$ref"].rpartition("/")[2]], named)
    return {name: _written_out(each, named) for name, each in part.items()}


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
    return invoice_out(get_provider_invoice(work.session, work.actor, found.id))


@router.get("")
def invoices(work: Reader, query: Annotated[InvoicesQuery, Query()]) -> ProviderInvoicesOut:
    """Return the invoices that the caller may see: a provider its own, the secretariat and the physicians all."""
    states = (query.state,) if query.state else ()
    found = list_provider_invoices(work.session, work.actor, states, query.page, query.page_size)
    return ProviderInvoicesOut(
        total=found.total,
        page=found.page,
        page_size=found.page_size,
        results=[InvoiceSummaryOut(**summary(item)) for item in found.items],
    )


@router.get("/addressee")
def addressee(work: Sender) -> AddresseeOut:
    """Return to whom an invoice is written (R38)."""
    house = get_addressee(work.session, work.actor)
    return AddresseeOut(
        name=house.name,
        street=house.street,
        postcode=house.postcode,
        city=house.city,
        kvk=house.kvk,
        vat_id=house.vat_id,
    )


@router.get("/{invoice_id}")
def invoice(work: Reader, invoice_id: UUID) -> ProviderInvoiceOut:
    """Return one invoice."""
    return invoice_out(get_provider_invoice(work.session, work.actor, invoice_id))


@router.get("/{invoice_id}/outgoing")
def outgoing(work: Judge, invoice_id: UUID) -> OutgoingOut:
    """Return what exactly would leave of an invoice if it were charged now."""
    credit = preview_credit(work.session, work.actor, invoice_id)
    if credit is not None:
        return OutgoingOut(
            leaves=True, kind=credit.way, given_back=money(credit.cents), lines=[], awaits_decision=False, due_by=None
        )
    found = preview_release(work.session, work.actor, invoice_id)
    charge = found.charge if found else None
    return OutgoingOut(
        leaves=found is not None,
        kind=charge.kind.value if charge else None,
        lines=outgoing_lines(charge) if charge else [],
        awaits_decision=found.awaits_decision if found else False,
        due_by=found.due_by if found else None,
    )


@router.post("/{invoice_id}/approve")
def approved(work: Judge, invoice_id: UUID) -> ProviderInvoiceOut:
    """Release an invoice that passed every check."""
    approve_provider_invoice(work.session, work.actor, invoice_id)
    return invoice_out(get_provider_invoice(work.session, work.actor, invoice_id))


@router.post("/{invoice_id}/dispute")
def disputed(work: Judge, invoice_id: UUID, body: DisputeIn) -> ProviderInvoiceOut:
    """Send an invoice back with a reason."""
    dispute_provider_invoice(work.session, work.actor, invoice_id, body.reason)
    return invoice_out(get_provider_invoice(work.session, work.actor, invoice_id))


@router.post("/{invoice_id}/ask-credit")
def credit_asked(work: Judge, invoice_id: UUID, body: DisputeIn) -> ProviderInvoiceOut:
    """Ask the provider for a credit note of an invoice that was released."""
    ask_credit(work.session, work.actor, invoice_id, body.reason)
    return invoice_out(get_provider_invoice(work.session, work.actor, invoice_id))


@router.post("/{invoice_id}/answer")
def answered(work: Sender, invoice_id: UUID, body: AnswerIn) -> ProviderInvoiceOut:
    """Answer what the secretariat said of one's invoice, or withdraw it."""
    answer_invoice(work.session, work.actor, invoice_id, body.answer)
    return invoice_out(get_provider_invoice(work.session, work.actor, invoice_id))


@router.post("/{invoice_id}/take")
def taken(work: Judge, invoice_id: UUID) -> ProviderInvoiceOut:
    """Become the owner of an invoice that has to be judged."""
    take_invoice(work.session, work.actor, invoice_id)
    return invoice_out(get_provider_invoice(work.session, work.actor, invoice_id))


@router.post("/{invoice_id}/leave")
def left(work: Judge, invoice_id: UUID) -> ProviderInvoiceOut:
    """Leave an invoice to whoever comes first."""
    leave_invoice(work.session, work.actor, invoice_id)
    return invoice_out(get_provider_invoice(work.session, work.actor, invoice_id))


def _invoice(request: Request, body: bytes) -> SubmittedInvoice:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind in XML:
        return read_provider_invoice(body)
    if kind != JSON:
        raise wrong_kind()
    try:
        return ProviderInvoiceInput.model_validate_json(body).submitted()
    except ValidationError as fault:
        raise Invalid(_("Kijk de gemarkeerde velden na."), field_errors(fault)) from fault
