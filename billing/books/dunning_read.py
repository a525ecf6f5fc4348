"""Who has not paid in time, which reminders went out, what comes next; and holding them back for a coded reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, select

from billing.books.dunning import is_held, next_step, sent_steps, terms_of
from billing.books.ledger_open import owes, standings
from billing.dunning_tables import HoldReason, ReminderHold, ReminderStep
from billing.tables import Invoice
from core.clock import now, today
from core.errors import Conflict, NotFound
from core.language import _
from core.paging import Page, offset
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from network.settings import arbodienst_settings


@dataclass(frozen=True)
class Hold:
    """That reminders are held back: of one invoice, or of everything of the buyer."""

    id: UUID
    reason: HoldReason
    whole_buyer: bool


@dataclass(frozen=True)
class OverdueInvoice:
    """An invoice that should have been paid; `following` is the step that comes next, and from which day on."""

    id: UUID
    number: str
    buyer_id: UUID
    buyer_name: str
    due_date: date
    open_cents: int
    sent: Mapping[ReminderStep, date]
    following: tuple[ReminderStep, date] | None
    hold: Hold | None


def list_overdue(
    session: Session, actor: Actor, *, held_only: bool = False, page: int = 1, page_size: int = 50
) -> Page[OverdueInvoice]:
    """Return the invoices that are overdue, the longest first; with `held_only` those that are held back."""
    require(actor, Permission.KEEP_REMINDERS)
    found = select(Invoice).where(Invoice.tenant_id == actor.tenant_id, Invoice.due_date < today(), owes())
    if held_only:
        found = found.where(is_held())
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    ordered = found.order_by(col(Invoice.due_date), col(Invoice.number))
    invoices = session.exec(ordered.limit(page_size).offset(offset(page, page_size))).all()
    return Page(_views(session, actor, list(invoices)), total, page, page_size)


def get_overdue(session: Session, actor: Actor, invoice_id: UUID) -> OverdueInvoice:
    """Return one overdue invoice; raises NotFound for one that is not there, or owes nothing."""
    require(actor, Permission.KEEP_REMINDERS)
    own = Invoice.tenant_id == actor.tenant_id
    invoice = session.exec(select(Invoice).where(own, Invoice.id == invoice_id, owes())).one_or_none()
    if invoice is None:
        raise NotFound(_("Deze factuur is niet gevonden, of er staat niets van open."))
    return _views(session, actor, [invoice])[0]


def hold_reminders(
    session: Session, actor: Actor, invoice_id: UUID, reason: HoldReason, *, whole_buyer: bool = False
) -> UUID:
    """Remind no more of an invoice, or of anything of its buyer; raises Conflict when that is held back already."""
    invoice = get_overdue(session, actor, invoice_id)
    if invoice.hold is not None:
        raise Conflict(_("Voor deze factuur worden al geen herinneringen verstuurd."), code="held")
    hold = ReminderHold(
        tenant_id=actor.tenant_id,
        buyer_id=invoice.buyer_id,
        invoice_id=None if whole_buyer else invoice.id,
        reason=reason,
        held_by=actor.account,
    )
    session.add(hold)
    session.flush()
    record(
        session, actor, "billing:reminder:held", invoice.buyer_id if whole_buyer else invoice.id, reason=reason.value
    )
    return hold.id


def end_hold(session: Session, actor: Actor, hold_id: UUID) -> None:
    """Remind again; raises NotFound for a hold that is not there or has ended."""
    require(actor, Permission.KEEP_REMINDERS)
    own = ReminderHold.tenant_id == actor.tenant_id
    wanted = select(ReminderHold).where(own, ReminderHold.id == hold_id, col(ReminderHold.ended_at).is_(None))
    hold = session.exec(wanted.with_for_update()).one_or_none()
    if hold is None:
        raise NotFound(_("Dit is niet gevonden, of het is al beëindigd."))
    hold.ended_at, hold.ended_by = now(), actor.account
    session.add(hold)
    session.flush()
    record(session, actor, "billing:reminder:resumed", hold.invoice_id or hold.buyer_id)


def _views(session: Session, actor: Actor, invoices: list[Invoice]) -> tuple[OverdueInvoice, ...]:
    ids = [each.id for each in invoices]
    terms = terms_of(arbodienst_settings(session, actor))
    stand, sent, holds = standings(session, ids), sent_steps(session, ids), _held(session, invoices)
    views = []
    for each in invoices:
        hold = holds.get(each.id) or holds.get(each.buyer_id)
        reminded = sent.get(each.id, {})
        comes = next_step(terms, each.due_date, reminded) if terms.reminds and hold is None else None
        name = str(each.document["buyer"]["name"])
        cents = stand[each.id].open_cents
        views.append(
            OverdueInvoice(each.id, each.number, each.buyer_id, name, each.due_date, cents, reminded, comes, hold)
        )
    return tuple(views)


def _held(session: Session, invoices: list[Invoice]) -> Mapping[UUID, Hold]:
    """Return what is held back, by the id of the invoice or of the whole buyer."""
    buyers = {each.buyer_id for each in invoices}
    rows = session.exec(
        select(ReminderHold).where(col(ReminderHold.buyer_id).in_(buyers), col(ReminderHold.ended_at).is_(None))
    )
    return {row.invoice_id or row.buyer_id: Hold(row.id, row.reason, row.invoice_id is None) for row in rows}
