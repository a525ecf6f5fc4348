"""The steps that an employer has to do himself and that are late or come due soon, over all his cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from cases.cases_read import CaseFilter, CaseView, list_cases
from cases.clock import StepView
from cases.timelines import timelines
from core.clock import today
from identity.actor import Actor
from identity.roles import Role

SOON = timedelta(weeks=4)
MOST_CASES = 200
"""So many running cases are looked at, the newest first; an employer with more finds the rest in the list."""


@dataclass(frozen=True)
class DueStep:
    """A step of one case."""

    case: CaseView
    step: StepView


def due_steps(session: Session, actor: Actor) -> tuple[DueStep, ...]:
    """Return the steps that are the employer's own to do now, the oldest term first; in four queries."""
    cases = list_cases(session, actor, CaseFilter(closed=False), 1, MOST_CASES).items
    clocks = timelines(session, actor, cases)
    due = [DueStep(case, step) for case in cases for step in clocks[case.id].deadlines if _is_his_now(step)]
    return tuple(each for _term, each in sorted(_by_term(due), key=lambda pair: pair[0]))


def _is_his_now(step: StepView) -> bool:
    soon = step.due_on is not None and step.due_on <= today() + SOON
    return step.owner is Role.EMPLOYER and (step.overdue or soon)


def _by_term(due: list[DueStep]) -> Iterator[tuple[tuple[str, str, int], DueStep]]:
    for each in due:
        yield (str(each.step.due_on), each.case.employee_reference, each.step.nr), each
