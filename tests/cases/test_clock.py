"""The Poortwachter clock: what is due when, and who may know of it (R65)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from cases.clock import Course, Done, StepView, Timeline, current_occurrence, timeline
from cases.poortwachter import steps
from cases.weeks import Spell
from core.language import speaking
from identity.roles import Role

BEGIN = date(2026, 1, 5)
CASE = uuid4()


def course(on: int = 0, *spells: Spell, opened: int = 0, closed: bool = False) -> Course:
    return Course(
        spells or (Spell(BEGIN),), BEGIN + timedelta(days=opened), closed=closed, on=BEGIN + timedelta(days=on)
    )


def read(role: Role, at: Course | None = None, done: Done | None = None) -> Timeline:
    return timeline(CASE, at or course(), done or {}, role)


def of(found: Timeline, nr: int) -> list[StepView]:
    return [view for view in found.steps if view.nr == nr]


@pytest.mark.parametrize(
    ("nr", "days"),
    [
        (1, 0),  # day 1
        (4, 1),  # day 2
        (15, 6 * 7 - 1),  # within six weeks
        (18, 8 * 7 - 1),
        (25, 42 * 7 - 1),
        (30, 51 * 7 - 1),  # before week 52
        (34, 52 * 7 - 1),
        (36, 58 * 7 - 1),
        (37, 67 * 7 - 1),
        (41, 88 * 7 - 1),
        (44, 90 * 7 - 1),  # before week 91
        (46, 93 * 7 - 1),
        (47, 95 * 7 - 1),
        (49, 101 * 7 - 1),
        (50, 103 * 7 - 1),  # before week 104
    ],
)
def test_last_day_of_a_step(nr: int, days: int) -> None:
    """R65."""
    (view,) = of(read(Role.CASE_MANAGER), nr)
    assert view.due_on == BEGIN + timedelta(days=days)


def test_a_gap_between_spells_puts_later_steps_off() -> None:
    spells = (Spell(BEGIN, BEGIN + timedelta(days=14)), Spell(BEGIN + timedelta(days=34)))
    (view,) = of(read(Role.PHYSICIAN, course(40, *spells)), 15)
    assert view.due_on == BEGIN + timedelta(days=6 * 7 - 1 + 20)


def test_every_step_stands_on_the_timeline_of_the_physician() -> None:
    assert {view.nr for view in read(Role.PHYSICIAN).steps} == set(range(1, 55))
    assert {view.nr for view in read(Role.DELEGATE).steps} == set(range(1, 55))


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.EMPLOYER])
def test_no_step_of_the_medical_side_and_no_reason_for_whoever_manages_or_pays(role: Role) -> None:
    """R18, R66."""
    found = read(role, course(300))
    assert found.steps
    assert not {view.nr for view in (*found.steps, *found.deadlines)} & {3, 5, 6, 8, 9, 10, 12, 13, 14, 28, 42}
    assert all(view.condition is None for view in found.steps)


def test_the_physician_sees_under_which_condition_a_step_is_done() -> None:
    (view,) = of(read(Role.PHYSICIAN), 10)
    assert view.condition == "psychological"


def test_the_employer_sees_the_steps_in_which_he_has_a_part() -> None:
    found = {view.nr for view in read(Role.EMPLOYER).steps}
    assert {1, 2, 18, 34, 36, 43, 54} <= found
    assert not found & {4, 25, 26, 30, 41, 46, 52}


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.PHYSICIAN, Role.DELEGATE, Role.CASE_MANAGER, Role.EMPLOYER)]
)
def test_nobody_else_sees_a_step(role: Role) -> None:
    assert read(role).steps == ()


def test_the_weeks_of_the_rule_are_deadlines_of_the_case_manager() -> None:
    """R65."""
    due = {view.week for view in read(Role.CASE_MANAGER).deadlines}
    assert {6, 8, 42, 52, 58, 67, 88, 91, 93, 95, 101, 104} <= due


def test_deadlines_stand_in_order_and_the_next_one_is_not_yet_past() -> None:
    found = read(Role.PHYSICIAN, course(60))
    dates = [view.due_on for view in found.deadlines]
    assert dates == sorted(day for day in dates if day)
    assert found.next_deadline
    assert found.next_deadline.due_on
    assert found.next_deadline.due_on >= BEGIN + timedelta(days=60)
    assert 15 in {view.nr for view in found.overdue}


def test_a_step_is_overdue_from_the_day_after_its_last() -> None:
    """R65."""
    on_time, late = (of(read(Role.PHYSICIAN, course(day)), 15)[0] for day in (41, 42))
    assert (on_time.overdue, late.overdue) == (False, True)


def test_a_step_that_was_done_is_no_deadline_any_more() -> None:
    found = read(Role.PHYSICIAN, course(60), {(15, 6): BEGIN + timedelta(days=30)})
    (view,) = of(found, 15)
    assert view.done
    assert view.done_on == BEGIN + timedelta(days=30)
    assert not view.overdue
    assert 15 not in {each.nr for each in found.deadlines}


@pytest.mark.parametrize(("nr", "weeks"), [(30, 51), (36, 58)])
def test_whoever_lets_labour_expert_or_second_track_wait_is_warned_without_a_reason(nr: int, weeks: int) -> None:
    """R66."""
    for role in (Role.PHYSICIAN, Role.CASE_MANAGER):
        on_time, late = (of(read(role, course(weeks * 7 - 1 + day)), nr)[0] for day in (0, 1))
        assert (on_time.overdue, late.overdue) == (False, True)
    assert late.condition is None


def test_what_was_due_before_the_case_came_here_is_not_called_overdue() -> None:
    found = read(Role.CASE_MANAGER, course(200, opened=200))
    assert not found.overdue
    assert min(view.due_on for view in found.deadlines if view.due_on) >= BEGIN + timedelta(days=200)
    (view,) = of(found, 18)
    assert not view.done


def test_conditions_that_tell_of_health_make_no_deadline_and_cannot_be_marked() -> None:
    found = read(Role.PHYSICIAN, course(200))
    assert not {8, 9, 10, 12} & {view.nr for view in found.deadlines}
    assert not any(view.markable or view.overdue for nr in (8, 9, 10, 12) for view in of(found, nr))


@pytest.mark.parametrize(
    ("week", "done", "expected"),
    [
        (1, [], 8),
        (8, [], 8),
        (8, [8], 12),
        (10, [], 8),  # the first was missed and waits
        (13, [], 12),  # the second was missed too: only the latest waits
        (13, [8, 12], 16),
        (104, [], 100),
        (105, [104], None),
    ],
)
def test_a_recurring_step_waits_for_its_next_week(week: int, done: list[int], expected: int | None) -> None:
    at = course((week - 1) * 7)
    assert current_occurrence(steps()[19], at, {(19, each): BEGIN for each in done}) == expected


def test_a_recurring_step_starts_from_the_week_in_which_the_case_came() -> None:
    assert current_occurrence(steps()[19], course(30 * 7, opened=29 * 7), {}) == 32


def test_each_time_that_a_recurring_step_was_done_stays_on_the_timeline() -> None:
    done = {(21, 13): BEGIN + timedelta(days=80), (21, 26): BEGIN + timedelta(days=170)}
    found = of(read(Role.PHYSICIAN, course(190), done), 21)
    assert [(view.week, view.done) for view in found] == [(13, True), (26, True), (39, False)]
    assert found[-1].starts_on == BEGIN + timedelta(days=26 * 7)


def test_a_step_after_an_event_has_no_date_until_the_event_comes() -> None:
    (view,) = of(read(Role.CASE_MANAGER, course(300)), 54)
    assert (view.due_on, view.week, view.done, view.on_event, view.overdue) == (None, None, False, True, False)
    (view,) = of(read(Role.CASE_MANAGER, course(300), {(23, 40): BEGIN + timedelta(days=275)}), 23)
    assert view.done


def test_the_decision_of_the_wia_dates_what_follows_it() -> None:
    """R65."""
    decided = BEGIN + timedelta(days=700)
    done = {(53, 101): decided}
    for role in (Role.CASE_MANAGER, Role.EMPLOYER, Role.PHYSICIAN):
        (view,) = of(read(role, course(710), done), 54)
        assert (view.starts_on, view.due_on, view.overdue) == (decided, decided + timedelta(weeks=6), False)
        assert 54 in {each.nr for each in read(role, course(710), done).deadlines}
    (late,) = of(read(Role.EMPLOYER, course(700 + 43), done), 54)
    assert late.overdue
    (weighed,) = of(read(Role.EMPLOYER, course(743), done | {(54, 104): decided}), 54)
    assert (weighed.done, weighed.overdue) == (True, False)


def test_the_process_ends_at_recovery() -> None:
    """R67."""
    at = course(100, Spell(BEGIN, BEGIN + timedelta(days=50)), closed=True)
    found = read(Role.PHYSICIAN, at, {(15, 6): BEGIN + timedelta(days=40)})
    assert found.deadlines == ()
    assert found.next_deadline is None
    assert not any(view.markable or view.overdue for view in found.steps)
    assert of(found, 15)[0].done
    assert not of(found, 25)
    assert not of(found, 54)


@pytest.mark.parametrize(
    ("nr", "role", "expected"),
    [
        (18, Role.CASE_MANAGER, True),
        (1, Role.PHYSICIAN, True),  # the employer's own step, kept here for him
        (1, Role.CASE_MANAGER, True),
        (25, Role.CASE_MANAGER, True),
        (25, Role.PHYSICIAN, False),
        (14, Role.PHYSICIAN, True),
        (14, Role.CASE_MANAGER, False),
        (10, Role.PHYSICIAN, False),
        (18, Role.EMPLOYER, False),
        (18, Role.INSURER, False),
    ],
)
def test_who_may_say_that_a_step_was_done(nr: int, role: Role, expected: bool) -> None:
    assert steps()[nr].markable_by(role) is expected


def test_titles_follow_the_language_of_the_person() -> None:
    assert steps()[25].title == "Verzuim melden bij UWV"
    with speaking("en"):
        assert steps()[25].title == "Report the absence to UWV"
