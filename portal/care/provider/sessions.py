"""Sessions of one referral: registered day by day, and billed with one confirmation."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.clock import today
from core.language import _
from core.routing import Section
from core.validation import OneLine
from medical.invoice_tables import ServiceOutcome
from medical.invoices.read import InvoiceView, get_provider_invoice
from medical.invoices.sessions import NewSession, list_sessions, register_session, withdraw_session
from medical.invoices.sessions_invoice import SessionsInvoice, bill_sessions, propose_invoice
from medical.invoices.submit import Submission
from portal import flash
from portal.attempts import attempt
from portal.care.provider.invoice_form import told_of
from portal.care.provider.recipients import of_invoice
from portal.care.provider.referral import act_page, disclosure_of, find
from portal.care.provider.words import outcome_words
from portal.care.provider.work import Provider
from portal.forms import Form, FormFields, blank, parse
from portal.open.provider.navigation import INVOICES, REFERRALS
from portal.rehearsal import rehearse
from portal.typed import TypedDay, TypedNumber

router = Section(prefix=f"{REFERRALS}/{{referral_id}}/sessies")


class TypedSession(BaseModel):
    """A session as it is typed."""

    day: TypedDay
    units: Annotated[TypedNumber, Field(gt=0, le=100, decimal_places=4)] = Decimal(1)
    outcome: ServiceOutcome = ServiceOutcome.DELIVERED


class TypedBill(BaseModel):
    """What the provider still says of the invoice."""

    invoice_number: Annotated[OneLine, Field(max_length=60)]
    invoice_date: TypedDay

    def said(self) -> SessionsInvoice:
        """Return it as the medical room takes it."""
        return SessionsInvoice(invoice_number=self.invoice_number, invoice_date=self.invoice_date)


@router.get("")
def sessions_page(request: Request, work: Provider, referral_id: UUID) -> Response:
    """List the sessions, with what was billed, and ask for the next one."""
    return _page(request, work, referral_id, blank(day=today(), units=1, outcome=ServiceOutcome.DELIVERED.value))


@router.post("")
def register(request: Request, work: Provider, referral_id: UUID, data: FormFields) -> Response:
    """Register a session."""

    def keep(typed: TypedSession) -> object:
        return register_session(work.session, work.actor, referral_id, NewSession(**typed.model_dump()))

    tried = attempt(work.session, parse(TypedSession, data), keep)
    if tried.done is None:
        return _page(request, work, referral_id, tried.form, tried.status)
    return flash.redirect(request, f"{REFERRALS}/{referral_id}/sessies", _("De sessie is vastgelegd."))


@router.post("/{session_id}/weg")
def withdraw(request: Request, work: Provider, referral_id: UUID, session_id: UUID) -> Response:
    """Take a session back that was registered by mistake."""
    withdraw_session(work.session, work.actor, session_id)
    return flash.redirect(request, f"{REFERRALS}/{referral_id}/sessies", _("De sessie is weggehaald."))


@router.get("/factuur")
def bill_page(request: Request, work: Provider, referral_id: UUID) -> Response:
    """Show the invoice that follows, with the result of every check, and who sees what of it."""
    proposal = propose_invoice(work.session, work.actor, referral_id)
    form = blank(invoice_number=proposal.invoice_number, invoice_date=proposal.invoice_date)
    return _bill(request, work, referral_id, form)


@router.post("/factuur")
def bill(request: Request, work: Provider, referral_id: UUID, data: FormFields) -> Response:
    """Send the invoice."""
    tried = attempt(
        work.session,
        parse(TypedBill, data),
        lambda typed: bill_sessions(work.session, work.actor, referral_id, typed.said()),
    )
    if tried.done is None:
        return _bill(request, work, referral_id, tried.form, tried.status)
    return flash.redirect(request, f"{INVOICES}/{tried.done.id}", told_of(tried.done))


def _page(request: Request, work: Provider, referral_id: UUID, form: Form[Any], status: int = 200) -> Response:
    referral = find(work, referral_id)
    proposal = propose_invoice(work.session, work.actor, referral_id)
    return act_page(
        request,
        work,
        "sessions",
        referral,
        form,
        status,
        sessions=list_sessions(work.session, work.actor, referral_id),
        left_out={each.id for each in proposal.left_out},
        proposal=proposal,
        outcome_words=outcome_words,
        outcomes=[(outcome.value, outcome_words(outcome)) for outcome in ServiceOutcome],
    )


def _bill(request: Request, work: Provider, referral_id: UUID, form: Form[Any], status: int = 200) -> Response:
    """Let the invoice be sent and undone, so that every check has its say before it is sent for good."""
    referral = find(work, referral_id)

    def rehearsed() -> tuple[Submission, InvoiceView]:
        sent = bill_sessions(work.session, work.actor, referral_id, SessionsInvoice())
        return sent, get_provider_invoice(work.session, work.actor, sent.id)

    _sent, view = rehearse(work.session, rehearsed)
    return act_page(
        request,
        work,
        "sessions_invoice",
        referral,
        form,
        status,
        view=view,
        header=view.header,
        failed=[check for check in view.checks if not check.passed],
        recipients=of_invoice(disclosure_of(work, referral)),
    )
