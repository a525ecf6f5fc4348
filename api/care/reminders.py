"""Who is late with paying, over JSON: what was sent, what comes next, and holding it back; for the secretariat."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict

from api.money import Money, money
from api.paged import Paged, PageQuery
from billing.books.dunning_read import OverdueInvoice, end_hold, hold_reminders, list_overdue
from billing.dunning_tables import HoldReason, ReminderStep
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission

router = Section(prefix="/reminders", tags=["books"])
Desk = Annotated[Work, care(Permission.KEEP_REMINDERS)]


class RemindersQuery(PageQuery):
    """Which invoices; `held` leaves those that are held back."""

    held: bool = False


class HoldIn(BaseModel):
    """What to hold back and why: reminders of an invoice, or with `whole_buyer` of everything of its buyer."""

    model_config = ConfigDict(extra="forbid")

    invoice_id: UUID
    reason: HoldReason
    whole_buyer: bool = False


class HoldOut(BaseModel):
    """A hold that was made."""

    id: UUID


class StepOut(BaseModel):
    """A reminder and its day."""

    step: ReminderStep
    day: date


class OverdueOut(BaseModel):
    """An invoice that is overdue; `next` is null when nothing more goes out."""

    invoice_id: UUID
    number: str
    buyer: str
    due_date: date
    open: Money
    sent: list[StepOut]
    next: StepOut | None
    hold_id: UUID | None
    hold_reason: HoldReason | None


class OverduePage(Paged[OverdueOut]):
    """A page of overdue invoices, the longest overdue first."""


@router.get("")
def reminders(work: Desk, query: Annotated[RemindersQuery, Query()]) -> OverduePage:
    """Return who is late."""
    found = list_overdue(work.session, work.actor, held_only=query.held, page=query.page, page_size=query.page_size)
    results = [_out(each) for each in found.items]
    return OverduePage(total=found.total, page=found.page, page_size=found.page_size, results=results)


@router.post("/holds", status_code=201)
def hold(work: Desk, body: HoldIn) -> HoldOut:
    """Send no more reminders."""
    held = hold_reminders(work.session, work.actor, body.invoice_id, body.reason, whole_buyer=body.whole_buyer)
    return HoldOut(id=held)


@router.delete("/holds/{hold_id}", status_code=204)
def resume(work: Desk, hold_id: UUID) -> Response:
    """Send reminders again."""
    end_hold(work.session, work.actor, hold_id)
    return Response(status_code=204)


def _out(each: OverdueInvoice) -> OverdueOut:
    return OverdueOut(
        invoice_id=each.id,
        number=each.number,
        buyer=each.buyer_name,
        due_date=each.due_date,
        open=money(each.open_cents),
        sent=[StepOut(step=step, day=day) for step, day in each.sent.items()],
        next=StepOut(step=each.following[0], day=each.following[1]) if each.following else None,
        hold_id=each.hold.id if each.hold else None,
        hold_reason=each.hold.reason if each.hold else None,
    )
