"""The Poortwachter timeline of cases, each as far as the reader may know it (R65)."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from cases.cases_read import CaseView, get_case
from cases.clock import Timeline, timeline
from cases.tables import StepDone
from identity.actor import Actor
from identity.policy import Permission, allows, require


def get_timeline(session: Session, actor: Actor, case_id: UUID) -> Timeline:
    """Return the steps of one case with their dates, and what is done; raises NotFound for a case of others."""
    return timelines(session, actor, [get_case(session, actor, case_id)])[case_id]


def timelines(session: Session, actor: Actor, cases: Sequence[CaseView]) -> Mapping[UUID, Timeline]:
    """Return the timelines of cases that were read before, in one query."""
    if not allows(actor.role, Permission.SEE_OWN_STEPS):
        require(actor, Permission.SEE_TIMELINE)
    done = steps_done(session, [case.id for case in cases])
    return {case.id: timeline(case.id, case.course, done[case.id], actor.role) for case in cases}


def steps_done(session: Session, case_ids: Sequence[UUID]) -> Mapping[UUID, dict[tuple[int, int], date]]:
    """Return for each case on which day each step was done, by its number and the week for which it was done."""
    found: dict[UUID, dict[tuple[int, int], date]] = {case_id: {} for case_id in case_ids}
    marks = select(StepDone).where(col(StepDone.case_id).in_(case_ids), col(StepDone.cleared_at).is_(None))
    for row in session.exec(marks):
        found[row.case_id][row.step, row.week] = row.done_on
    return found
