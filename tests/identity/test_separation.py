"""One person is not two things at once: whoever sets up accounts is refused by the database, with SQL too."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session, select

from billing.tables import InsurancePolicy, PolicyKind
from core.clock import today
from core.database import Door
from identity.actor import Actor
from identity.audit import record
from identity.roles import OrganisationKind, Role
from identity.tables import AuditEvent
from tests.world import World

SIDES = "for an employer and works for its insurer"


@pytest.fixture
def employer_id(world: World) -> UUID:
    return world.organisation(OrganisationKind.EMPLOYER, "Bouwbedrijf")


@pytest.fixture
def insurer_id(world: World) -> UUID:
    return world.organisation(OrganisationKind.INSURER, "Polis")


def policy(world: World, insurer_id: UUID, employer_id: UUID, days: int = 100) -> InsurancePolicy:
    return InsurancePolicy(
        tenant_id=world.tenant_id,
        insurer_id=insurer_id,
        employer_id=employer_id,
        kind=PolicyKind.ABSENCE,
        number="P-1",
        valid_from=today() - timedelta(days=300),
        valid_until=today() + timedelta(days=days),
        percentage=50,
    )


def by_owner(world: World, statement: str, **values: object) -> None:
    with Session(world.database.owner) as session:
        session.execute(text(statement), values)
        session.commit()


def test_a_delegate_gets_no_account_at_the_insurer_of_his_employer(
    world: World, employer_id: UUID, insurer_id: UUID
) -> None:
    """R14, R15."""
    world.add(policy(world, insurer_id, employer_id))
    delegate = world.actor(Role.DELEGATE, employers=(employer_id,))
    with pytest.raises(IntegrityError, match=SIDES):
        world.actor(Role.INSURER, insurer_id, person_id=delegate.person_id)


def test_who_works_for_the_insurer_is_not_assigned_as_a_delegate(
    world: World, employer_id: UUID, insurer_id: UUID
) -> None:
    """R14, R15."""
    world.add(policy(world, insurer_id, employer_id))
    person_id = world.actor(Role.INSURER, insurer_id).person_id
    with pytest.raises(IntegrityError, match=SIDES):
        world.actor(Role.DELEGATE, employers=(employer_id,), person_id=person_id)


def test_no_policy_is_written_that_makes_somebody_both(world: World, employer_id: UUID, insurer_id: UUID) -> None:
    """R14."""
    delegate = world.actor(Role.DELEGATE, employers=(employer_id,))
    world.actor(Role.INSURER, insurer_id, person_id=delegate.person_id)
    with pytest.raises(IntegrityError, match=SIDES):
        world.add(policy(world, insurer_id, employer_id))


def test_what_is_over_stands_in_nobodys_way(world: World, employer_id: UUID, insurer_id: UUID) -> None:
    """R14."""
    world.add(policy(world, insurer_id, employer_id, days=-1))
    delegate = world.actor(Role.DELEGATE, employers=(employer_id,))
    both = world.actor(Role.INSURER, insurer_id, person_id=delegate.person_id)
    with pytest.raises(IntegrityError, match=SIDES):
        by_owner(
            world,
            "UPDATE billing.insurance_policy SET valid_until = current_date + 9 WHERE insurer_id = :id",
            id=insurer_id,
        )
    by_owner(world, "UPDATE identity.membership SET ended_at = now() WHERE id = :id", id=both.membership_id)
    world.add(policy(world, insurer_id, employer_id))
    with pytest.raises(IntegrityError, match=SIDES):
        by_owner(world, "UPDATE identity.membership SET ended_at = NULL WHERE id = :id", id=both.membership_id)


def test_two_accounts_that_turn_out_to_be_of_one_person(world: World, employer_id: UUID, insurer_id: UUID) -> None:
    """R14, R15."""
    world.add(policy(world, insurer_id, employer_id))
    delegate = world.actor(Role.DELEGATE, employers=(employer_id,))
    merge = "UPDATE identity.account SET person_id = :person WHERE id = :id"
    for other, refusal in (
        (world.actor(Role.CASE_MANAGER, employers=(employer_id,)), "uq_assignment_one_side"),
        (world.actor(Role.INSURER, insurer_id), SIDES),
    ):
        with pytest.raises(IntegrityError, match=refusal):
            by_owner(world, merge, person=delegate.person_id, id=other.account_id)


def test_an_assignment_does_not_lie_about_the_person(world: World, employer_id: UUID) -> None:
    """R15."""
    delegate = world.actor(Role.DELEGATE, employers=(employer_id,))
    stranger = world.actor(Role.CASE_MANAGER)
    for change in (
        f"person_id = '{stranger.person_id}'",
        "role = 'case_manager'",
        f"account_id = '{stranger.account_id}'",
    ):
        with pytest.raises(IntegrityError, match="of the person, the account and the role"):
            by_owner(
                world,
                f"UPDATE identity.assignment SET {change} WHERE membership_id = :id",
                id=delegate.membership_id,
            )


def events_of(world: World, actor: Actor) -> list[UUID | None]:
    with Session(world.database.owner) as session:
        found = select(AuditEvent.responsible_account_id).where(AuditEvent.account_id == actor.account_id)
        return list(session.exec(found))


@pytest.mark.parametrize("door", [Door.OPEN, Door.CARE])
def test_every_act_of_a_delegate_names_a_physician(world: World, employer_id: UUID, door: Door) -> None:
    """R8."""
    delegate = world.actor(Role.DELEGATE, employers=(employer_id,))
    with world.acting(door, delegate) as session:
        record(session, delegate, "cases:case:read", uuid4())
    assert events_of(world, delegate) == [world.responsible.account_id]


def test_under_a_mandate_it_is_the_one_who_gave_it(world: World, employer_id: UUID) -> None:
    """R8."""
    delegate, mandator = world.actor(Role.DELEGATE, employers=(employer_id,)), world.actor(Role.PHYSICIAN)
    with world.acting(Door.CARE, delegate) as session:
        record(session, delegate, "medical:referral:issue", uuid4(), responsible_account_id=mandator.account_id)
    assert events_of(world, delegate) == [mandator.account_id]


def test_a_delegate_works_under_a_physician_of_the_arbodienst(world: World, employer_id: UUID) -> None:
    """R8."""
    delegate = world.actor(Role.DELEGATE, employers=(employer_id,))
    elsewhere = World(world.database).responsible
    change = "UPDATE identity.membership SET responsible_account_id = :by WHERE id = :id"
    for somebody in (elsewhere.account_id, world.actor(Role.CASE_MANAGER).account_id, delegate.account_id, None):
        with pytest.raises(DBAPIError, match="works under a physician"):
            by_owner(world, change, by=somebody, id=delegate.membership_id)
