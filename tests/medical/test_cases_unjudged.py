"""Running cases without a judgement: the physician finds them all, a delegate those of his employers (R3, R17)."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

from cases.cases_recovery import record_recovery
from core.clock import today
from core.errors import Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from medical.cases.unjudged import list_unjudged_cases
from tests.medical.stage import Stage, set_stage
from tests.world import World


def unjudged(stage: Stage, actor: Actor, page: int = 1, page_size: int = 50) -> list[str]:
    with stage.acting(actor) as session:
        found = list_unjudged_cases(session, actor, page, page_size)
    return [str(case.id) for case in found.items]


def age(stage: Stage, days: int) -> None:
    """Let the case of a stage have been opened some days earlier."""
    with Session(stage.world.database.owner) as session:
        earlier = text(
            "UPDATE cases.absence_case SET created_at = created_at - make_interval(days => :days) WHERE id = :id"
        )
        session.execute(earlier, {"days": days, "id": stage.case_id})
        session.commit()


def test_a_case_is_there_until_it_is_judged(stage: Stage) -> None:
    """R3."""
    assert unjudged(stage, stage.physician) == [str(stage.case_id)]
    stage.judge(medical=False)
    assert unjudged(stage, stage.physician) == []


def test_a_case_that_closed_needs_no_judgement(stage: Stage) -> None:
    with stage.acting(stage.physician) as session:
        record_recovery(session, stage.physician, stage.case_id, today())
    assert unjudged(stage, stage.physician) == []


def test_what_has_been_here_longest_comes_first_a_page_at_a_time(stage: Stage) -> None:
    second, third = stage.elsewhere(), stage.elsewhere()
    age(third, 9)
    age(second, 4)
    expected = [str(each.case_id) for each in (third, second, stage)]
    assert unjudged(stage, stage.physician) == expected
    with stage.acting(stage.physician) as session:
        page = list_unjudged_cases(session, stage.physician, 2, 2)
    assert (page.total, page.pages, [str(case.id) for case in page.items]) == (3, 2, expected[2:])


def test_the_delegate_sees_it_of_his_own_employers_only(stage: Stage) -> None:
    """R17."""
    other = stage.elsewhere()
    assert unjudged(stage, stage.delegate) == [str(stage.case_id)]
    assert unjudged(stage, other.delegate) == [str(other.case_id)]


def test_another_arbodienst_sees_nothing_of_it(stage: Stage) -> None:
    stranger = set_stage(World(stage.world.database))
    assert unjudged(stranger, stranger.physician) == [str(stranger.case_id)]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PHYSICIAN, Role.DELEGATE, Role.SYSTEM}))
def test_nobody_else_may_ask(stage: Stage, role: Role) -> None:
    somebody = stage.world.actor(role)
    with stage.acting(somebody) as session, pytest.raises((Forbidden, NotFound)):
        list_unjudged_cases(session, somebody)
