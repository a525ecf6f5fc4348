"""What an arbodienst decides about money: bounded, by the secretariat alone, and each change with both values."""

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from core.errors import Conflict, Forbidden, NotFound
from identity.roles import Role
from identity.tables import AuditEvent
from network.money_settings import MoneySettings, asked_limit, money_settings, set_money_settings
from tests.billing.office import Office


def decided(office: Office) -> MoneySettings:
    with office.care(office.secretary) as session:
        return money_settings(session, office.secretary)


def decide(office: Office, **changes: Any) -> MoneySettings:
    wanted = MoneySettings(**(decided(office).model_dump() | changes))
    with office.care(office.secretary) as session:
        return set_money_settings(session, office.secretary, wanted)


def test_each_change_is_an_event_with_both_values(office: Office) -> None:
    decide(office, payment_days=14, reminds=False)
    now = decided(office)
    assert (now.payment_days, now.reminds, now.money_version) == (14, False, 2)
    with office.open(office.world.actor(Role.AUDITOR)) as session:
        tag = AuditEvent.tag == "network:money_settings:changed"
        assert set(session.exec(select(AuditEvent.reason).where(tag))) == {"payment_days:30>14", "reminds:1>0"}


def test_the_same_again_changes_nothing(office: Office) -> None:
    assert decide(office).money_version == 1


def test_who_saw_something_else_is_told(office: Office) -> None:
    seen = decided(office)
    decide(office, payment_days=14)
    with pytest.raises(Conflict), office.care(office.secretary) as session:
        set_money_settings(session, office.secretary, MoneySettings(**(seen.model_dump() | {"payment_days": 21})))


@pytest.mark.parametrize(
    "change",
    [
        {"onward_vat_rate": 6},
        {"payment_days": 0},
        {"payment_days": 91},
        {"suppression_k": 4},
        {"suppression_k": 11},
        {"second_reminder_days": 7},
        {"last_reminder_days": 181},
        {"cofinancing_working_days": 0},
        {"budget_working_days": 61},
        {"payable_days": 61},
        {"four_eyes_cents": -1},
        {"more": 1},
    ],
)
def test_out_of_bounds_is_refused_here_and_by_the_database(office: Office, change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MoneySettings(**(decided(office).model_dump() | change))
    ((name, value),) = change.items()
    if name == "more":
        return
    statement = text(f"UPDATE network.arbodienst_settings SET {name} = :value")
    with pytest.raises(DBAPIError, match="violates check"), office.care(office.secretary) as session:
        session.execute(statement, {"value": value})


@pytest.mark.parametrize("role", [Role.PHYSICIAN, Role.NETWORK_MANAGER, Role.EMPLOYER])
def test_nobody_else_decides(office: Office, role: Role) -> None:
    who = office.employer() if role is Role.EMPLOYER else office.world.actor(role)
    statement = text("UPDATE network.arbodienst_settings SET payment_days = 1")
    with office.care(who) as session:
        with pytest.raises((Forbidden, NotFound)):
            money_settings(session, who)
        assert session.execute(statement).rowcount == 0  # type: ignore[attr-defined]
    assert decided(office).payment_days == 30


def test_two_people_raise_the_limit_above_which_two_people_pay(office: Office) -> None:
    """R42."""
    limit = decided(office).four_eyes_cents
    for _again in range(2):  # asking twice is not agreeing
        assert decide(office, four_eyes_cents=limit * 2).four_eyes_cents == limit
    other = office.world.actor(Role.SECRETARY)
    himself = office.world.actor(Role.SECRETARY, person_id=office.secretary.person_id)
    for actor, cents, counts in ((himself, limit * 2, limit), (other, limit * 3, limit)):
        wanted = decided(office).model_copy(update={"four_eyes_cents": cents})
        with office.care(actor) as session:
            assert set_money_settings(session, actor, wanted).four_eyes_cents == counts
    wanted = decided(office).model_copy(update={"four_eyes_cents": limit * 3})
    with office.care(office.secretary) as session:
        asked = asked_limit(session, office.secretary)
        assert asked is not None
        assert (asked.cents, asked.name, asked.own) == (limit * 3, other.name, False)
        assert set_money_settings(session, office.secretary, wanted).four_eyes_cents == limit * 3
        assert asked_limit(session, office.secretary) is None
    assert decide(office, four_eyes_cents=limit).four_eyes_cents == limit  # lower is for one to decide


def test_nobody_raises_the_limit_alone_with_sql(office: Office) -> None:
    """R42."""
    alone = (
        "UPDATE network.arbodienst_settings SET four_eyes_cents = 999999900 WHERE tenant_id = app.tenant()",
        "UPDATE network.arbodienst_settings SET four_eyes_asked_cents = 999999900,"
        " four_eyes_asked_by = gen_random_uuid() WHERE tenant_id = app.tenant()",
    )
    for statement in alone:
        with office.care(office.secretary) as session, pytest.raises(DBAPIError, match="two people raise"):
            session.execute(text(statement))
