"""What an employee can expect: the dates to come of his own absence in which he has a part himself (R27, R65)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from cases.cases_read import get_case
from cases.clock import Course, window
from cases.poortwachter import steps
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import Role


@dataclass(frozen=True)
class ComingStep:
    """A step with the last day on which it is in time, and who has to see to it."""

    nr: int
    title: str
    due_on: date
    owner: Role


def coming_steps(session: Session, actor: Actor, case_id: UUID) -> tuple[ComingStep, ...]:
    """Return the steps to come of the actor's own case, each the next time that it is due; none after recovery (R67).

    Whether a step was done ahead of time is not said: these are the dates of the law. What depends on a circumstance
    is left out, for here nobody knows whether that holds. Raises NotFound for a case of somebody else.
    """
    require(actor, Permission.SEE_OWN_FILE)
    course = get_case(session, actor, case_id).course
    return () if course.closed else tuple(sorted(_coming(course), key=lambda step: (step.due_on, step.title)))


def _coming(course: Course) -> Iterator[ComingStep]:
    for step in steps().values():
        if Role.EMPLOYEE not in step.roles or step.condition is not None:
            continue
        days = (window(step, course.spells, week)[1] for week in step.occurrences)
        due_on = next((day for day in days if day is not None and day >= course.on), None)
        if due_on is not None:
            yield ComingStep(step.nr, step.title, due_on, step.owner)
