"""Publishing, changing and withdrawing offerings, and stating their waits (R29, R32, R37)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from core.clock import today
from core.database import Door
from core.errors import Conflict, Forbidden, NotFound
from identity.roles import Role
from identity.tables import AuditEvent
from network.offerings_publish import publish_offering
from network.tables import Offering, OfferingState, RejectionReason
from network.waits import confirm_wait, list_stale_waits
from tests.network.desk import Desk, desk_of, values
from tests.network.offers import add_offering, add_provider
from tests.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    """A provider with a valid BIG registration, and the network manager."""
    return desk_of(world, add_provider(world))


def jobs_about(world: World, offering_id: UUID) -> int:
    """Return how many times the worker was asked to index an offering."""
    with Session(world.database.owner) as session:
        query = text(
            "SELECT count(*) FROM jobs.procrastinate_jobs"
            " WHERE task_name = 'search.index_offering'"
            " AND args ->> 'offering_id' = :id AND args ->> 'tenant_id' = :tenant"
        )
        return int(session.execute(query, {"id": str(offering_id), "tenant": str(world.tenant_id)}).scalar_one())


def events_about(world: World, offering_id: UUID) -> list[tuple[str, str | None]]:
    """Return the audit events about an offering, oldest first."""
    with Session(world.database.owner) as session:
        rows = session.exec(select(AuditEvent).where(AuditEvent.subject_id == offering_id).order_by(text("seq")))
        return [(row.tag, row.reason) for row in rows]


def test_a_published_offering_waits_for_approval(desk: Desk) -> None:
    """R29, R37."""
    offering = desk.publish().offering
    assert offering.state is OfferingState.SUBMITTED
    assert offering.causes == ("M01", "M02")
    assert offering.sickness_years == (1, 2)
    assert (offering.postcode, offering.stated_on) == ("3511", today())
    assert not offering.is_visible


def test_its_place_is_kept_for_distances(desk: Desk) -> None:
    offering_id = desk.publish().offering.id
    with Session(desk.world.database.owner) as session:
        row = session.get_one(Offering, offering_id)
    assert row.latitude == pytest.approx(52.09, abs=0.05)
    assert row.longitude == pytest.approx(5.12, abs=0.05)


def test_the_same_offering_again_is_recognised(desk: Desk) -> None:
    first, second = desk.publish(), desk.publish()
    assert (first.known, second.known) == (False, True)
    assert first.offering.id == second.offering.id
    assert jobs_about(desk.world, first.offering.id) == 1


def test_another_offering_under_the_same_title_is_refused(desk: Desk) -> None:
    desk.publish()
    with pytest.raises(Conflict) as refused:
        desk.publish(price_cents=9_900)
    assert refused.value.code == "double"
    assert "change" in refused.value.possible


def test_a_withdrawn_title_is_free_again(desk: Desk) -> None:
    withdrawn = desk.publish().offering.id
    desk.withdraw(withdrawn)
    assert desk.publish(price_cents=9_900).offering.id != withdrawn


@pytest.mark.parametrize(
    "changes",
    [
        {"price_cents": 11_000},
        {"description": "Iets anders."},
        {"causes": ["M01"]},
        {"vat_rate": 21},
        {"postcode": "9712"},
        {"price_valid_until": today() + timedelta(days=90)},
        {"online": True},
    ],
)
def test_a_change_of_an_approved_offering_asks_for_approval_again(desk: Desk, changes: dict[str, Any]) -> None:
    """R29."""
    offering_id = desk.approved()
    changed = desk.change(offering_id, **changes)
    assert (changed.state, changed.is_visible) == (OfferingState.SUBMITTED, False)


def test_a_change_of_the_wait_alone_does_not(desk: Desk) -> None:
    changed = desk.change(desk.approved(), stated_wait_days=3)
    assert (changed.state, changed.stated_wait_days) == (OfferingState.APPROVED, 3)


def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(desk: Desk) -> None:
    offering = desk.publish().offering
    desk.change(offering.id, price_cents=9_000, version=offering.version)
    with pytest.raises(Conflict):
        desk.change(offering.id, price_cents=8_000, version=offering.version)


def test_an_offering_does_not_take_the_title_of_another(desk: Desk) -> None:
    desk.publish(title="Eerste")
    second = desk.publish(title="Tweede").offering.id
    with pytest.raises(Conflict) as refused:
        desk.change(second, title="Eerste")
    assert refused.value.code == "double"


def test_a_wait_is_dated_today_and_keeps_the_approval(desk: Desk) -> None:
    """R32."""
    offering_id = add_offering(desk.world, desk.provider_id, stated_on=today() - timedelta(days=60))
    stated = desk.wait(offering_id, 21)
    assert (stated.stated_wait_days, stated.stated_on, stated.state) == (21, today(), OfferingState.APPROVED)
    assert jobs_about(desk.world, offering_id) == 1


def test_a_stale_wait_is_listed_until_it_is_confirmed(desk: Desk) -> None:
    """R32."""
    offering_id = add_offering(desk.world, desk.provider_id, stated_on=today() - timedelta(days=31), stated_wait_days=7)
    with desk.world.acting(Door.OPEN, desk.provider) as session:
        assert [view.id for view in list_stale_waits(session, desk.provider, 1, 10).items] == [offering_id]
        confirmed = confirm_wait(session, desk.provider, offering_id)
        assert (confirmed.stated_wait_days, confirmed.stated_on) == (7, today())
        assert list_stale_waits(session, desk.provider, 1, 10).total == 0


def test_withdrawing_hides_and_a_change_submits_anew(desk: Desk) -> None:
    offering_id = desk.approved()
    assert not desk.withdraw(offering_id).is_visible
    with pytest.raises(Conflict) as refused:
        desk.withdraw(offering_id)
    assert refused.value.possible == ("change",)
    assert desk.change(offering_id).state is OfferingState.SUBMITTED


def test_what_does_not_fit_the_state_is_refused_with_what_does(desk: Desk) -> None:
    offering_id = desk.approved()
    with pytest.raises(Conflict) as refused:
        desk.approve(offering_id)
    assert refused.value.possible == ("reject",)
    desk.reject(offering_id)
    with pytest.raises(Conflict) as refused:
        desk.wait(offering_id, 3)
    assert refused.value.possible == ("change", "withdraw")


def test_every_act_is_recorded_and_reaches_the_index(desk: Desk) -> None:
    offering_id = desk.approved()
    desk.wait(offering_id, 4)
    desk.reject(offering_id, RejectionReason.EVIDENCE)
    assert events_about(desk.world, offering_id) == [
        ("network:offering:published", None),
        ("network:offering:approved", None),
        ("network:offering:wait_stated", None),
        ("network:offering:rejected", "evidence"),
    ]
    assert jobs_about(desk.world, offering_id) == 4


def test_a_provider_touches_only_its_own(desk: Desk) -> None:
    theirs = add_offering(desk.world, add_provider(desk.world, "Een ander"))
    with pytest.raises(NotFound):
        desk.change(theirs)
    with pytest.raises(NotFound):
        desk.withdraw(theirs)
    with pytest.raises(NotFound):
        desk.wait(theirs, 1)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.PROVIDER, Role.SYSTEM)])
def test_only_a_provider_publishes(world: World, role: Role) -> None:
    actor = world.actor(role)
    with world.acting(Door.OPEN, actor) as session, pytest.raises((Forbidden, NotFound)):
        publish_offering(session, actor, values())
