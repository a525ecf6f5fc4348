"""The Poortwachter timeline of a case: its steps with week, date and owner, and saying that one was done or was not."""

import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from cases.clock import StepView, Timeline
from cases.poortwachter import Condition
from cases.steps import DoneOn, clear_step, mark_step
from cases.timelines import get_timeline
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from identity.roles import Role

router = Section(prefix="/cases/{case_id}", tags=["cases"])


class DeadlineOut(BaseModel):
    """A step that is still to be done; `date` is the last day, `before` says that week `week` must not have begun."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    nr: int
    title: str
    week: int | None
    before: bool
    date: datetime.date | None = Field(validation_alias="due_on")
    owner: Role
    conditional: bool
    overdue: bool


class StepOut(DeadlineOut):
    """A step of a case; `condition` is there for the medical side only."""

    week_from: int
    starts_on: datetime.date | None
    roles: list[Role]
    recurs_weeks: int | None
    on_event: bool
    condition: Condition | None
    done: bool
    done_on: datetime.date | None
    markable: bool
    clearable: bool


class TimelineOut(BaseModel):
    """The steps of a case in the order in which they come due."""

    case_id: UUID
    sickness_week: int
    sickness_year: int
    next_deadline: DeadlineOut | None
    steps: list[StepOut]


@router.get("/timeline")
def timeline(work: Annotated[Work, open_side(Permission.SEE_TIMELINE)], case_id: UUID) -> TimelineOut:
    """Return the steps of a case; to a case manager without those of the medical side, and without reasons."""
    return _out(get_timeline(work.session, work.actor, case_id))


@router.post("/steps/{nr}")
def done(
    work: Annotated[Work, open_side(Permission.DO_STEP)], case_id: UUID, nr: int, body: DoneOn | None = None
) -> TimelineOut:
    """Say that a step was done, today or on an earlier day; the same step again changes nothing."""
    return _out(mark_step(work.session, work.actor, case_id, nr, body.done_on if body else None))


@router.delete("/steps/{nr}/{week}")
def cleared(work: Annotated[Work, open_side(Permission.DO_STEP)], case_id: UUID, nr: int, week: int) -> TimelineOut:
    """Take back that a step was done for a week of sickness, which was said by mistake; twice is once."""
    return _out(clear_step(work.session, work.actor, case_id, nr, week))


def deadline(step: StepView | None) -> DeadlineOut | None:
    """Return a step of the clock as a deadline over JSON."""
    return None if step is None else DeadlineOut.model_validate(step)


def _out(found: Timeline) -> TimelineOut:
    return TimelineOut(
        case_id=found.case_id,
        sickness_week=found.sickness_week,
        sickness_year=found.sickness_year,
        next_deadline=deadline(found.next_deadline),
        steps=[StepOut.model_validate(step) for step in found.steps],
    )
