"""Favourites: kept by whoever refers, for himself, and seen by nobody else."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session

import network.favourites
from core.database import Door
from core.errors import Conflict, Forbidden, NotFound
from identity.actor import Actor, system
from identity.roles import Role
from network.favourites import favourite_ids, list_favourites, star_offering, unstar_offering
from network.tables import Favourite, OfferingState
from tests.network.offers import add_offering, add_provider
from tests.world import World

KEEPERS = (Role.PHYSICIAN, Role.DELEGATE)
OTHERS = sorted(set(Role) - {*KEEPERS, Role.SYSTEM})


@pytest.fixture
def offering_id(world: World) -> UUID:
    return add_offering(world, add_provider(world))


def star(world: World, actor: Actor, *offering_ids: UUID) -> None:
    for offering_id in offering_ids:
        with world.acting(Door.CARE, actor) as session:
            star_offering(session, actor, offering_id)


def kept(world: World, actor: Actor, door: Door = Door.CARE) -> frozenset[UUID]:
    with world.acting(door, actor) as session:
        return favourite_ids(session, actor)


def rows(world: World, actor: Actor, door: Door) -> list[Any]:
    with world.acting(door, actor) as session:
        return list(session.execute(text("SELECT * FROM network.favourite")).all())


@pytest.mark.parametrize("role", KEEPERS)
def test_an_offering_is_starred_once_and_let_go(world: World, offering_id: UUID, role: Role) -> None:
    actor = world.actor(role)
    star(world, actor, offering_id, offering_id)
    assert kept(world, actor) == kept(world, actor, Door.OPEN) == {offering_id}
    assert len(rows(world, actor, Door.CARE)) == 1
    for _again in range(2):
        with world.acting(Door.CARE, actor) as session:
            unstar_offering(session, actor, offering_id)
    assert kept(world, actor) == frozenset()
    star(world, actor, offering_id)
    assert kept(world, actor) == {offering_id}


def test_the_list_shows_the_latest_first_and_also_what_is_hidden_now(world: World) -> None:
    actor, provider_id = world.actor(Role.PHYSICIAN), add_provider(world)
    first, second, third = (add_offering(world, provider_id, title=f"Aanbod {n}") for n in range(3))
    star(world, actor, first, second, third)
    with Session(world.database.owner) as session:
        session.execute(text("UPDATE network.offering SET state = 'withdrawn' WHERE id = :id"), {"id": second})
        session.commit()
    with world.acting(Door.CARE, actor) as session:
        page = list_favourites(session, actor, 1, 2)
        rest = list_favourites(session, actor, 2, 2)
    assert ([one.id for one in page.items], page.total) == ([third, second], 3)
    assert [one.is_visible for one in page.items] == [True, False]
    assert [one.id for one in rest.items] == [first]


def test_what_cannot_be_found_is_not_starred(world: World) -> None:
    actor = world.actor(Role.PHYSICIAN)
    elsewhere = World(world.database)
    hidden = add_offering(world, add_provider(world), state=OfferingState.SUBMITTED)
    for unknown in (uuid4(), hidden, add_offering(elsewhere, add_provider(elsewhere))):
        with pytest.raises(NotFound):
            star(world, actor, unknown)


def test_there_is_an_end_to_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network.favourites, "MOST_FAVOURITES", 2)
    actor, provider_id = world.actor(Role.PHYSICIAN), add_provider(world)
    first, second, third = (add_offering(world, provider_id) for _ in range(3))
    star(world, actor, first, second, second)
    with pytest.raises(Conflict, match="2 favorieten"):
        star(world, actor, third)


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_keeps_favourites(world: World, offering_id: UUID, role: Role) -> None:
    actor = world.actor(role)
    with pytest.raises((Forbidden, NotFound)):
        star(world, actor, offering_id)
    assert kept(world, actor, Door.OPEN) == frozenset()


@pytest.mark.parametrize("door", [Door.OPEN, Door.CARE])
def test_favourites_of_others_are_not_there(world: World, offering_id: UUID, door: Door) -> None:
    owner, elsewhere = world.actor(Role.PHYSICIAN), World(world.database)
    star(world, owner, offering_id)
    strangers = [world.actor(role) for role in sorted(set(Role) - {Role.SYSTEM})]
    strangers += [elsewhere.actor(Role.PHYSICIAN), system(world.tenant_id)]
    assert [rows(world, stranger, door) for stranger in strangers] == [[]] * len(strangers)
    assert len(rows(world, owner, door)) == 1


def test_the_same_account_elsewhere_has_none(world: World, offering_id: UUID) -> None:
    owner, elsewhere = world.actor(Role.PHYSICIAN), World(world.database)
    star(world, owner, offering_id)
    moved = Actor(Role.PHYSICIAN, elsewhere.tenant_id, elsewhere.tenant_id, account_id=owner.account_id)
    assert rows(world, moved, Door.CARE) == []
    # Nor while he works there in a role that keeps none.
    managing = Actor(Role.NETWORK_MANAGER, world.tenant_id, world.tenant_id, account_id=owner.account_id)
    assert rows(world, managing, Door.OPEN) == []


def test_nobody_stars_in_the_name_of_another(world: World, offering_id: UUID) -> None:
    owner, other = world.actor(Role.PHYSICIAN), world.actor(Role.PHYSICIAN)
    with pytest.raises(ProgrammingError, match="row-level security"), world.acting(Door.CARE, other) as session:
        session.add(Favourite(tenant_id=world.tenant_id, account_id=owner.account, offering_id=offering_id))


@pytest.mark.parametrize(
    ("door", "statement"),
    [
        (Door.CARE, "DELETE FROM network.favourite"),
        (Door.CARE, "UPDATE network.favourite SET account_id = gen_random_uuid()"),
        (Door.OPEN, "UPDATE network.favourite SET removed_at = now()"),
    ],
)
def test_a_favourite_is_not_deleted_nor_handed_on(world: World, offering_id: UUID, door: Door, statement: str) -> None:
    owner = world.actor(Role.PHYSICIAN)
    star(world, owner, offering_id)
    with pytest.raises(ProgrammingError, match="permission denied"), world.acting(door, owner) as session:
        session.execute(text(statement))


def test_a_favourite_knows_no_case_and_no_employee() -> None:
    columns = set(Favourite.model_fields)
    assert columns == {"id", "tenant_id", "created_at", "account_id", "offering_id", "removed_at"}
