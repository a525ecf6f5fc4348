"""Who is late with paying: which reminders went out, what comes next, and holding them back for a coded reason."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from billing.books.dunning_read import OverdueInvoice, end_hold, get_overdue, hold_reminders, list_overdue
from billing.dunning_tables import HoldReason, ReminderStep
from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from portal import flash
from portal.attempts import attempt
from portal.care.secretary.navigation import BOOKS, ISSUED
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse

REMINDERS = f"{BOOKS}/herinneringen"
router = Section(prefix=REMINDERS)
PAGE_SIZE = 25
Desk = Annotated[Work, care(Permission.KEEP_REMINDERS)]


class Filters(BaseModel):
    """What the address bar says of which invoices to list."""

    show: Literal["all", "held"] = "all"
    page: int = Field(default=1, ge=1, le=100_000)


class Holding(BaseModel):
    """Why reminders are held back, and whether of everything of this buyer."""

    reason: HoldReason
    reach: Literal["invoice", "buyer"]


@router.get("")
def overdue(request: Request, work: Desk) -> Response:
    """List who is late."""
    chosen = parse(Filters, request.query_params).value or Filters()
    held = chosen.show == "held"
    found = list_overdue(work.session, work.actor, held_only=held, page=chosen.page, page_size=PAGE_SIZE)
    return show(
        request,
        work,
        "care/secretary/reminders.html",
        found=found,
        held=held,
        path=REMINDERS,
        issued=ISSUED,
        steps=step_labels(),
        reasons=reason_labels(),
    )


@router.get("/{invoice_id}")
def invoice(request: Request, work: Desk, invoice_id: UUID) -> Response:
    """Show the reminders of one invoice, and hold them back."""
    return _one(request, work, get_overdue(work.session, work.actor, invoice_id), blank(reach="invoice"))


@router.post("/{invoice_id}")
def hold(request: Request, work: Desk, invoice_id: UUID, data: FormFields) -> Response:
    """Hold the reminders of an invoice or a buyer back."""
    session, actor = work.session, work.actor
    tried = attempt(
        session,
        parse(Holding, data),
        lambda held: hold_reminders(session, actor, invoice_id, held.reason, whole_buyer=held.reach == "buyer"),
    )
    if tried.done is None:
        return _one(request, work, get_overdue(session, actor, invoice_id), tried.form, tried.status)
    return flash.redirect(request, REMINDERS, _("Er gaan geen herinneringen meer uit."))


@router.post("/{hold_id}/hervatten")
def resume(request: Request, work: Desk, hold_id: UUID) -> Response:
    """Remind again."""
    end_hold(work.session, work.actor, hold_id)
    return flash.redirect(request, REMINDERS, _("Er gaan weer herinneringen uit."))


def step_labels() -> dict[ReminderStep, str]:
    """Return the name of each step."""
    return {
        ReminderStep.FIRST: _("Eerste herinnering"),
        ReminderStep.SECOND: _("Tweede herinnering"),
        ReminderStep.LAST: _("Laatste herinnering"),
    }


def reason_labels() -> dict[HoldReason, str]:
    """Return why reminders are held back, in words."""
    return {
        HoldReason.DISPUTED: _("De klant is het niet eens met de factuur"),
        HoldReason.PAYMENT_PLAN: _("Er is een betalingsregeling"),
        HoldReason.SETTLED: _("Er komt een creditnota"),
        HoldReason.BANKRUPT: _("Faillissement of surseance"),
        HoldReason.OTHER: _("Andere reden"),
    }


def _one(request: Request, work: Work, found: OverdueInvoice, form: Form[Any], status: int = 200) -> Response:
    return show(
        request,
        work,
        "care/secretary/reminder.html",
        status=status,
        invoice=found,
        form=form,
        path=REMINDERS,
        issued=ISSUED,
        steps=step_labels(),
        reasons=reason_labels(),
    )
