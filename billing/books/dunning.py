"""Reminding buyers of what they have not paid: which step is due, put down once each, without interest or costs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, exists, or_, select

from billing.books.ledger_open import owes, standings
from billing.dunning_tables import Reminder, ReminderHold, ReminderStep
from billing.tables import Invoice
from core import outbox
from core.clock import now, today
from core.errors import Forbidden
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.roles import Role
from network.settings import arbodienst_settings
from network.tables import ArbodienstSettings

TASK = "billing.send_reminder"
BATCH = 500
LOOKS_BACK = timedelta(days=730)
"""How long after its due date an invoice is still looked at: past that it has had all its reminders long ago."""

STEPS = tuple(ReminderStep)


@dataclass(frozen=True)
class Terms:
    """How many days after the due date each reminder goes out; none at all when an arbodienst does not remind."""

    reminds: bool
    days: Mapping[ReminderStep, int]

    @property
    def first(self) -> int:
        """The days until the first."""
        return self.days[ReminderStep.FIRST]


def terms_of(settings: ArbodienstSettings) -> Terms:
    """Return the terms that an arbodienst has set."""
    days = (settings.first_reminder_days, settings.second_reminder_days, settings.last_reminder_days)
    return Terms(settings.reminds, dict(zip(STEPS, days, strict=True)))


def next_step(terms: Terms, due_date: date, sent: Mapping[ReminderStep, date]) -> tuple[ReminderStep, date] | None:
    """Return the step that comes next and the day from which on it may; None after the last.

    Between two steps lie at least as many days as the terms put between them: who was not reminded for a while,
    because the service stood still, does not get all reminders at once.
    """
    before: ReminderStep | None = None
    for step in STEPS:
        if step not in sent:
            day = due_date + timedelta(days=terms.days[step])
            if before is not None:
                day = max(day, sent[before] + timedelta(days=terms.days[step] - terms.days[before]))
            return step, day
        before = step
    return None


def remind_buyers(session: Session, actor: Actor) -> int:
    """Put down every reminder that is due today, and return how many are new; the system's.

    However often it runs, each step of an invoice is put down once: a second one finds the key taken. Sending is a job
    of its own, put down with it.
    """
    if actor.role is not Role.SYSTEM:
        raise Forbidden(_("Dit doet het systeem."))
    terms = terms_of(arbodienst_settings(session, actor))
    if not terms.reminds:
        return 0
    return sum(_put(session, actor, terms, batch) for batch in _overdue(session, terms))


def is_held() -> ColumnElement[bool]:
    """Return the condition that an invoice is held back, by itself or with all of its buyer."""
    return exists().where(
        col(ReminderHold.buyer_id) == Invoice.buyer_id,
        or_(col(ReminderHold.invoice_id).is_(None), col(ReminderHold.invoice_id) == Invoice.id),
        col(ReminderHold.ended_at).is_(None),
    )


def _overdue(session: Session, terms: Terms) -> Iterator[Sequence[Invoice]]:
    """Yield the invoices that may need a reminder, a bounded number at a time."""
    last_sent = exists().where(col(Reminder.invoice_id) == Invoice.id, col(Reminder.step) == ReminderStep.LAST)
    found = (
        select(Invoice)
        .where(
            Invoice.due_date <= today() - timedelta(days=terms.first),
            Invoice.due_date > today() - LOOKS_BACK,
            ~last_sent,
            ~is_held(),
            owes(),
        )
        .order_by(col(Invoice.id))
        .limit(BATCH)
    )
    batch = session.exec(found).all()
    while batch:
        yield batch
        batch = session.exec(found.where(col(Invoice.id) > batch[-1].id)).all() if len(batch) == BATCH else []


def _put(session: Session, actor: Actor, terms: Terms, invoices: Sequence[Invoice]) -> int:
    stand = standings(session, [each.id for each in invoices])
    sent = sent_steps(session, [each.id for each in invoices])
    count = 0
    for each in invoices:
        due = next_step(terms, each.due_date, sent.get(each.id, {}))
        if due is not None and due[1] <= today():
            count += _put_one(session, actor, each, due[0], stand[each.id].open_cents)
    return count


def _put_one(session: Session, actor: Actor, invoice: Invoice, step: ReminderStep, open_cents: int) -> int:
    row = {
        "id": uuid4(),
        "tenant_id": actor.tenant_id,
        "created_at": now(),
        "invoice_id": invoice.id,
        "buyer_id": invoice.buyer_id,
        "step": step,
        "day": today(),
        "open_cents": open_cents,
    }
    new = insert(Reminder).values(row).on_conflict_do_nothing().returning(col(Reminder.id))
    reminder_id = session.execute(new).scalar_one_or_none()
    if reminder_id is None:
        return 0
    record(session, actor, "billing:reminder:due", invoice.id, reason=step.value)
    outbox.put(session, TASK, reminder_id=reminder_id, tenant_id=actor.tenant_id)
    return 1


def sent_steps(session: Session, invoice_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[ReminderStep, date]]:
    """Return by invoice on which day each of its reminders was put down."""
    found: dict[UUID, dict[ReminderStep, date]] = {}
    for each in session.exec(select(Reminder).where(col(Reminder.invoice_id).in_(invoice_ids))):
        found.setdefault(each.invoice_id, {})[each.step] = each.day
    return found
