"""A step that was marked as done by mistake: it is open again, and what was said stays known (R65)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from cases.cases_read import CaseView
from cases.clock import StepView, Timeline
from cases.steps import clear_step, mark_step
from cases.tables import StepDone
from cases.timelines import get_timeline
from core.clock import today
from core.database import Door
from core.errors import Conflict, Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from tests.cases.staff import Staff

PROBLEM_ANALYSIS, PLAN, EVALUATION, FIRST_TALK = 15, 18, 19, 23


def of(found: Timeline, nr: int) -> list[StepView]:
    return [view for view in found.steps if view.nr == nr]


def marks(staff: Staff, case: CaseView) -> list[StepDone]:
    with Session(staff.world.database.owner) as session:
        return list(session.exec(select(StepDone).where(StepDone.case_id == case.id, StepDone.step == PLAN)))


@pytest.fixture
def case(staff: Staff) -> CaseView:
    """A case of 60 days in which the case manager has marked the plan as done."""
    case = staff.case(days_ago=60)
    staff.doing(staff.case_manager, mark_step, case.id, PLAN)
    return case


def week_of(staff: Staff, case: CaseView, nr: int = PLAN) -> int:
    (week,) = [view.week for view in of(staff.doing(staff.physician, get_timeline, case.id), nr) if view.done]
    assert week is not None
    return week


def test_it_is_open_again_for_everybody_and_can_be_marked_again(staff: Staff, case: CaseView) -> None:
    """R65."""
    found = staff.doing(staff.case_manager, clear_step, case.id, PLAN, week_of(staff, case))
    (view,) = of(found, PLAN)
    assert (view.done, view.done_on, view.markable, view.clearable) == (False, None, True, False)
    assert view.overdue
    for actor in (staff.physician, staff.employer):
        assert not of(staff.doing(actor, get_timeline, case.id), PLAN)[0].done
    yesterday = today() - timedelta(days=1)
    (again,) = of(staff.doing(staff.case_manager, mark_step, case.id, PLAN, yesterday), PLAN)
    assert (again.done, again.done_on, again.clearable) == (True, yesterday, True)


def test_what_was_said_stays_with_who_took_it_back(staff: Staff, case: CaseView) -> None:
    """R65."""
    staff.doing(staff.delegate, clear_step, case.id, PLAN, week_of(staff, case))
    (mark,) = marks(staff, case)
    assert (mark.done_by, mark.cleared_by) == (staff.case_manager.account_id, staff.delegate.account_id)
    assert mark.cleared_at is not None
    (event,) = staff.events("cases:step:cleared")
    assert (event.account_id, event.subject_id) == (staff.delegate.account_id, mark.id)
    assert event.data_subject_id == case.employee_id


def test_twice_at_once_is_once(staff: Staff, case: CaseView) -> None:
    week = week_of(staff, case)
    with ThreadPoolExecutor(3) as threads:
        found = threads.map(lambda _each: staff.doing(staff.case_manager, clear_step, case.id, PLAN, week), range(3))
    assert [of(each, PLAN)[0].done for each in found] == [False] * 3
    assert len(staff.events("cases:step:cleared")) == 1


def test_a_mark_that_was_made_again_is_the_one_that_is_cleared(staff: Staff, case: CaseView) -> None:
    week = week_of(staff, case)
    for _time in range(2):
        staff.doing(staff.case_manager, clear_step, case.id, PLAN, week)
        staff.doing(staff.case_manager, mark_step, case.id, PLAN)
    kept = marks(staff, case)
    assert sorted(mark.cleared_at is None for mark in kept) == [False, False, True]


def test_of_a_recurring_step_one_week_is_cleared(staff: Staff) -> None:
    case = staff.case(days_ago=100)
    staff.doing(staff.case_manager, mark_step, case.id, EVALUATION, today() - timedelta(days=1))
    staff.doing(staff.case_manager, mark_step, case.id, EVALUATION)
    found = staff.doing(staff.case_manager, clear_step, case.id, EVALUATION, 16)
    assert [(view.week, view.done) for view in of(found, EVALUATION)] == [(12, True), (16, False)]


def test_a_step_after_an_event_can_be_told_again(staff: Staff) -> None:
    case = staff.case(days_ago=100)
    found = staff.doing(staff.case_manager, mark_step, case.id, FIRST_TALK, today() - timedelta(days=50))
    assert [(view.week, view.done) for view in of(found, FIRST_TALK)] == [(8, True)]
    found = staff.doing(staff.case_manager, clear_step, case.id, FIRST_TALK, 8)
    assert [(view.week, view.done) for view in of(found, FIRST_TALK)] == [(None, False)]


@pytest.mark.parametrize(("nr", "week"), [(PLAN, 99), (PLAN, -1), (PLAN, 10**30), (0, 8), (EVALUATION, 12)])
def test_what_was_never_marked_is_not_there(staff: Staff, case: CaseView, nr: int, week: int) -> None:
    with pytest.raises(NotFound):
        staff.doing(staff.case_manager, clear_step, case.id, nr, week)


def test_only_who_may_mark_a_step_takes_it_back(staff: Staff, case: CaseView) -> None:
    week = week_of(staff, case)
    stranger = staff.world.actor(Role.CASE_MANAGER, employers=(staff.other_employer_id,))
    for actor, refusal in ((staff.employer, NotFound), (stranger, NotFound)):
        with pytest.raises(refusal):
            staff.doing(actor, clear_step, case.id, PLAN, week)
    staff.doing(staff.case_manager, mark_step, case.id, 25)
    with pytest.raises(Forbidden):
        staff.doing(staff.physician, clear_step, case.id, 25, 42)
    staff.doing(staff.delegate, mark_step, case.id, 13)
    with pytest.raises(NotFound):
        staff.doing(staff.case_manager, clear_step, case.id, 13, week_of(staff, case, 13))
    with pytest.raises(NotFound):
        staff.doing(staff.case_manager, clear_step, uuid4(), PLAN, week)


def test_after_recovery_what_was_done_stays_done(staff: Staff, case: CaseView) -> None:
    week = week_of(staff, case)
    staff.recover(case.id, today())
    (view,) = of(staff.doing(staff.case_manager, get_timeline, case.id), PLAN)
    assert (view.done, view.clearable) == (True, False)
    with pytest.raises(Conflict):
        staff.doing(staff.case_manager, clear_step, case.id, PLAN, week)


def test_who_looks_only_is_not_offered_to_take_it_back(staff: Staff, case: CaseView) -> None:
    def clearable(actor: Actor) -> bool:
        return of(staff.doing(actor, get_timeline, case.id), PLAN)[0].clearable

    assert [clearable(actor) for actor in (staff.case_manager, staff.delegate, staff.employer)] == [True, True, False]


@pytest.mark.parametrize(
    "change",
    [
        "done_on = done_on - 1",
        "week = week + 1",
        "cleared_at = now(), done_by = gen_random_uuid()",
        "cleared_by = gen_random_uuid(), step = 16",
    ],
)
def test_raw_sql_changes_nothing_of_a_mark(staff: Staff, case: CaseView, change: str) -> None:
    with pytest.raises(DBAPIError, match="stays as it was given"):
        sql(staff, staff.case_manager, f"UPDATE cases.step_done SET {change}")


def test_raw_sql_does_not_undo_a_clearing_or_delete_a_mark(staff: Staff, case: CaseView) -> None:
    staff.doing(staff.case_manager, clear_step, case.id, PLAN, week_of(staff, case))
    with pytest.raises(DBAPIError, match="stays as it was given"):
        sql(staff, staff.case_manager, "UPDATE cases.step_done SET cleared_at = NULL")
    with pytest.raises(DBAPIError, match="permission denied"):
        sql(staff, staff.case_manager, "DELETE FROM cases.step_done")


def sql(staff: Staff, actor: Actor, statement: str) -> Any:
    with staff.world.acting(Door.OPEN, actor) as session:
        return session.execute(text(statement))
