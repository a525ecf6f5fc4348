"""Aftercare comes due half an absence after recovery, for whoever gives it (R67)."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.aftercare import aftercare_due
from core.clock import AMSTERDAM, standing_at, today
from core.errors import Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from tests.cases.staff import Staff, staff_of
from tests.world import World


def due(staff: Staff, actor: Actor, day: date) -> list[date | None]:
    with standing_at(datetime.combine(day, time(12), AMSTERDAM)):
        return [case.aftercare_until for case in staff.doing(actor, aftercare_due)]


@pytest.mark.parametrize(("days", "shown"), [(-29, False), (-28, True), (0, True), (14, True), (15, False)])
def test_it_stands_there_from_four_weeks_before_until_two_weeks_after(staff: Staff, days: int, shown: bool) -> None:
    """R67."""
    until = staff.recover(staff.case(days_ago=200).id, today()).aftercare_until
    assert until == today() + timedelta(days=100)
    for actor in (staff.case_manager, staff.employer):
        assert due(staff, actor, until + timedelta(days=days)) == ([until] if shown else [])


def test_a_new_spell_within_four_weeks_ends_it(staff: Staff) -> None:
    until = staff.recover(staff.case(days_ago=50).id, today() - timedelta(days=10)).aftercare_until
    assert until
    assert due(staff, staff.employer, until) == [until]
    staff.report(sick_since=today())
    assert due(staff, staff.employer, until) == []


def test_of_another_employer_nothing_is_there(staff: Staff) -> None:
    until = staff.recover(staff.case(days_ago=50).id, today()).aftercare_until
    assert until
    others = {Role.EMPLOYER: (), Role.CASE_MANAGER: (staff.other_employer_id,)}
    for role, employers in others.items():
        other = staff.world.actor(role, staff.other_employer_id, employers=employers)
        assert due(staff, other, until) == []
    for role in (Role.INSURER, Role.PROVIDER, Role.AUDITOR):
        with pytest.raises((Forbidden, NotFound)):
            due(staff, staff.world.actor(role), until)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lengths=st.lists(st.tuples(st.integers(1, 60), st.integers(0, 27)), min_size=1, max_size=3))
def test_the_database_counts_as_the_clock_does(world: World, lengths: list[tuple[int, int]]) -> None:
    """Half of the sick days, a half day for a whole one, whatever spells they came in."""
    staff = staff_of(world)
    at = today() - timedelta(days=sum(days + gap for days, gap in lengths))
    for days, gap in lengths:
        case = staff.report(sick_since=at).case
        at += timedelta(days=days)
        closed = staff.recover(case.id, at)
        at += timedelta(days=gap)
    slow = sum(days for days, _gap in lengths)
    assert closed.recovered_on
    expected = closed.recovered_on + timedelta(days=slow // 2 + slow % 2)
    assert closed.aftercare_until == expected
    assert due(staff, staff.employer, expected + timedelta(days=14)) == [expected]
    assert due(staff, staff.employer, expected + timedelta(days=15)) == []
