"""What people fill in about a referral: limits on every text, and codes instead of words where that is enough (R9)."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from core.validation import Day, Prose
from medical.referrals.reasons import InterruptReason, ReturnReason
from medical.tables import GoalReached, WorkResumed

LONGEST_TEXT = 2_000  # characters
LONGEST_CLINICAL = 4_000
MOST_UNITS = 200
MOST_DAYS_SAVED = 730  # two years of absence is all there is

LimitedProse = Annotated[Prose, Field(max_length=LONGEST_TEXT)]


def _blank_is_nothing(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


OptionalProse = Annotated[LimitedProse | None, BeforeValidator(_blank_is_nothing)]
Units = Annotated[int, Field(ge=1, le=MOST_UNITS)]


class Form(BaseModel):
    """A form as it was filled in; nothing but its own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Asked(Form):
    """What is asked of the provider and hoped for (R9)."""

    goal: LimitedProse
    question: LimitedProse
    expected_result: OptionalProse = None  # by which one will see that the goal is reached
    abilities: OptionalProse = None  # functional information: what the employee can and cannot do
    units: Units
    expected_days_saved: Annotated[int, Field(ge=0, le=MOST_DAYS_SAVED)]
    request_cofinancing: bool = False

    @property
    def content(self) -> dict[str, Any]:
        """What of it the provider reads, and the estimate beside it, as the columns that keep it."""
        return {
            "goal": self.goal,
            "question": self.question,
            "expected_result": self.expected_result or "",
            "abilities": self.abilities or "",
            "expected_days_saved": self.expected_days_saved,
        }


class ReferralForm(Asked):
    """A referral to make: for whom, to what, and what is asked."""

    case_id: UUID
    offering_id: UUID


class ReturnForm(Form):
    """Why a draft goes back to the delegate: a code, and what he should do about it."""

    reason: ReturnReason
    words: LimitedProse


class WordsForm(Form):
    """A question of the provider, or the answer to it."""

    words: LimitedProse


class InterruptForm(Form):
    """Why an intervention stands still, and when it is expected to go on."""

    reason: InterruptReason
    until: Day


class ResultForm(Form):
    """What a referral has brought: the goal that was set against what was reached, and the work (R75).

    `hours_per_week` is what the employee works again; asked where the work was resumed in part.
    """

    goal_reached: GoalReached
    work_resumed: WorkResumed
    hours_per_week: Annotated[int, Field(ge=1, le=60)] | None = None


class ReportForm(Form):
    """The provider's report: `functional` holds no health data, `clinical` is for the physician only."""

    clinical: Annotated[
        Annotated[Prose, Field(max_length=LONGEST_CLINICAL)] | None, BeforeValidator(_blank_is_nothing)
    ] = None
    functional: LimitedProse
    goal_reached: GoalReached
