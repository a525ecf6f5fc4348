"""One provider invoice: left what came in, right exactly what leaves, the checks in words, and the judgement."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict
from starlette.datastructures import FormData
from starlette.responses import Response

from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.hatch.preview_invoice import ReleasePreview
from medical.invoice_tables import ProviderDocument
from medical.invoices.credit import preview_credit
from medical.invoices.desk import leave_invoice, take_invoice
from medical.invoices.judge import (
    DisputeReason,
    Judgement,
    approve_provider_invoice,
    ask_credit,
    dispute_provider_invoice,
)
from medical.invoices.read import InvoiceView, get_provider_invoice
from medical.release import preview_release
from portal import flash
from portal.attempts import attempt
from portal.blocks import Crossing, Event, Recipient
from portal.care.secretary.crossings import credit_crossings, crossings
from portal.care.secretary.navigation import HOME
from portal.care.secretary.queue import next_in_queue
from portal.care.secretary.words import (
    REASON_OF_CHECK,
    TONES,
    check_label,
    dispute_label,
    dispute_meaning,
    state_label,
    talk_label,
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
    step, data = _in_row(data)
    tried = attempt(work.session, parse(Approval, data), release)
    if tried.done is None:
        return _page(request, work, invoice_id, tried.form, tried.status)
    return _go_on(request, following, _("De factuur is vrijgegeven."), step)


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
    step, data = _in_row(data)
    tried = attempt(work.session, parse(Dispute, data), send_back)
    if tried.done is None:
        invoice = get_provider_invoice(work.session, work.actor, invoice_id)
        return _dispute(request, work, invoice, tried.form, tried.status)
    return _go_on(request, following, _("De factuur is teruggestuurd."), step)


@router.post("/nemen")
def take(request: Request, work: Judge, invoice_id: UUID) -> Response:
    """Take an invoice upon oneself."""
    take_invoice(work.session, work.actor, invoice_id)
    return flash.redirect(request, f"{HOME}/facturen/{invoice_id}", _("De factuur staat op uw naam."))


@router.post("/loslaten")
def leave(request: Request, work: Judge, invoice_id: UUID) -> Response:
    """Leave an invoice to whoever comes first."""
    leave_invoice(work.session, work.actor, invoice_id)
    return flash.redirect(request, f"{HOME}/facturen/{invoice_id}", _("De factuur is weer van iedereen."))


@router.get("/creditvraag")
def credit_page(request: Request, work: Judge, invoice_id: UUID) -> Response:
    """Ask why a credit note is wanted."""
    return _credit(request, work, invoice_id, blank())


@router.post("/creditvraag")
def credit(request: Request, work: Judge, invoice_id: UUID, data: FormFields) -> Response:
    """Ask the provider for a credit note of what was released."""

    def say(typed: Dispute) -> bool:
        ask_credit(work.session, work.actor, invoice_id, typed.reason)
        return True

    tried = attempt(work.session, parse(Dispute, data), say)
    if tried.done is None:
        return _credit(request, work, invoice_id, tried.form, tried.status)
    return flash.redirect(request, f"{HOME}/facturen/{invoice_id}", _("De vraag is naar de provider gestuurd."))


def _credit(request: Request, work: Work, invoice_id: UUID, form: Form[Dispute], status: int = 200) -> Response:
    return show(
        request,
        work,
        "care/secretary/ask_credit.html",
        status=status,
        header=get_provider_invoice(work.session, work.actor, invoice_id).header,
        reasons=[(reason.value, dispute_label(reason)) for reason in DisputeReason],
        form=form,
    )


def _in_row(data: FormData) -> tuple[bool, FormData]:
    """Return whether somebody works through the whole row with the keyboard, and the fields without that mark."""
    return "rij" in data, FormData([(name, value) for name, value in data.multi_items() if name != "rij"])


def _go_on(request: Request, following: UUID | None, said: str, in_row: bool) -> Response:
    if following is None:
        return flash.redirect(request, HOME, _("%(said)s Er wacht geen andere factuur op u.") % {"said": said})
    url = f"{HOME}/facturen/{following}{'?rij=1' if in_row else ''}"
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
        crossings=_crossings(work, invoice, leaving),
        checks=[(check_label(check.code), check.passed, check.detail) for check in invoice.checks],
        failed=sum(not check.passed for check in invoice.checks),
        state=(state_label(invoice.header.state), TONES[invoice.header.state]),
        reason=_reason_label(invoice),
        may_approve=Judgement.APPROVE in invoice.possible,
        may_dispute=Judgement.DISPUTE in invoice.possible,
        may_ask_credit=Judgement.ASK_CREDIT in invoice.possible,
        in_row="rij" in request.query_params,
        is_mine=invoice.header.owner_id == work.actor.account,
        talk=[Event(at=word.at, what=talk_label(word), who="") for word in invoice.talk],
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
        in_row="rij" in request.query_params,
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


def _crossings(work: Work, invoice: InvoiceView, leaving: ReleasePreview | None) -> tuple[Crossing, ...]:
    if invoice.header.kind is ProviderDocument.CREDIT_NOTE:
        return credit_crossings(invoice, preview_credit(work.session, work.actor, invoice.header.id))
    return crossings(invoice, leaving)


def _reason_label(invoice: InvoiceView) -> str:
    reason = invoice.header.dispute_reason
    return dispute_label(DisputeReason(reason)) if reason else ""
