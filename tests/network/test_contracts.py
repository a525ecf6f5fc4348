"""Contracts and registrations: agreed, ended, suspended, renewed, and in time on somebody's list."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlmodel import Session, col, select

from core.clock import today
from core.database import Door
from core.errors import Conflict, Forbidden, Invalid, NotFound
from identity.actor import Actor
from identity.roles import OrganisationKind, Role
from network.contracts import (
    ContractTerms,
    ContractView,
    add_contract,
    end_contract,
    list_contracts,
    resume_contract,
    suspend_contract,
)
from network.offering_visibility import Obstacle
from network.offerings_read import get_offering
from network.registrations import (
    NewRegistration,
    add_registration,
    list_expiring,
    list_registrations,
    renew_registration,
)
from network.tables import Contract, Registration, RegistrationKind
from tests.network.offers import BIG, add_offering, add_provider, registration
from tests.world import World


@pytest.fixture
def manager(world: World) -> Actor:
    """The network manager."""
    return world.actor(Role.NETWORK_MANAGER)


def contract_of(world: World, provider_id: UUID) -> UUID:
    """Return the contract that every provider of a test has."""
    with Session(world.database.owner) as session:
        return session.exec(select(Contract.id).where(col(Contract.provider_id) == provider_id)).one()


def agree(world: World, manager: Actor, provider_id: UUID, *days: int) -> ContractView:
    """Add a contract from and through so many days from now."""
    starts_on, *ends_on = (today() + timedelta(days=count) for count in days)
    terms = ContractTerms(starts_on=starts_on, ends_on=ends_on[0] if ends_on else None)
    with world.acting(Door.OPEN, manager) as session:
        return add_contract(session, manager, provider_id, terms)


def asked_to_index(world: World, provider_id: UUID) -> int:
    """Return how many times the worker was asked to index all that a provider offers."""
    with Session(world.database.owner) as session:
        query = text(
            "SELECT count(*) FROM jobs.procrastinate_jobs"
            " WHERE task_name = 'search.index_provider' AND args ->> 'provider_id' = :id"
        )
        return int(session.execute(query, {"id": str(provider_id)}).scalar_one())


def test_contracts_follow_each_other_and_do_not_overlap(world: World, manager: Actor) -> None:
    provider_id = add_provider(world)
    with world.acting(Door.OPEN, manager) as session:
        end_contract(session, manager, contract_of(world, provider_id), today())
    with pytest.raises(Conflict) as refused:
        agree(world, manager, provider_id, 0, 10)
    assert refused.value.code == "overlap"
    agree(world, manager, provider_id, 1, 10)
    agree(world, manager, provider_id, 11)
    with world.acting(Door.OPEN, manager) as session:
        page = list_contracts(session, manager, provider_id, 1, 2)
    assert (page.total, [one.is_running for one in page.items]) == (3, [False, False])


def test_suspending_hides_the_offerings_and_resuming_shows_them(world: World, manager: Actor) -> None:
    provider_id = add_provider(world)
    offering_id, contract_id = add_offering(world, provider_id), contract_of(world, provider_id)
    with world.acting(Door.OPEN, manager) as session:
        assert not suspend_contract(session, manager, contract_id).is_running
        assert get_offering(session, manager, offering_id).obstacles == (Obstacle.SUSPENDED,)
        with pytest.raises(Conflict) as refused:
            suspend_contract(session, manager, contract_id)
        assert refused.value.possible == ("resume",)
        assert resume_contract(session, manager, contract_id).is_running
        assert get_offering(session, manager, offering_id).is_visible
        with pytest.raises(Conflict):
            resume_contract(session, manager, contract_id)
    assert asked_to_index(world, provider_id) == 2


def test_a_contract_ends_after_it_started_and_is_not_stretched(world: World, manager: Actor) -> None:
    contract_id = contract_of(world, add_provider(world))
    with world.acting(Door.OPEN, manager) as session:
        with pytest.raises(Invalid) as refused:
            end_contract(session, manager, contract_id, today() - timedelta(days=901))
        assert [error.field for error in refused.value.errors] == ["ends_on"]
        assert end_contract(session, manager, contract_id, today()).is_running
        with pytest.raises(Conflict):
            end_contract(session, manager, contract_id, today() + timedelta(days=1))


def test_contracts_of_others_are_not_there(world: World, manager: Actor) -> None:
    other = World(world.database)
    foreign = contract_of(other, add_provider(other))
    with world.acting(Door.OPEN, manager) as session:
        for contract_id in (foreign, uuid4()):
            with pytest.raises(NotFound):
                suspend_contract(session, manager, contract_id)
        with pytest.raises(NotFound):
            list_contracts(session, manager, world.organisation(OrganisationKind.EMPLOYER, "Werkgever"), 1, 10)


def new(**changes: Any) -> NewRegistration:
    """Return a BIG registration for a year, with whatever a test changes."""
    valid_until = today() + timedelta(days=365)
    return NewRegistration.model_validate(
        {"kind": "big", "number": BIG, "holder": "Psycholoog", "valid_until": valid_until} | changes
    )


@pytest.mark.parametrize(("kind", "number"), [("big", "1234567890"), ("agb", "123"), ("sra", "x" * 41), ("mfn", " ")])
def test_a_number_has_the_form_of_its_register(kind: str, number: str) -> None:
    with pytest.raises(ValidationError, match="number"):
        new(kind=kind, number=number)


def test_a_registration_is_put_on_file_once(world: World, manager: Actor) -> None:
    provider_id = world.organisation(OrganisationKind.PROVIDER, "Praktijk")
    with world.acting(Door.OPEN, manager) as session:
        first = add_registration(session, manager, provider_id, new(number="12345-678925"))
        assert first.number == BIG
        assert add_registration(session, manager, provider_id, new()).id == first.id
        with pytest.raises(Conflict) as refused:
            add_registration(session, manager, provider_id, new(valid_until=today()))
        assert refused.value.possible == ("renew",)
        assert list_registrations(session, manager, provider_id, 1, 10).total == 1
    assert asked_to_index(world, provider_id) == 1


def test_renewing_brings_an_offering_back(world: World, manager: Actor) -> None:
    """R30."""
    provider_id = world.organisation(OrganisationKind.PROVIDER, "Praktijk")
    expired = registration(world, provider_id, RegistrationKind.BIG, days=-1)
    world.add(expired)
    offering_id = add_offering(world, provider_id)
    with world.acting(Door.OPEN, manager) as session:
        assert not get_offering(session, manager, offering_id).is_visible
        with pytest.raises(Invalid) as refused:
            renew_registration(session, manager, expired.id, expired.valid_until)
        assert [error.field for error in refused.value.errors] == ["valid_until"]
        assert renew_registration(session, manager, expired.id, today()).is_valid
        assert get_offering(session, manager, offering_id).is_visible


def test_what_expires_is_listed_unless_it_was_replaced(world: World, manager: Actor) -> None:
    """R30."""
    provider_id = world.organisation(OrganisationKind.PROVIDER, "Praktijk")
    rows: dict[str, Registration] = {
        "ended": registration(world, provider_id, RegistrationKind.NIP, days=-5),
        "soon": registration(world, provider_id, RegistrationKind.INSURANCE, days=30),
        "later": registration(world, provider_id, RegistrationKind.OVAL, days=31),
        "replaced": registration(world, provider_id, RegistrationKind.AGB, days=3),
        "replacing": registration(world, provider_id, RegistrationKind.AGB, days=300),
    }
    world.add(*rows.values())
    with world.acting(Door.OPEN, manager) as session:
        page = list_expiring(session, manager, 30, 1, 10)
    assert [one.id for one in page.items] == [rows["ended"].id, rows["soon"].id]
    assert [one.is_valid for one in page.items] == [False, True]


def test_a_provider_sees_what_of_its_own_expires_and_changes_nothing(world: World) -> None:
    mine, theirs = (world.organisation(OrganisationKind.PROVIDER, name) for name in ("Mijn", "Hun"))
    own = registration(world, mine, RegistrationKind.BIG, days=5)
    world.add(own, registration(world, theirs, RegistrationKind.BIG, days=5))
    actor = world.actor(Role.PROVIDER, mine)
    with world.acting(Door.OPEN, actor) as session:
        assert [one.id for one in list_expiring(session, actor, 30, 1, 10).items] == [own.id]
        with pytest.raises(NotFound):
            list_registrations(session, actor, theirs, 1, 10)
        with pytest.raises(Forbidden):
            renew_registration(session, actor, own.id, today() + timedelta(days=100))
        with pytest.raises(Forbidden):
            add_registration(session, actor, mine, new())
