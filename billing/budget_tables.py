"""Tables of the employer's budget: what he lets go without being asked, and what he was asked above it (R56, R12)."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from core.columns import Row, choice, instant
from core.privacy import PrivacyClass

SCHEMA = {"schema": "billing"}


class BudgetMandate(Row, table=True):
    """Up to how much per case and per calendar year nobody asks the employer; only ever added to, the latest counts."""

    __tablename__ = "budget_mandate"
    __table_args__ = (
        CheckConstraint("per_case_cents >= 0 AND per_year_cents >= 0", name="amounts"),
        Index("ix_budget_mandate_latest", "employer_id", "valid_from"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    per_case_cents: int | None = None  # none means no limit
    per_year_cents: int | None = None
    valid_from: date
    set_by: UUID


class BudgetState(StrEnum):
    """Where a request for more than the budget stands."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    LAPSED = "lapsed"  # what it was for came to nothing, or the employee's consent ended before an answer


class BudgetRefusal(StrEnum):
    """Why an employer does not agree; coded, so that nobody writes about health."""

    TOO_EXPENSIVE = "too_expensive"
    NOT_NOW = "not_now"
    OTHER_SOLUTION = "other_solution"
    DOUBTS_ADVICE = "doubts_advice"


class BudgetRequest(Row, table=True):
    """A neutral request to agree to a cost above the budget: an amount and weeks, no cause, no provider (R56)."""

    __tablename__ = "budget_request"
    __table_args__ = (
        CheckConstraint("(disclosure = 'OPEN') = (intervention IS NOT NULL)", name="only_open_names_a_type"),
        CheckConstraint("(state IN ('agreed', 'refused')) = (answered_at IS NOT NULL)", name="answered"),
        CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refused_with_a_reason"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    number: str = Field(max_length=20, unique=True)
    case_id: UUID = Field(foreign_key="cases.absence_case.id", index=True)
    employer_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    disclosure: str = Field(max_length=4)
    intervention: str | None = Field(default=None, max_length=8)
    price_cents: int
    expected_weeks: int
    answer_by: date
    state: BudgetState = Field(default=BudgetState.ASKED, sa_type=choice(BudgetState))
    reason: BudgetRefusal | None = Field(default=None, sa_type=choice(BudgetRefusal))
    answered_by: UUID | None = None
    answered_at: datetime | None = instant()
