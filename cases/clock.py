"""The clock of an absence: from its spells and what was done to its steps with their dates (R65, R66); pure.

What was due before the case came here is not called overdue: another may have done it, and nobody here can know.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from cases.poortwachter import DECISION_RECORDED, Condition, Step, steps
from cases.weeks import Spell, first_day_of_week, sickness_week, sickness_year
from identity.roles import Role

Done = Mapping[tuple[int, int], date]
"""On which day a step was done, by its number and the week for which it was done."""

Window = tuple[date | None, date | None]
"""The first and the last day on which a step is in time."""


@dataclass(frozen=True)
class Course:
    """The course of a case as the clock needs it; `on` is the day on which it is read."""

    spells: Sequence[Spell]
    opened_on: date
    closed: bool
    on: date

    @cached_property
    def week(self) -> int:
        """The week of sickness on the day of reading."""
        return sickness_week(self.spells, self.on)

    @cached_property
    def week_of_opening(self) -> int:
        """The week of sickness in which the case came here."""
        return sickness_week(self.spells, self.opened_on)


@dataclass(frozen=True)
class StepView:
    """A step of one case as one role may see it; `due_on` is the last day on which it is in time."""

    nr: int
    title: str
    week: int | None
    week_from: int
    before: bool
    starts_on: date | None
    due_on: date | None
    owner: Role
    roles: tuple[Role, ...]
    recurs_weeks: int | None
    on_event: bool  # it waits for something that may or may not happen
    conditional: bool
    condition: Condition | None  # the medical side only
    done: bool
    done_on: date | None
    overdue: bool
    markable: bool
    clearable: bool  # it was marked as done, and that may be taken back


@dataclass(frozen=True)
class Timeline:
    """The steps of one case, in the order in which they come due."""

    case_id: UUID
    sickness_week: int
    sickness_year: int
    steps: tuple[StepView, ...]
    deadlines: tuple[StepView, ...]  # still to do and dated, the oldest first

    @property
    def next_deadline(self) -> StepView | None:
        """The first deadline that has not passed."""
        return next((step for step in self.deadlines if not step.overdue), None)

    @property
    def overdue(self) -> tuple[StepView, ...]:
        """The deadlines that have passed."""
        return tuple(step for step in self.deadlines if step.overdue)


def timeline(case_id: UUID, course: Course, done: Done, role: Role) -> Timeline:
    """Return the timeline of a case as `role` may see it: without steps of the medical side, and without reasons,
    for case manager and employer; for the employer only the steps in which he has a part."""
    views = [view for step in steps().values() if step.visible_to(role) for view in _views(step, course, done, role)]
    views.sort(key=lambda view: (view.due_on or date.max, view.nr))
    return Timeline(case_id, course.week, sickness_year(course.week), tuple(views), tuple(_deadlines(views, course)))


def current_occurrence(step: Step, course: Course, done: Done) -> int | None:
    """Return the week for which a step is to be done next, or None when it has been done for all.

    A missed occurrence stays until it is done or the next one is missed too. A step that follows an event has no
    week of its own: it counts for the week in which it is done.
    """
    if step.on_event:
        return course.week
    last = max((occurrence for nr, occurrence in done if nr == step.nr), default=0)
    left = [occurrence for occurrence in step.occurrences if occurrence > last]
    if step.recurs_weeks is not None:
        left = [occurrence for occurrence in left if occurrence >= course.week_of_opening]
    missed = [occurrence for occurrence in left if occurrence < course.week]
    return missed[-1] if missed else next(iter(left), None)


def has_begun(step: Step, occurrence: int, week: int) -> bool:
    """Tell whether a step may be done for `occurrence` in a week: any time, or in the weeks since it last came due."""
    return step.recurs_weeks is None or week > occurrence - step.recurs_weeks


def _views(step: Step, course: Course, done: Done, role: Role) -> Iterator[StepView]:
    weeks = sorted(occurrence for nr, occurrence in done if nr == step.nr)
    for occurrence in weeks:
        yield _view(step, course, role, occurrence, done[step.nr, occurrence])
    if step.on_event:
        if not weeks and not course.closed:
            yield _view(step, course, role, None, None, _after_event(step, done))
    elif (current := current_occurrence(step, course, done)) is not None:
        open_view = _view(step, course, role, current, None)
        # The process ends at recovery (R67): what would have come later never comes.
        if open_view.due_on is not None:
            yield open_view


def _after_event(step: Step, done: Done) -> Window:
    """Return the window of a step that has its term from an event, once the day of that event is known."""
    event_on = min((day for (nr, _week), day in done.items() if nr == DECISION_RECORDED), default=None)
    if step.weeks_after_event is None or event_on is None:
        return None, None
    return event_on, event_on + timedelta(weeks=step.weeks_after_event)


def _view(
    step: Step, course: Course, role: Role, week: int | None, done_on: date | None, within: Window | None = None
) -> StepView:
    starts_on, due = within or window(step, course.spells, week)
    overdue = done_on is None and due is not None and course.opened_on <= due < course.on and not course.closed
    begun = week is None or has_begun(step, week, course.week)
    open_to_role = not course.closed and step.markable_by(role)
    on_medical_side = role in (Role.PHYSICIAN, Role.DELEGATE)
    return StepView(
        nr=step.nr,
        title=step.title,
        week=week,
        week_from=step.week_from,
        before=step.before,
        starts_on=starts_on,
        due_on=due,
        owner=step.owner,
        roles=tuple(sorted(step.roles)),
        recurs_weeks=step.recurs_weeks,
        on_event=step.on_event and due is None,
        conditional=step.condition is not None,
        condition=step.condition if on_medical_side else None,
        done=done_on is not None,
        done_on=done_on,
        overdue=overdue and not step.tells_of_health,
        markable=done_on is None and begun and open_to_role,
        clearable=done_on is not None and open_to_role,
    )


def window(step: Step, spells: Sequence[Spell], week: int | None) -> Window:
    """Return the first and the last day on which a step is in time for `week`."""
    if week is None or step.on_event:
        return None, None
    begin = week - step.recurs_weeks + 1 if step.recurs_weeks else step.week_from
    starts_on = first_day_of_week(spells, max(1, begin))
    if step.day is not None:
        begun = first_day_of_week(spells, 1)
        return starts_on, begun and begun + timedelta(days=step.day - 1)
    following = first_day_of_week(spells, week if step.before else week + 1)
    return starts_on, following and following - timedelta(days=1)


def _deadlines(views: Sequence[StepView], course: Course) -> Iterator[StepView]:
    if course.closed:
        return
    for view in views:
        ours = view.due_on is not None and view.due_on >= course.opened_on
        if ours and not view.done and not steps()[view.nr].tells_of_health:
            yield view
