"""Giving an invoice back: why, whether its amounts come again, and a look at the very credit note before it goes."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session
from starlette.responses import Response

from billing.invoicing.credit_notes import REASONS, credit_invoice
from billing.invoicing.invoices_read import IssuedInvoice, get_invoice
from billing.tables import CreditReason
from core.errors import Conflict
from core.language import _
from core.routing import Section
from identity.actor import Actor
from identity.guard import Work, care
from identity.policy import Permission
from portal import flash
from portal.attempts import attempt
from portal.care.secretary.navigation import ISSUED
from portal.care.secretary.words import credit_label
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse
from portal.rehearsal import rehearse

router = Section(prefix=f"{ISSUED}/{{invoice_id}}/crediteren")
Crediting = Annotated[Work, care(Permission.CREDIT_INVOICE, fresh=True)]


class Wanted(BaseModel):
    """Why, and whether the next run charges it again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: CreditReason
    anew: Literal["yes", "no"]


class Confirmed(Wanted):
    """The same, after a look at the credit note."""

    sure: Literal["yes"]


@router.get("")
def ask(request: Request, work: Crediting, invoice_id: UUID) -> Response:
    """Ask why, and what has to happen next."""
    return _ask(request, work, invoice_id, blank())


@router.post("")
def give_back(request: Request, work: Crediting, invoice_id: UUID, data: FormFields) -> Response:
    """Show the credit note as it would go out, and once that was looked at, send it."""
    if data.get("sure") is None:
        return _check(request, work, invoice_id, parse(Wanted, data))
    form = parse(Confirmed, data)
    tried = attempt(work.session, form, lambda wanted: _credit(work.session, work.actor, invoice_id, wanted))
    if tried.done is None:
        return _ask(request, work, invoice_id, tried.form, tried.status)
    said = _("Creditnota %(number)s is verstuurd.") % {"number": tried.done.summary.number}
    return flash.redirect(request, f"{ISSUED}/{tried.done.summary.id}", said)


def _check(request: Request, work: Work, invoice_id: UUID, form: Form[Wanted]) -> Response:
    wanted = form.value
    if wanted is None:
        return _ask(request, work, invoice_id, form, 422)
    try:
        note = rehearse(work.session, lambda: _credit(work.session, work.actor, invoice_id, wanted))
    except Conflict as refusal:
        return _ask(request, work, invoice_id, form, refusal.status, refusal.message)
    return show(
        request,
        work,
        "care/secretary/credit_check.html",
        original=get_invoice(work.session, work.actor, invoice_id).summary,
        note=note,
        wanted=wanted,
        reason=credit_label(wanted.reason),
        form=blank(),
    )


def _ask(
    request: Request, work: Work, invoice_id: UUID, form: Form[Wanted], status: int = 200, hindrance: str = ""
) -> Response:
    invoice = get_invoice(work.session, work.actor, invoice_id)
    return show(
        request,
        work,
        "care/secretary/credit.html",
        status=status,
        invoice=invoice.summary,
        document=invoice.document,
        hindrance=hindrance,
        reasons=[(reason.value, credit_label(reason), "") for reason in REASONS],
        form=form,
    )


def _credit(session: Session, actor: Actor, invoice_id: UUID, wanted: Wanted) -> IssuedInvoice:
    return credit_invoice(session, actor, invoice_id, wanted.reason, charge_anew=wanted.anew == "yes")
