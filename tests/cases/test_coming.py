"""What an employee can expect: the dates of the law that are still to come, of his own absence only (R27, R65, R67)."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from cases.coming import ComingStep, coming_steps
from cases.poortwachter import steps
from cases.tables import AbsenceCase, SickSpell
from core.clock import now, today
from core.errors import Forbidden, NotFound
from identity.roles import Role
from tests.medical.stage import Stage, set_stage
from tests.world import World

IN_WEEK_9 = 60
WEEK = timedelta(days=7)


def coming(stage: Stage) -> tuple[ComingStep, ...]:
    with stage.acting(stage.employee) as session:
        return coming_steps(session, stage.employee, stage.case_id)


def last_day_of_week(sick_for_days: int, week: int) -> date:
    return today() - timedelta(days=sick_for_days) + week * WEEK - timedelta(days=1)


def test_each_step_comes_the_next_time_that_it_is_due(world: World) -> None:
    """R27, R65."""
    due = {step.title: step.due_on for step in coming(set_stage(world, sick_for_days=IN_WEEK_9))}
    assert due[steps()[21].title] == last_day_of_week(IN_WEEK_9, 13)  # comes back every 13 weeks
    assert due[steps()[19].title] == last_day_of_week(IN_WEEK_9, 12)  # week 8 is over, and it comes every 4 weeks
    assert due[steps()[34].title] == last_day_of_week(IN_WEEK_9, 52)
    assert steps()[18].title not in due  # week 8 is over


def test_nothing_is_shown_that_is_over_or_not_his(world: World) -> None:
    found = coming(set_stage(world, sick_for_days=IN_WEEK_9))
    assert len(found) > 10
    assert list(found) == sorted(found, key=lambda step: (step.due_on, step.title))
    assert found[0].due_on >= today()
    his = {step.title for step in steps().values() if Role.EMPLOYEE in step.roles and step.condition is None}
    assert {step.title for step in found} <= his


@pytest.mark.parametrize("nr", [10, 37])
def test_what_depends_on_a_circumstance_is_left_out(world: World, nr: int) -> None:
    assert steps()[nr].title not in {step.title for step in coming(set_stage(world, sick_for_days=1))}


def test_on_its_last_day_a_step_is_still_to_come(world: World) -> None:
    last_day_of_week_8 = 8 * 7 - 1
    due = {step.title: step.due_on for step in coming(set_stage(world, sick_for_days=last_day_of_week_8))}
    assert due[steps()[18].title] == today()


def test_after_recovery_nothing_comes(world: World) -> None:
    """R67."""
    stage = set_stage(world)
    with Session(world.database.owner) as session:
        session.exec(select(SickSpell).where(SickSpell.case_id == stage.case_id)).one().recovered_on = today()
        session.get_one(AbsenceCase, stage.case_id).closed_at = now()
        session.commit()
    assert coming(stage) == ()


def test_it_is_for_the_employee_himself(world: World) -> None:
    stage = set_stage(world)
    other = stage.elsewhere()
    with stage.acting(stage.employee) as session, pytest.raises(NotFound):
        coming_steps(session, stage.employee, other.case_id)
    for actor in (stage.physician, stage.case_manager, stage.provider):
        with stage.acting(actor) as session, pytest.raises(Forbidden):
            coming_steps(session, actor, stage.case_id)
