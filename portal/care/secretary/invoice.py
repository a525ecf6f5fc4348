"""One provider invoice: left what came in, right exactly what leaves, the checks in words, and the judgement."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.provider_invoices_judge import (
    DisputeReason,
    Judgement,
    approve_provider_invoice,
    dispute_provider_invoice,
)
from medical.provider_invoices_read import InvoiceView, get_provider_invoice
from medical.release import preview_release
from portal import flash
from portal.attempts import attempt
from portal.blocks import Recipient
from portal.care.secretary.crossings import crossings
from portal.care.secretary.navigation import HOME
from portal.care.secretary.queue import next_in_queue
from portal.care.secretary.words import (
    REASON_OF_CHECK,
    TONES,
    check_label,
    dispute_label,
    dispute_meaning,
    state_label,
)
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse

router = Section(prefix=f"{HOME}/facturen/{{invoice_id}}")
Judge = Annotated[Work, care(Permission.JUDGE_PROVIDER_INVOICE)]


class Approval(BaseModel):
    """An approval: there is nothing to fill in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Dispute(BaseModel):
    """Why an invoice goes back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: DisputeReason


@router.get("")
def invoice_page(request: Request, work: Judge, invoice_id: UUID) -> Response:
    """Show an invoice, with what would leave of it."""
    return _page(request, work, invoice_id, blank())


@router.post("")
def approve(request: Request, work: Judge, invoice_id: UUID, data: FormFields) -> Response:
    """Release an invoice, and go on with the next one."""

    def release(_approval: Approval) -> bool:
        approve_provider_invoice(work.session, work.actor, invoice_id)
        return True

    following = next_in_queue(work, invoice_id)
    tried = attempt(work.session, parse(Approval, data), release)
    if tried.done is None:
        return _page(request, work, invoice_id, tried.form, tried.status)
    return _go_on(request, following, _("De factuur is vrijgegeven."))


@router.get("/terugsturen")
def dispute_page(request: Request, work: Judge, invoice_id: UUID) -> Response:
    """Ask why an invoice goes back, and say what the provider gets to know."""
    invoice = get_provider_invoice(work.session, work.actor, invoice_id)
    failed = (REASON_OF_CHECK[check.code] for check in invoice.checks if not check.passed)
    return _dispute(request, work, invoice, blank(reason=next(failed, None)))


@router.post("/terugsturen")
def dispute(request: Request, work: Judge, invoice_id: UUID, data: FormFields) -> Response:
    """Send an invoice back with a reason, and go on with the next one."""

    def send_back(typed: Dispute) -> bool:
        dispute_provider_invoice(work.session, work.actor, invoice_id, typed.reason)
        return True

    following = next_in_queue(work, invoice_id)
    tried = attempt(work.session, parse(Dispute, data), send_back)
    if tried.done is None:
        invoice = get_provider_invoice(work.session, work.actor, invoice_id)
        return _dispute(request, work, invoice, tried.form, tried.status)
    return _go_on(request, following, _("De factuur is teruggestuurd."))


def _go_on(request: Request, following: UUID | None, said: str) -> Response:
    if following is None:
        return flash.redirect(request, HOME, _("%(said)s Er wacht geen andere factuur op u.") % {"said": said})
    url = f"{HOME}/facturen/{following}"
    return flash.redirect(request, url, _("%(said)s Dit is de volgende in de rij.") % {"said": said})


def _page(request: Request, work: Work, invoice_id: UUID, form: Form[Approval], status: int = 200) -> Response:
    invoice = get_provider_invoice(work.session, work.actor, invoice_id)
    leaving = preview_release(work.session, work.actor, invoice_id)
    return show(
        request,
        work,
        "care/secretary/invoice.html",
        status=status,
        invoice=invoice,
        header=invoice.header,
        leaving=leaving,
        crossings=crossings(invoice, leaving),
        checks=[(check_label(check.code), check.passed, check.detail) for check in invoice.checks],
        failed=sum(not check.passed for check in invoice.checks),
        state=(state_label(invoice.header.state), TONES[invoice.header.state]),
        reason=_reason_label(invoice),
        may_approve=Judgement.APPROVE in invoice.possible,
        may_dispute=Judgement.DISPUTE in invoice.possible,
        following=next_in_queue(work, invoice_id),
        form=form,
    )


def _dispute(request: Request, work: Work, invoice: InvoiceView, form: Form[Dispute], status: int = 200) -> Response:
    return show(
        request,
        work,
        "care/secretary/dispute.html",
        status=status,
        header=invoice.header,
        may_dispute=Judgement.DISPUTE in invoice.possible,
        failed=[check.detail for check in invoice.checks if not check.passed],
        reasons=[(reason.value, dispute_label(reason), dispute_meaning(reason)) for reason in DisputeReason],
        recipients=(
            Recipient(
                invoice.header.provider_name,
                "care",
                (_("De reden die u kiest"), _("Het nummer van de eigen factuur")),
                how=_("In Providerboog, bij de eigen facturen."),
            ),
        ),
        form=form,
    )


def _reason_label(invoice: InvoiceView) -> str:
    reason = invoice.header.dispute_reason
    return dispute_label(DisputeReason(reason)) if reason else ""
