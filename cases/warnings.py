"""Warning that what the law looks at first is missing: the labour expert, and the second track (R66).

Whether there is one is known here as far as the hatch let it out; the medical room asks the same of its own rows. A
warning says what is missing and until when, and never why.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, func, literal, select, union_all
from sqlmodel import Session, col

from cases.cases_read import CaseView, describe_cases, sick_days_on
from cases.poortwachter import steps
from cases.tables import AbsenceCase, OpenProgress, ProgressState, SickSpell, StepDone
from cases.weeks import DAYS_IN_WEEK
from core.clock import today
from core.paging import Page, offset
from identity.actor import Actor
from identity.policy import Permission, require


class Missing(StrEnum):
    """What there is not."""

    LABOUR_EXPERT = "labour_expert"
    SECOND_TRACK = "second_track"


@dataclass(frozen=True)
class Watch:
    """From which week of sickness something is missed, by which step it is done, and which interventions it is."""

    from_week: int
    step: int
    interventions: tuple[str, ...]

    @property
    def last_week(self) -> int:
        """The last week of sickness in which it is in time."""
        step = steps()[self.step]
        return (step.week_until or step.week_from) - step.before


WATCHED: Mapping[Missing, Watch] = {
    Missing.LABOUR_EXPERT: Watch(44, 30, ("ADO",)),
    Missing.SECOND_TRACK: Watch(58, 36, ("SP2",)),
}

Helped = Callable[[Sequence[str]], ColumnElement[bool]]
"""Returns whether one of some interventions was set going for a case."""


@dataclass(frozen=True)
class Warned:
    """A case in which something is missing; `last_week` is the last one in which it is in time."""

    case: CaseView
    missing: Missing
    last_week: int

    @property
    def late(self) -> bool:
        """Whether that week has passed."""
        return self.case.sickness_week > self.last_week

    @property
    def interventions(self) -> tuple[str, ...]:
        """The interventions of which any one will do."""
        return WATCHED[self.missing].interventions


def list_warnings(session: Session, actor: Actor, page: int = 1, page_size: int = 50) -> Page[Warned]:
    """Return the running cases of the actor in which something is missing, the longest absence first."""
    require(actor, Permission.SEE_WARNINGS)
    return warned(session, actor, released, page, page_size)


def warnings_of(session: Session, actor: Actor, case_id: UUID) -> tuple[Warned, ...]:
    """Return what is missing in one case; nothing for a case of others."""
    require(actor, Permission.SEE_WARNINGS)
    return warned(session, actor, released, case_id=case_id).items


def released(interventions: Sequence[str]) -> ColumnElement[bool]:
    """Return whether the hatch let out that one of these was set going, and not that it stopped."""
    return (
        select(col(OpenProgress.id))
        .where(
            col(OpenProgress.case_id) == col(AbsenceCase.id),
            col(OpenProgress.intervention).in_(interventions),
            col(OpenProgress.state) != ProgressState.STOPPED,
        )
        .correlate(AbsenceCase)
        .exists()
    )


def warned(
    session: Session, actor: Actor, helped: Helped, page: int = 1, page_size: int = 50, case_id: UUID | None = None
) -> Page[Warned]:
    """Return the cases in which something is missing, where `helped` tells what was set going; three queries."""
    found = union_all(*(_lacking(missing, actor, helped, case_id) for missing in Missing)).subquery()
    total = session.scalar(select(func.count()).select_from(found)) or 0
    if not total:
        return Page((), 0, page, page_size)
    order = (found.c.days.desc(), found.c.case_id, found.c.missing)
    rows = session.execute(
        select(found.c.case_id, found.c.missing).order_by(*order).limit(page_size).offset(offset(page, page_size))
    ).all()
    cases = describe_cases(session, actor, [row.case_id for row in rows])
    named = ((cases[row.case_id], Missing(row.missing)) for row in rows if row.case_id in cases)
    return Page(
        tuple(Warned(case, missing, WATCHED[missing].last_week) for case, missing in named), total, page, page_size
    )


def _lacking(missing: Missing, actor: Actor, helped: Helped, case_id: UUID | None) -> Select[*tuple[Any, ...]]:
    """Return the running cases without it; not those that came here when it was too late, for who knows of those."""
    watch, days = WATCHED[missing], sick_days_on(today())
    facts: tuple[ColumnElement[Any], ...] = (
        col(AbsenceCase.id).label("case_id"),
        literal(missing, String).label("missing"),
        days.label("days"),
    )
    found: Select[*tuple[Any, ...]] = select(*facts).where(
        col(AbsenceCase.tenant_id) == actor.tenant_id,
        col(AbsenceCase.closed_at).is_(None),
        # Nobody has been ill for longer than since his first sick day: this leaves few cases whose days to add up.
        col(AbsenceCase.id).in_(_ill_since(actor, today() - timedelta(days=(watch.from_week - 1) * DAYS_IN_WEEK))),
        days >= (watch.from_week - 1) * DAYS_IN_WEEK,
        sick_days_on(_opened_on()) < watch.last_week * DAYS_IN_WEEK,
        ~_done(watch.step),
        ~helped(watch.interventions),
    )
    return found if case_id is None else found.where(col(AbsenceCase.id) == case_id)


def _ill_since(actor: Actor, day: date) -> Select[UUID]:
    return select(col(SickSpell.case_id)).where(
        col(SickSpell.tenant_id) == actor.tenant_id, col(SickSpell.first_sick_day) <= day
    )


def _opened_on() -> ColumnElement[date]:
    return func.date(func.timezone("Europe/Amsterdam", col(AbsenceCase.created_at)))


def _done(step: int) -> ColumnElement[bool]:
    return (
        select(col(StepDone.id))
        .where(
            col(StepDone.case_id) == col(AbsenceCase.id), col(StepDone.step) == step, col(StepDone.cleared_at).is_(None)
        )
        .correlate(AbsenceCase)
        .exists()
    )
