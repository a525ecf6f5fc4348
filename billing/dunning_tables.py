"""The tables of reminding buyers: what was sent for which step, and what is held back for which reason."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from billing.tables import SCHEMA
from core.columns import Row, choice, instant
from core.privacy import PrivacyClass


class ReminderStep(StrEnum):
    """Which reminder of an invoice it is; each is sent once."""

    FIRST = "first"
    SECOND = "second"
    LAST = "last"


class ReminderOutcome(StrEnum):
    """What came of a reminder."""

    SENT = "sent"
    REFUSED = "refused"  # by the mail server, for good
    DROPPED = "dropped"  # by then nothing was open any more, or it was held back


class Reminder(Row, table=True):
    """A step of reminding a buyer of an invoice: put down once, and done once."""

    __tablename__ = "reminder"
    __table_args__ = (
        Index("uq_reminder_step", "invoice_id", "step", unique=True),
        CheckConstraint("open_cents > 0", name="something_open"),
        CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name="done_with_outcome"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    invoice_id: UUID = Field(foreign_key="billing.invoice.id")
    buyer_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    step: ReminderStep = Field(sa_type=choice(ReminderStep))
    day: date
    open_cents: int
    done_at: datetime | None = instant()
    outcome: ReminderOutcome | None = Field(default=None, sa_type=choice(ReminderOutcome))


class HoldReason(StrEnum):
    """Why a buyer is not reminded; coded, so that nobody writes about more than money."""

    DISPUTED = "disputed"  # the buyer does not agree with the invoice
    PAYMENT_PLAN = "payment_plan"
    SETTLED = "settled"  # it will be settled with a credit note
    BANKRUPT = "bankrupt"
    OTHER = "other"


class ReminderHold(Row, table=True):
    """That a buyer is not reminded, of one invoice or of all, until somebody ends it."""

    __tablename__ = "reminder_hold"
    __table_args__ = (
        Index(
            "uq_reminder_hold",
            "buyer_id",
            "invoice_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    buyer_id: UUID = Field(foreign_key="identity.organisation.id")
    invoice_id: UUID | None = Field(default=None, foreign_key="billing.invoice.id", index=True)  # none: all of them
    reason: HoldReason = Field(sa_type=choice(HoldReason))
    held_by: UUID
    ended_at: datetime | None = instant()
    ended_by: UUID | None = None
