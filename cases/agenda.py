"""The dates of somebody's own steps, for a calendar outside of this house: without names, and without why (R65)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session

from cases.cases_read import CaseFilter, CaseView, list_cases
from cases.coming import coming_steps
from cases.due import GIVE_AFTERCARE, is_for
from cases.poortwachter import steps
from cases.timelines import timelines
from core.clock import today
from core.language import _
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import Role

AHEAD = timedelta(weeks=26)
AT_ONCE = 200
MOST_CASES = 3_000  # running ones and the newest first; whoever has more lives by his worklist
AFTERCARE = 0
"""What stands in the place of the number of a step: the day until which there is aftercare (R67)."""

Dated = tuple[date, int, UUID]
"""The last day of a step, its number, and of which case."""


@dataclass(frozen=True)
class AgendaItem:
    """A step that is in time until a day, and in how many cases; `case_id` is there when it is one case."""

    day: date
    step: int
    count: int
    case_id: UUID | None

    @property
    def title(self) -> str:
        """What is to be done, in words that say nothing of sickness, in the language of the person."""
        return _("Vragen hoe het gaat") if self.step == AFTERCARE else steps()[self.step].brief


def agenda(session: Session, actor: Actor) -> tuple[AgendaItem, ...]:
    """Return the actor's own steps that are late or come due within half a year, each on its last day."""
    require(actor, Permission.KEEP_CALENDAR)
    found: defaultdict[tuple[date, int], list[UUID]] = defaultdict(list)
    for day, nr, case_id in _dated(session, actor):
        if day <= today() + AHEAD:
            found[day, nr].append(case_id)
    return tuple(
        AgendaItem(day, nr, len(case_ids), case_ids[0] if len(case_ids) == 1 else None)
        for (day, nr), case_ids in sorted(found.items())
    )


def _dated(session: Session, actor: Actor) -> Iterator[Dated]:
    for page in range(1, MOST_CASES // AT_ONCE + 1):
        found = list_cases(session, actor, CaseFilter(), page, AT_ONCE)
        if actor.role is Role.EMPLOYEE:
            for case in found.items:
                yield from ((step.due_on, step.nr, case.id) for step in coming_steps(session, actor, case.id))
        else:
            yield from _of_staff(session, actor, found.items)
        if page >= found.pages:
            return


def _of_staff(session: Session, actor: Actor, cases: tuple[CaseView, ...]) -> Iterator[Dated]:
    clocks = timelines(session, actor, [case for case in cases if not case.closed])
    for case in cases:
        if case.closed:
            if actor.role in GIVE_AFTERCARE and case.aftercare_until and case.aftercare_until >= today():
                yield case.aftercare_until, AFTERCARE, case.id
            continue
        for step in clocks[case.id].deadlines:
            if step.due_on is not None and is_for(actor.role, step):
                yield step.due_on, step.nr, case.id
