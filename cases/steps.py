"""Saying that a step of the Poortwachter process was done, and taking that back (R65)."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, select

from cases.cases_read import CaseView, get_case, hold_case
from cases.clock import Done, Timeline, current_occurrence, has_begun
from cases.input import PastDay
from cases.poortwachter import Step, steps
from cases.tables import StepDone
from cases.timelines import get_timeline, steps_done
from cases.weeks import sickness_week
from core.clock import now, today
from core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require


class DoneOn(BaseModel):
    """On which day a step was done; today when nothing is said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    done_on: PastDay | None = None


def mark_step(session: Session, actor: Actor, case_id: UUID, nr: int, done_on: date | None = None) -> Timeline:
    """Record that step `nr` was done, and return the timeline; what was done for that week already changes nothing.

    Raises NotFound for a step that is not there for this actor, Forbidden for one in which he has no part or that
    would tell of health, Conflict after recovery (R67), Invalid for a day before the absence or one yet to come.
    """
    require(actor, Permission.DO_STEP)
    case = get_case(session, actor, case_id)
    step = _step(actor, nr)
    day = done_on or today()
    _check_day(case, day)
    row = hold_case(session, case_id)
    done = steps_done(session, [case_id])[case_id]
    week = _week(case, step, day, done)
    # Twice on one day is the same form sent twice, also where the next occurrence may be done already.
    if week is None or (nr, week) in done or day in _days(done, nr):
        return get_timeline(session, actor, case_id)
    _check_course(case, step, week, closed=row.closed_at is not None)
    marked = StepDone(
        tenant_id=actor.tenant_id,
        case_id=case_id,
        employer_id=case.employer_id,
        step=nr,
        week=week,
        done_on=day,
        done_by=actor.account,
    )
    session.add(marked)
    record(session, actor, "cases:step:done", marked.id, data_subject_id=case.employee_id)
    session.flush()
    return get_timeline(session, actor, case_id)


def clear_step(session: Session, actor: Actor, case_id: UUID, nr: int, week: int) -> Timeline:
    """Take back that step `nr` was done for `week`, which was said by mistake, and return the timeline.

    The mark stays in the database as cleared, with who did so; twice is once. Raises NotFound for a step that is not
    there for this actor or was never marked for that week, Forbidden for one in which he has no part, and Conflict
    after recovery (R67).
    """
    require(actor, Permission.DO_STEP)
    case = get_case(session, actor, case_id)
    _step(actor, nr)
    row = hold_case(session, case_id)
    of_step = session.exec(select(StepDone).where(StepDone.case_id == case_id, StepDone.step == nr))
    marks = [mark for mark in of_step if mark.week == week]
    if not marks:
        raise NotFound(_("Deze stap is niet als gedaan gemeld."))
    mark = next((mark for mark in marks if mark.cleared_at is None), None)
    if mark is None:
        return get_timeline(session, actor, case_id)
    _check_open(closed=row.closed_at is not None)
    mark.cleared_at, mark.cleared_by = now(), actor.account
    session.add(mark)
    record(session, actor, "cases:step:cleared", mark.id, data_subject_id=case.employee_id)
    session.flush()
    return get_timeline(session, actor, case_id)


def _week(case: CaseView, step: Step, day: date, done: Done) -> int | None:
    return sickness_week(case.spells, day) if step.on_event else current_occurrence(step, case.course, done)


def _days(done: Done, nr: int) -> set[date]:
    return {day for (each, _week), day in done.items() if each == nr}


def _check_open(*, closed: bool) -> None:
    if closed:
        ended = _("Dit dossier is gesloten door herstel; daarmee eindigen de stappen.")
        raise Conflict(ended, code="case_closed", possible=("open",))


def _check_course(case: CaseView, step: Step, week: int, *, closed: bool) -> None:
    _check_open(closed=closed)
    if not has_begun(step, week, case.sickness_week):
        later = _("Deze stap is nu niet aan de orde: hij komt weer in week %(week)s.") % {"week": week}
        raise Conflict(later, code="step_not_due")


def _step(actor: Actor, nr: int) -> Step:
    step = steps().get(nr)
    if step is None or not step.visible_to(actor.role):
        raise NotFound(_("Deze stap is niet gevonden."))
    if step.tells_of_health:
        raise Forbidden(_("Deze stap zegt iets over de gezondheid en wordt daarom hier niet bijgehouden."))
    if not step.markable_by(actor.role):
        raise Forbidden(_("U hebt geen deel aan deze stap."))
    return step


def _check_day(case: CaseView, day: date) -> None:
    if day > today():
        fault = _("Deze dag moet nog komen: kies vandaag of een dag ervoor.")
    elif day < case.first_sick_day:
        fault = _("Deze dag ligt vóór de eerste ziektedag van dit dossier.")
    else:
        return
    raise Invalid(fault, (FieldError("done_on", fault),))
