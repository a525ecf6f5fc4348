"""The terms of a referral are the arbodienst's to set: within bounds, one after another, and for what comes after."""

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from core.clock import today
from core.database import Door
from core.errors import Conflict, Forbidden
from core.working_days import add_working_days
from identity.actor import Actor
from identity.roles import Role
from medical.tables import ReferralState
from network.referral_terms import Terms, referral_terms, set_referral_terms
from tests.medical.stage import OPEN, Stage
from tests.world import World


def terms(**changes: Any) -> Terms:
    usual = {
        "sign_working_days": 2,
        "revise_working_days": 2,
        "answer_working_days": 3,
        "start_working_days": 5,
        "inform_working_days": 2,
        "report_working_days": 30,
        "close_working_days": 5,
        "choose_again_working_days": 2,
        "terms_version": 1,
    }
    return Terms(**(usual | changes))


def change(world: World, actor: Actor, new: Terms) -> Terms:
    with world.acting(Door.OPEN, actor) as session:
        return set_referral_terms(session, actor, new)


def test_the_usual_ones_are_three_days_to_answer_and_five_to_begin(world: World) -> None:
    """R10."""
    manager = world.actor(Role.NETWORK_MANAGER)
    with world.acting(Door.OPEN, manager) as session:
        assert referral_terms(session, manager) == terms()


def test_they_count_for_what_is_done_from_then_on(stage: Stage) -> None:
    """R10."""
    before = stage.issued(OPEN)
    done = change(stage.world, stage.world.actor(Role.NETWORK_MANAGER), terms(answer_working_days=7))
    assert (done.answer_working_days, done.terms_version) == (7, 2)
    after = stage.issued(OPEN, goal="Iets anders")
    assert (before.due_on, after.due_on) == (add_working_days(today(), 3), add_working_days(today(), 7))
    assert stage.row(before.id).state is ReferralState.ISSUED


def test_of_two_who_change_them_the_second_is_told(world: World) -> None:
    first, second = (world.actor(Role.NETWORK_MANAGER) for _each in range(2))
    change(world, first, terms(close_working_days=9))
    with pytest.raises(Conflict) as refused:
        change(world, second, terms(close_working_days=1))
    assert refused.value.code == "overtaken"
    assert change(world, second, terms(close_working_days=1, terms_version=2)).close_working_days == 1


def test_an_arbodienst_that_decided_nothing_yet(world: World) -> None:
    with Session(world.database.owner) as session:
        session.execute(text("DELETE FROM network.arbodienst_settings WHERE tenant_id = :id"), {"id": world.tenant_id})
        session.commit()
    done = change(world, world.actor(Role.NETWORK_MANAGER), terms(sign_working_days=4))
    assert (done.sign_working_days, done.terms_version) == (4, 2)


@pytest.mark.parametrize("days", [0, 61, -1, "twee"])
def test_a_term_is_a_number_of_days(days: object) -> None:
    with pytest.raises(ValidationError):
        terms(start_working_days=days)


@pytest.mark.parametrize("role", [Role.PHYSICIAN, Role.DELEGATE, Role.PROVIDER, Role.CASE_MANAGER])
def test_nobody_else_sets_them(world: World, role: Role) -> None:
    actor = world.actor(role)
    with pytest.raises(Forbidden):
        change(world, actor, terms(sign_working_days=9))
    with world.acting(Door.OPEN, actor) as session:
        changed = session.execute(text("UPDATE network.arbodienst_settings SET sign_working_days = 9"))
        assert getattr(changed, "rowcount", None) == 0


def test_raw_sql_of_the_manager_keeps_within_bounds_and_to_the_terms(world: World) -> None:
    manager = world.actor(Role.NETWORK_MANAGER)
    for change_, refusal in (("sign_working_days = 0", "terms"), ("suppression_k = 5", "permission denied")):
        with pytest.raises(DBAPIError, match=refusal), world.acting(Door.OPEN, manager) as session:
            session.execute(text(f"UPDATE network.arbodienst_settings SET {change_}"))
