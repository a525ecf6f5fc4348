"""Saved searches that warn: of what is new and better, until the owner has looked, and of nothing else."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from core.clock import now, standing_at, today
from core.database import Door
from identity.actor import Actor, system
from identity.roles import Role
from identity.tables import Account, Membership
from network.favourites import star_offering
from network.tables import Offering, OfferingState
from search.embedded.engine import TantivyEngine
from search.engines import engine_for
from search.query import SearchFilters
from search.saved_searches import NewSearch, SearchName, look_at_search, rename_search, save_search
from search.searches_watch import News, list_news, refresh_news, watched_searches
from tests.network.offers import add_provider
from tests.search.indexed import Network
from tests.world import World
from worker.tasks import ROUNDS

ASKED: dict[str, Any] = {"cause": ["M01"], "sickness_year": 1, "postcode": "3511"}


@pytest.fixture
def network(world: World, tmp_path: Path) -> Network:
    """An empty network with an empty index."""
    engine = TantivyEngine(tmp_path / "index")
    engine.rebuild(iter(()))
    return Network(world, engine)


@pytest.fixture
def owner(world: World) -> Actor:
    return world.actor(Role.PHYSICIAN)


def save(network: Network, owner: Actor, *, warns: bool = True, **asked: Any) -> UUID:
    new = NewSearch(name="Psycholoog", warns=warns, filters=SearchFilters(**(asked or ASKED)))
    with network.world.acting(Door.CARE, owner) as session:
        return save_search(session, owner, network.engine, new).id


def refresh(network: Network, owner: Actor, search_id: UUID) -> tuple[News, ...]:
    with network.world.acting(Door.CARE, owner) as session:
        refresh_news(session, owner, network.engine, search_id)
    with network.world.acting(Door.CARE, owner) as session:
        return list_news(session, owner)


def news(network: Network, owner: Actor, search_id: UUID) -> list[UUID]:
    return [one.offering.id for one in refresh(network, owner, search_id)]


def test_something_better_is_told_until_the_owner_has_looked(network: Network, owner: Actor) -> None:
    provider_id = add_provider(network.world)
    network.offer(provider_id, stated_wait_days=40)
    search_id = save(network, owner)
    assert news(network, owner, search_id) == []
    better = network.offer(provider_id, stated_wait_days=3, title="Sneller")
    for _day in range(2):
        (told,) = refresh(network, owner, search_id)
        assert (told.search_id, told.name, told.offering.id, told.since) == (search_id, "Psycholoog", better, today())
    with network.world.acting(Door.CARE, owner) as session:
        assert not look_at_search(session, owner, network.engine, search_id).has_news
    assert news(network, owner, search_id) == []


def test_something_worse_is_no_news(network: Network, owner: Actor) -> None:
    provider_id = add_provider(network.world)
    network.offer(provider_id, stated_wait_days=3)
    search_id = save(network, owner)
    network.offer(provider_id, stated_wait_days=40)
    assert news(network, owner, search_id) == []


@pytest.mark.parametrize("sort", ["fit", "wait", "price", "distance"])
def test_an_equal_that_has_its_turn_on_top_is_no_news(network: Network, owner: Actor, sort: str) -> None:
    provider_id = add_provider(network.world)
    for _ in range(2):
        network.offer(provider_id)
    search_id = save(network, owner, **ASKED | {"sort": sort})
    for _ in range(6):
        network.offer(provider_id)
    for day in range(7):
        with standing_at(datetime.combine(today() + timedelta(days=day), time(12), UTC)):
            assert news(network, owner, search_id) == []


@pytest.mark.parametrize(
    ("sort", "change"),
    [("wait", {"stated_wait_days": 2}), ("price", {"price_cents": 5_000}), ("distance", {"postcode": "3512"})],
)
def test_better_is_what_the_chosen_order_says(
    network: Network, owner: Actor, sort: str, change: dict[str, Any]
) -> None:
    provider_id = add_provider(network.world)
    network.offer(provider_id, postcode="9711", latitude=53.22, longitude=6.57)
    search_id = save(network, owner, **ASKED | {"sort": sort})
    better = network.offer(provider_id, **{"postcode": "9711", "latitude": 53.22, "longitude": 6.57} | change)
    assert news(network, owner, search_id) == [better]


def test_a_search_with_words_tells_of_what_comes_on_top(network: Network, owner: Actor) -> None:
    provider_id = add_provider(network.world)
    network.offer(provider_id, title="Behandeling", description="Met emdr als het past.")
    search_id = save(network, owner, q="emdr")
    better = network.offer(provider_id, title="EMDR", description="Emdr na een ongeval.")
    assert news(network, owner, search_id) == [better]


def test_a_favourite_of_the_owner_is_no_news_to_him(network: Network, owner: Actor) -> None:
    provider_id = add_provider(network.world)
    network.offer(provider_id, stated_wait_days=40)
    search_id = save(network, owner)
    better = network.offer(provider_id, stated_wait_days=3)
    with network.world.acting(Door.CARE, owner) as session:
        star_offering(session, owner, better)
    assert news(network, owner, search_id) == []


def test_news_that_cannot_be_found_any_more_is_not_told(network: Network, owner: Actor) -> None:
    """R29."""
    provider_id = add_provider(network.world)
    search_id = save(network, owner)
    first = network.offer(provider_id)
    assert news(network, owner, search_id) == [first]
    network.change(Offering, col(Offering.id) == first, state=OfferingState.WITHDRAWN)
    with network.world.acting(Door.CARE, owner) as session:
        assert list_news(session, owner) == ()
    assert news(network, owner, search_id) == []


def test_without_an_index_nothing_is_said(network: Network, owner: Actor, tmp_path: Path) -> None:
    search_id = save(network, owner)
    network.offer(add_provider(network.world))
    network.engine = TantivyEngine(tmp_path / "nothing")
    assert news(network, owner, search_id) == []


def test_warning_is_switched_on_and_off(network: Network, owner: Actor) -> None:
    provider_id = add_provider(network.world)
    search_id = save(network, owner, warns=False)
    first = network.offer(provider_id, stated_wait_days=40)
    assert news(network, owner, search_id) == []
    for warns in (True, False):
        with network.world.acting(Door.CARE, owner) as session:
            rename_search(session, owner, network.engine, search_id, SearchName(name="Anders", warns=warns))
        network.offer(provider_id, stated_wait_days=40)
        assert news(network, owner, search_id) == []
    with network.world.acting(Door.CARE, owner) as session:
        rename_search(session, owner, network.engine, search_id, SearchName(name="Anders", warns=True))
    better = network.offer(provider_id, stated_wait_days=1)
    assert news(network, owner, search_id) == [better] != [first]


def test_the_round_runs_the_searches_of_those_who_still_refer(network: Network, owner: Actor) -> None:
    gone, disabled, other = (network.world.actor(Role.DELEGATE) for _ in range(3))
    mine = save(network, owner)
    for one, warns in ((gone, True), (disabled, True), (other, False)):
        save(network, one, warns=warns)
    network.change(Membership, col(Membership.id) == gone.membership_id, ended_at=now())
    network.change(Account, col(Account.id) == disabled.account_id, disabled_at=now())
    actor = system(network.world.tenant_id)
    with network.world.acting(Door.CARE, actor) as session:
        watched = watched_searches(session, actor)
    assert [(one.id, one.owner.account_id, one.owner.role) for one in watched] == [
        (mine, owner.account_id, Role.PHYSICIAN)
    ]


def test_the_daily_round_tells_the_owner_and_nobody_else(world: World, owner: Actor) -> None:
    network = Network(world, engine_for(world.database.settings))
    network.engine.rebuild(iter(()))
    save(network, owner)
    better = network.offer(add_provider(world))
    (watch,) = (one for one in ROUNDS if one.name == "search.watch")
    watch.job(world.database)
    with world.acting(Door.CARE, owner) as session:
        assert [one.offering.id for one in list_news(session, owner)] == [better]
    colleague = world.actor(Role.PHYSICIAN)
    with world.acting(Door.CARE, colleague) as session:
        assert list_news(session, colleague) == ()
