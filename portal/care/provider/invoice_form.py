"""An invoice for one referral: written line by line, held against the agreement, and then sent (R38-R40)."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.clock import today
from core.errors import Conflict
from core.language import _
from core.routing import Section
from core.validation import OneLine
from medical.invoice_tables import ProviderInvoiceState
from medical.invoices.checks import BILLABLE
from medical.invoices.input import MOST_CENTS, ProviderInvoiceInput
from medical.invoices.read import InvoiceView, get_provider_invoice
from medical.invoices.submit import Submission, submit_provider_invoice
from medical.referrals.views import ProviderReferral, ReferralHeader
from portal import flash
from portal.attempts import attempt
from portal.care.provider.recipients import of_invoice
from portal.care.provider.referral import act_page, disclosure_of, find
from portal.care.provider.words import act_words
from portal.care.provider.work import Provider
from portal.forms import Form, FormFields, blank, parse
from portal.offering_words import unit_words, units_words
from portal.open.provider.navigation import INVOICES, REFERRALS
from portal.rehearsal import rehearse
from portal.two_steps import Step, pressed, reopened
from portal.typed import Euros, TypedDay, TypedNumber, typed_euros

router = Section(prefix=f"{REFERRALS}/{{referral_id}}/factuur")
FEWEST_ROWS, MOST_ROWS = 3, 60


class TypedLine(BaseModel):
    """One line of the invoice; the price of a unit is the same for all."""

    date: TypedDay
    quantity: Annotated[TypedNumber, Field(gt=0, le=10_000, decimal_places=4)]
    description: Annotated[OneLine, Field(max_length=500)]


class TypedInvoice(BaseModel):
    """An invoice as it is typed."""

    invoice_number: Annotated[OneLine, Field(max_length=60)]
    invoice_date: TypedDay
    corrects: Annotated[OneLine, Field(max_length=60)] | None = None  # the number of the one that it replaces
    price: Annotated[Euros, Field(gt=0, le=MOST_CENTS)]
    lines: Annotated[list[TypedLine], Field(min_length=1, max_length=MOST_ROWS)]

    def for_referral(self, header: ReferralHeader) -> ProviderInvoiceInput:
        """Return the invoice as the medical room takes it, with the VAT that was agreed."""
        same = {"unit_price_cents": self.price, "vat_rate": header.vat_rate}
        return ProviderInvoiceInput.model_validate(
            {
                "referral_number": header.line.number,
                "invoice_number": self.invoice_number,
                "invoice_date": self.invoice_date,
                "corrects": self.corrects,
                "lines": [line.model_dump() | same for line in self.lines],
            }
        )


@router.get("")
def invoice_page(
    request: Request,
    work: Provider,
    referral_id: UUID,
    vervangt: Annotated[str | None, Query(max_length=60)] = None,
) -> Response:
    """Show the form for an invoice, with the agreed price filled in; also for one in the place of an earlier one."""
    referral = _billable(work, referral_id)
    price = typed_euros(referral.header.unit_price_cents)
    return _write(request, work, referral, blank(price=price, invoice_date=today(), corrects=vervangt))


@router.post("")
def invoice(request: Request, work: Provider, referral_id: UUID, data: FormFields) -> Response:
    """Show the result of every check and who sees what, and then send the invoice."""
    step, fields = pressed(data)
    form = parse(TypedInvoice, fields)
    referral = _billable(work, referral_id)
    if step in (Step.EDIT, Step.MORE):
        return _write(request, work, referral, reopened(form), more=step is Step.MORE)
    if step is Step.CHECK:
        return _check(request, work, referral, form)
    tried = attempt(work.session, form, lambda typed: _submit(work, referral, typed))
    if tried.done is None:
        return _write(request, work, referral, tried.form, tried.status)
    return flash.redirect(request, f"{INVOICES}/{tried.done.id}", told_of(tried.done))


def _billable(work: Provider, referral_id: UUID) -> ProviderReferral:
    referral = find(work, referral_id)
    if referral.header.line.state not in BILLABLE:
        raise Conflict(
            _("U kunt pas factureren als u de verwijzing hebt aangenomen."),
            possible=[act_words(action) for action in referral.possible],
        )
    return referral


def _submit(work: Provider, referral: ProviderReferral, typed: TypedInvoice) -> Submission:
    return submit_provider_invoice(work.session, work.actor, typed.for_referral(referral.header).submitted())


def _check(request: Request, work: Provider, referral: ProviderReferral, form: Form[TypedInvoice]) -> Response:
    """Let the invoice be sent and undone, so that every check has its say before it is sent for good."""

    def rehearsed(typed: TypedInvoice) -> tuple[Submission, InvoiceView]:
        sent = _submit(work, referral, typed)
        return sent, get_provider_invoice(work.session, work.actor, sent.id)

    tried = attempt(work.session, form, lambda typed: rehearse(work.session, lambda: rehearsed(typed)))
    if tried.done is None:
        return _write(request, work, referral, tried.form, tried.status)
    sent, view = tried.done
    return act_page(
        request,
        work,
        "invoice_check",
        referral,
        form,
        view=view,
        header=view.header,
        failed=[check for check in view.checks if not check.passed],
        known_as=None if sent.is_new else f"{INVOICES}/{sent.id}",
        recipients=of_invoice(disclosure_of(work, referral)),
    )


def _write(
    request: Request,
    work: Provider,
    referral: ProviderReferral,
    form: Form[Any],
    status: int = 200,
    *,
    more: bool = False,
) -> Response:
    rows = len(form.rows("lines", min(FEWEST_ROWS, referral.header.units))) + more
    return act_page(
        request,
        work,
        "invoice",
        referral,
        form,
        status,
        header=referral.header,
        rows=range(min(rows, MOST_ROWS)),
        full=rows >= MOST_ROWS,
        agreed=units_words(referral.header.price_unit, referral.header.units),
        unit=unit_words(referral.header.price_unit),
        total=Decimal(referral.header.units) * referral.header.unit_price_cents,
    )


def told_of(sent: Submission) -> str:
    """Return what became of an invoice that was sent."""
    if not sent.is_new:
        return _("Deze factuur had u al gestuurd. Hij is niet nog een keer verstuurd.")
    if sent.state is ProviderInvoiceState.EXCEPTION:
        return _("De factuur is verstuurd, maar niet elke controle klopt. Het secretariaat kijkt ernaar.")
    return _("De factuur is verstuurd. Het secretariaat kijkt hem na.")
