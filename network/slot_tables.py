"""Tables of questions for the first free slot: what is asked, and of whom; nothing in them leads to a case."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from core.columns import Row, choice, instant
from core.privacy import PrivacyClass

SCHEMA = {"schema": "network"}


class Urgency(StrEnum):
    """How soon somebody has to begin."""

    NORMAL = "normal"
    SOON = "soon"  # within two weeks
    URGENT = "urgent"  # within days


class SlotState(StrEnum):
    """Where a question for the first free slot stands."""

    OPEN = "open"  # providers are asked
    HELD = "held"  # the first one keeps a slot
    USED = "used"  # the slot became a referral
    LAPSED = "lapsed"  # it was kept long enough
    EXPIRED = "expired"  # nobody had one in time
    CLOSED = "closed"  # not needed any more


class SlotQuestion(Row, table=True):
    """Who has the first firm slot? Of nobody: what is asked for, in which province, how soon; no way to a case."""

    __tablename__ = "slot_question"
    __table_args__ = (
        CheckConstraint("(state IN ('held', 'used', 'lapsed')) <= (held_until IS NOT NULL)", name="held_until_a_day"),
        Index("ix_slot_question_waiting", "tenant_id", "state", postgresql_where=text("state IN ('open', 'held')")),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    intervention: str = Field(max_length=8)
    region: str | None = Field(default=None, max_length=20)  # a province; none where the place does not matter
    urgency: Urgency = Field(sa_type=choice(Urgency))
    answer_by: date
    state: SlotState = Field(default=SlotState.OPEN, sa_type=choice(SlotState))
    held_until: date | None = None


class SlotAsk(Row, table=True):
    """One provider who is asked for a slot; the database lets one of a question be the first, however many answer."""

    __tablename__ = "slot_ask"
    __table_args__ = (
        Index("uq_slot_ask_first", "question_id", unique=True, postgresql_where=text("is_first")),
        Index("uq_slot_ask_offering", "question_id", "offering_id", unique=True),
        CheckConstraint("NOT is_first OR (day IS NOT NULL AND NOT declined)", name="first_with_a_day"),
        CheckConstraint("(answered_at IS NOT NULL) = (declined OR day IS NOT NULL)", name="answered"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    question_id: UUID = Field(foreign_key="network.slot_question.id")
    provider_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    offering_id: UUID = Field(foreign_key="network.offering.id")
    day: date | None = None  # on which somebody can begin
    declined: bool = False
    is_first: bool = False
    answered_at: datetime | None = instant()
