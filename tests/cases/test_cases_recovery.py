"""Recovery closes a case and ends its process (R67)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import pytest

from cases.cases_read import get_case
from cases.cases_recovery import record_recovery
from cases.timelines import get_timeline
from core.clock import today
from core.errors import Conflict, Forbidden, Invalid, NotFound
from identity.roles import Role
from tests.cases.staff import Staff


def ago(days: int) -> date:
    return today() - timedelta(days=days)


@pytest.mark.parametrize("role", ["physician", "delegate", "case_manager"])
def test_recovery_closes_the_case(staff: Staff, role: str) -> None:
    """R67."""
    case = staff.case(days_ago=60)
    closed = staff.doing(getattr(staff, role), record_recovery, case.id, ago(4))
    assert (closed.closed, closed.recovered_on, closed.sickness_week) == (True, ago(4), 9)
    assert staff.doing(staff.physician, get_timeline, case.id).deadlines == ()
    (event,) = staff.events("cases:case:recovered")
    assert event.data_subject_id == case.employee_id


def test_aftercare_lasts_half_of_the_absence(staff: Staff) -> None:
    """R67."""
    case = staff.case(days_ago=61)
    assert staff.doing(staff.physician, get_case, case.id).aftercare_until is None
    assert staff.recover(case.id, ago(0)).aftercare_until == today() + timedelta(days=31)


def test_the_same_day_again_changes_nothing_and_another_day_is_refused(staff: Staff) -> None:
    case = staff.case(days_ago=60)
    staff.recover(case.id, ago(4))
    assert staff.recover(case.id, ago(4)).recovered_on == ago(4)
    with pytest.raises(Conflict) as refused:
        staff.recover(case.id, ago(3))
    assert refused.value.possible == ("open",)
    assert len(staff.events("cases:case:recovered")) == 1


def test_two_at_once_close_a_case_once(staff: Staff) -> None:
    case = staff.case(days_ago=60)

    def close(days: int) -> str:
        try:
            return f"closed on {staff.recover(case.id, ago(days)).recovered_on}"
        except Conflict:
            return "refused"

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(close, [4, 5]))
    recovered_on = staff.doing(staff.physician, get_case, case.id).recovered_on
    assert answers == [f"closed on {recovered_on}", "refused"]


@pytest.mark.parametrize("day", [ago(60), ago(61), today() + timedelta(days=1)])
def test_recovery_before_sickness_or_to_come_is_refused(staff: Staff, day: date) -> None:
    case = staff.case(days_ago=60)
    with pytest.raises(Invalid) as refused:
        staff.recover(case.id, day)
    assert [error.field for error in refused.value.errors] == ["recovered_on"]
    assert not staff.doing(staff.physician, get_case, case.id).closed


def test_whose_recovery_it_is_decides_who_may_record_it(staff: Staff) -> None:
    case = staff.case()
    stranger = staff.world.actor(Role.DELEGATE, employers=(staff.other_employer_id,))
    for actor, case_id in ((stranger, case.id), (staff.physician, uuid4()), (staff.employer, case.id)):
        with pytest.raises(NotFound):
            staff.doing(actor, record_recovery, case_id, today())
    with pytest.raises(Forbidden):
        staff.doing(staff.employee(case), record_recovery, case.id, today())
