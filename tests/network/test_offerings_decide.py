"""Approving and rejecting offerings, which only the arbodienst does (R29, R31, R37)."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from core.database import Door
from core.errors import Conflict, Forbidden, NotFound
from identity.actor import Actor
from identity.roles import OrganisationKind, Role
from network.offerings_decide import approve_offering
from network.tables import OfferingState, RegistrationKind, RejectionReason
from tests.network.desk import Desk, desk_of
from tests.network.offers import add_offering, add_provider, registration
from tests.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    """A provider with a valid BIG registration, and the network manager."""
    return desk_of(world, add_provider(world))


def test_an_approved_offering_can_be_found(desk: Desk) -> None:
    """R29."""
    offering_id = desk.publish().offering.id
    decided = desk.approve(offering_id)
    assert (decided.state, decided.is_visible) == (OfferingState.APPROVED, True)
    assert decided.decided_at is not None


def test_approval_decides_the_causes(desk: Desk) -> None:
    """R37."""
    offering_id = desk.publish().offering.id
    assert desk.approve(offering_id, causes=("M01",)).causes == ("M01",)


def test_nobody_approves_what_he_has_not_seen(desk: Desk) -> None:
    seen = desk.publish().offering
    desk.change(seen.id, price_cents=99_900)
    with pytest.raises(Conflict) as refused:
        desk.approve(seen.id, version=seen.version)
    assert refused.value.code == "overtaken"
    assert desk.approve(seen.id, version=seen.version + 1).price_cents == 99_900


def test_a_medical_offering_without_care_registration_is_not_approved(world: World) -> None:
    """R31."""
    provider_id = add_provider(world, "Zonder BIG", RegistrationKind.NIP)
    desk = desk_of(world, provider_id)
    offering_id = desk.publish().offering.id
    with pytest.raises(Conflict) as refused:
        desk.approve(offering_id)
    assert refused.value.code == "no_care_registration"
    assert refused.value.possible == ("renew_registration", "reject")
    world.add(registration(world, provider_id, RegistrationKind.BIG))
    assert desk.approve(offering_id).is_visible


def test_expired_registrations_stop_approval(world: World) -> None:
    """R30."""
    provider_id = world.organisation(OrganisationKind.PROVIDER, "Verlopen")
    for kind in (RegistrationKind.BIG, RegistrationKind.INSURANCE):
        world.add(registration(world, provider_id, kind, days=-1))
    desk = desk_of(world, provider_id)
    offering_id = desk.publish().offering.id
    with pytest.raises(Conflict) as refused:
        desk.approve(offering_id)
    assert "registratie" in refused.value.message
    assert "verzekering" in refused.value.message


def test_a_rejection_tells_its_reason_and_can_be_mended(desk: Desk) -> None:
    offering_id = desk.publish().offering.id
    rejected = desk.reject(offering_id, RejectionReason.PRICE)
    assert (rejected.state, rejected.rejection_reason) == (OfferingState.REJECTED, RejectionReason.PRICE)
    mended = desk.change(offering_id, price_cents=8_000)
    assert (mended.state, mended.rejection_reason, mended.decided_at) == (OfferingState.SUBMITTED, None, None)


def test_an_approved_offering_can_still_be_taken_out(desk: Desk) -> None:
    assert not desk.reject(desk.approved()).is_visible


def test_a_foreign_manager_decides_nothing(desk: Desk) -> None:
    offering_id = desk.publish().offering.id
    other = World(desk.world.database)
    stranger = other.actor(Role.NETWORK_MANAGER)
    with other.acting(Door.OPEN, stranger) as session, pytest.raises(NotFound):
        approve_offering(session, stranger, offering_id)
    with pytest.raises(NotFound):
        desk.approve(uuid4())


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.NETWORK_MANAGER, Role.SYSTEM)])
def test_only_the_network_manager_approves(world: World, role: Role) -> None:
    """R29."""
    offering_id = add_offering(world, add_provider(world), state=OfferingState.SUBMITTED)
    actor = world.actor(role)
    with world.acting(Door.OPEN, actor) as session, pytest.raises((Forbidden, NotFound)):
        approve_offering(session, actor, offering_id)


APPROVE = "UPDATE network.offering SET state = 'approved', decided_by = {}, version = version + {} WHERE id = :id"
RAISE_PRICE = "UPDATE network.offering SET price_cents = 1, version = version + 1 WHERE id = :id"


def run(world: World, actor: Actor, statement: str, offering_id: UUID) -> None:
    """Come past the use cases with SQL."""
    with world.acting(Door.OPEN, actor) as session:
        session.execute(text(statement), {"id": offering_id})


@pytest.mark.parametrize("decided_by", ["NULL", "app.account()"])
def test_raw_sql_of_a_provider_approves_nothing(desk: Desk, decided_by: str) -> None:
    """R29."""
    offering_id = desk.publish().offering.id
    with pytest.raises(ProgrammingError, match="does not decide"):
        run(desk.world, desk.provider, APPROVE.format(decided_by, 1), offering_id)


def test_raw_sql_of_a_provider_changes_no_approved_price(desk: Desk) -> None:
    """R29."""
    with pytest.raises(ProgrammingError, match="does not decide"):
        run(desk.world, desk.provider, RAISE_PRICE, desk.approved())


def test_raw_sql_decides_in_nobody_elses_name(desk: Desk) -> None:
    offering_id = desk.publish().offering.id
    with pytest.raises(ProgrammingError, match="name of another"):
        run(desk.world, desk.manager, APPROVE.format("gen_random_uuid()", 1), offering_id)


def test_raw_sql_raises_the_version(desk: Desk) -> None:
    offering_id = desk.publish().offering.id
    with pytest.raises(IntegrityError, match="raises its version"):
        run(desk.world, desk.manager, APPROVE.format("app.account()", 0), offering_id)
