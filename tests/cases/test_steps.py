"""Saying that a step was done, and who gets to see that it was (R65)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from cases.clock import StepView, Timeline
from cases.poortwachter import steps
from cases.steps import mark_step
from cases.timelines import get_timeline
from core.clock import today
from core.errors import Conflict, Forbidden, Invalid, NotFound
from identity.actor import Actor
from identity.roles import Role
from tests.cases.staff import Staff, days_back

CARE_ONLY = {nr for nr, step in steps().items() if step.care_only}


def of(found: Timeline, nr: int) -> list[StepView]:
    return [view for view in found.steps if view.nr == nr]


def done(staff: Staff, actor: Actor, case_id: object, nr: int) -> bool:
    return any(view.done for view in of(staff.doing(actor, get_timeline, case_id), nr))


def test_a_step_is_done_on_a_day(staff: Staff) -> None:
    """R65."""
    case = staff.case(days_ago=60)
    found = staff.doing(staff.case_manager, mark_step, case.id, 18, today() - timedelta(days=10))
    (view,) = of(found, 18)
    assert (view.done, view.done_on, view.markable) == (True, today() - timedelta(days=10), False)
    assert done(staff, staff.physician, case.id, 18)
    assert done(staff, staff.employer, case.id, 18)
    (event,) = staff.events("cases:step:done")
    assert (event.account_id, event.data_subject_id) == (staff.case_manager.account_id, case.employee_id)


def test_twice_is_once(staff: Staff) -> None:
    case = staff.case(days_ago=60)
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(lambda _each: staff.doing(staff.delegate, mark_step, case.id, 16), range(3)))
    assert all(of(each, 16)[0].done for each in found)
    assert len(staff.events("cases:step:done")) == 1


def test_a_recurring_step_sent_twice_on_a_day_counts_once_and_returns_later(staff: Staff) -> None:
    case = staff.case(days_ago=100)  # week 15: the occurrence of week 12 is overdue, that of week 16 has begun
    for _time in range(2):
        found = staff.doing(staff.case_manager, mark_step, case.id, 19)
    assert [(view.week, view.done) for view in of(found, 19)] == [(12, True), (16, False)]
    found = staff.doing(staff.case_manager, mark_step, case.id, 19, today() - timedelta(days=1))
    assert [(view.week, view.done) for view in of(found, 19)] == [(12, True), (16, True), (20, False)]
    assert not of(found, 19)[-1].markable
    with pytest.raises(Conflict) as refused:
        staff.doing(staff.case_manager, mark_step, case.id, 19, today() - timedelta(days=2))
    assert refused.value.code == "step_not_due"


def test_a_step_after_an_event_is_done_each_time_that_it_happens(staff: Staff) -> None:
    case = staff.case(days_ago=100)
    for days_ago in (50, 49, 3):
        found = staff.doing(staff.case_manager, mark_step, case.id, 23, today() - timedelta(days=days_ago))
    assert [(view.week, view.done) for view in of(found, 23)] == [(8, True), (14, True)]


def test_steps_of_the_medical_side_are_not_there_for_the_employers_side(staff: Staff) -> None:
    case = staff.case(days_ago=60)
    assert of(staff.doing(staff.delegate, mark_step, case.id, 13), 13)[0].done
    for actor in (staff.case_manager, staff.employer):
        assert not CARE_ONLY & {view.nr for view in staff.doing(actor, get_timeline, case.id).steps}
    for nr in CARE_ONLY | {0, 55, -1}:
        with pytest.raises(NotFound):
            staff.doing(staff.case_manager, mark_step, case.id, nr)


@pytest.mark.parametrize("nr", [8, 9, 10, 12])
def test_what_tells_of_health_is_not_kept_here(staff: Staff, nr: int) -> None:
    case = staff.case()
    for actor in (staff.physician, staff.delegate):
        with pytest.raises(Forbidden):
            staff.doing(actor, mark_step, case.id, nr)


def test_only_who_has_a_part_says_that_a_step_was_done(staff: Staff) -> None:
    case = staff.case()
    with pytest.raises(Forbidden):
        staff.doing(staff.physician, mark_step, case.id, 25)
    with pytest.raises(NotFound):
        staff.doing(staff.employer, mark_step, case.id, 18)
    stranger = staff.world.actor(Role.DELEGATE, employers=(staff.other_employer_id,))
    with pytest.raises(NotFound):
        staff.doing(stranger, mark_step, case.id, 16)


def test_a_day_before_the_absence_or_to_come_is_refused(staff: Staff) -> None:
    case = staff.case(days_ago=60)
    for days in (-61, 1):
        with pytest.raises(Invalid) as refused:
            staff.doing(staff.physician, mark_step, case.id, 15, today() + timedelta(days=days))
        assert [error.field for error in refused.value.errors] == ["done_on"]


def test_recovery_ends_the_steps(staff: Staff) -> None:
    """R67."""
    case = staff.case(days_ago=60)
    staff.doing(staff.physician, mark_step, case.id, 15)
    staff.recover(case.id, today())
    with pytest.raises(Conflict):
        staff.doing(staff.case_manager, mark_step, case.id, 18)
    assert of(staff.doing(staff.physician, mark_step, case.id, 15), 15)[0].done


def test_what_was_left_undone_becomes_overdue(staff: Staff) -> None:
    """R65."""
    case = staff.case(days_ago=60)
    with days_back(60 - 41):
        assert 15 not in {view.nr for view in staff.doing(staff.physician, get_timeline, case.id).overdue}
    assert 15 in {view.nr for view in staff.doing(staff.physician, get_timeline, case.id).overdue}
    staff.doing(staff.physician, mark_step, case.id, 15)
    assert 15 not in {view.nr for view in staff.doing(staff.physician, get_timeline, case.id).overdue}


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.PROVIDER, Role.AUDITOR, Role.EMPLOYEE])
def test_members_without_a_part_get_no_timeline(staff: Staff, role: Role) -> None:
    case = staff.case()
    actor = staff.employee(case) if role is Role.EMPLOYEE else staff.world.actor(role)
    with pytest.raises((Forbidden, NotFound)):
        staff.doing(actor, get_timeline, case.id)
