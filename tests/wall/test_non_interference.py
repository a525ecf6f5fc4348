"""Two worlds that differ in nothing but health look the same, byte by byte, to whoever pays or manages."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from cases.cases_read import list_cases
from cases.steps import mark_step
from core.database import Door
from identity.roles import Role
from tests.wall.conftest import Fresh, Twins
from tests.wall.health import ONE, WORLD, Health
from tests.wall.looking import seen
from tests.wall.worlds import SEED, WATCHERS, BuiltWorld, build_world

pytestmark = pytest.mark.timeout(900)

OPEN_STEPS = (25, 34)
"""Steps of which the open side knows: the report to UWV and the first-year evaluation."""


def assert_same(left: BuiltWorld, right: BuiltWorld, roles: Sequence[Role] = WATCHERS) -> None:
    for role in roles:
        mine, theirs = seen(left, role), seen(right, role)
        assert list(mine) == list(theirs)
        assert len(mine) > 5
        assert {call: answer for call, answer in mine.items() if theirs[call] != answer} == {}


def test_worlds_that_differ_in_all_of_health_look_the_same(pair: tuple[BuiltWorld, BuiltWorld]) -> None:
    """R18, R43, R58."""
    assert_same(*pair)


@settings(max_examples=1, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(one=WORLD, other=WORLD)
def test_nothing_but_health_makes_no_difference(
    databases: Fresh, one: tuple[Health, ...], other: tuple[Health, ...]
) -> None:
    """R18, R43, R58."""
    # What is generated first is as plain as can be, and twice the same.
    assume(one != other and len(set(one)) > 1)
    with databases() as first, databases() as second:
        assert_same(build_world(first, one, SEED), build_world(second, other, SEED))


def test_who_reads_the_trail_learns_nothing_of_what_it_was_about(databases: Fresh) -> None:
    """R18, R68: the same people did the same on the same days, about something else."""
    causes, kinds = ("P02", "W01", "M02"), ("COA", "BMW", "LEE", "REV", "FYS", "PSY")
    other = tuple(
        replace(each, cause=causes[nth % 3], intervention=kinds[nth], words="anders gezegd", days=60)
        for nth, each in enumerate(ONE)
    )
    with databases() as first, databases() as second:
        left, right = build_world(first, ONE, SEED), build_world(second, other, SEED)
        assert_same(left, right, (Role.AUDITOR,))


def test_the_comparison_would_see_a_difference(twins: Twins) -> None:
    with twins() as left, twins() as right:
        mark_open_steps(right)
        assert seen(left, Role.EMPLOYER) != seen(right, Role.EMPLOYER)


def mark_open_steps(world: BuiltWorld) -> None:
    """Let the case manager say that steps were done, of which the open side knows."""
    manager = world.roles[Role.CASE_MANAGER]
    with world.office.world.acting(Door.OPEN, manager) as session:
        for case in list_cases(session, manager).items:
            for nr in OPEN_STEPS:
                mark_step(session, manager, case.id, nr)
