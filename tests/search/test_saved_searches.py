"""Saved searches: filters under a name, of one person, without a case, an employee or a week."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlmodel import Session, col

import search.saved_searches
from core.database import Door
from core.errors import Conflict, Forbidden, NotFound
from identity.actor import Actor, system
from identity.roles import Role
from network.tables import SavedSearch
from search.embedded.engine import TantivyEngine
from search.query import SearchFilters
from search.saved_searches import (
    NewSearch,
    SavedSearchView,
    SearchName,
    get_saved_search,
    list_saved_searches,
    look_at_search,
    remove_search,
    rename_search,
    save_search,
)
from search.searches_watch import list_news
from tests.search.indexed import Network
from tests.world import World

KEEPERS = (Role.PHYSICIAN, Role.DELEGATE)
PERMITTED = sorted(set(Role) - {*KEEPERS, Role.SYSTEM})


@pytest.fixture
def network(world: World, tmp_path: Path) -> Network:
    """An empty network with an empty index."""
    engine = TantivyEngine(tmp_path / "index")
    engine.rebuild(iter(()))
    return Network(world, engine)


def save(network: Network, actor: Actor, name: str = "Psycholoog", *, warns: bool = False, **asked: Any) -> UUID:
    new = NewSearch(name=name, warns=warns, filters=SearchFilters(**asked))
    with network.world.acting(Door.CARE, actor) as session:
        return save_search(session, actor, network.engine, new).id


def listed(network: Network, actor: Actor) -> tuple[SavedSearchView, ...]:
    with network.world.acting(Door.CARE, actor) as session:
        return list_saved_searches(session, actor, 1, 50).items


def rows(world: World, actor: Actor) -> list[Any]:
    with world.acting(Door.CARE, actor) as session:
        return list(session.execute(text("SELECT * FROM network.saved_search")).all())


@pytest.mark.parametrize("role", KEEPERS)
def test_a_search_is_kept_renamed_run_and_removed(network: Network, role: Role) -> None:
    actor = network.world.actor(role)
    asked: dict[str, Any] = {
        "q": "emdr",
        "cause": ["M01", "M02"],
        "postcode": "3511",
        "radius_km": 25,
        "online": True,
        "sort": "wait",
    }
    search_id = save(network, actor, **asked)
    save(network, actor, "Arbeidsdeskundige", intervention=["ADO"])
    assert [one.name for one in listed(network, actor)] == ["Arbeidsdeskundige", "Psycholoog"]
    with network.world.acting(Door.CARE, actor) as session:
        rename_search(session, actor, network.engine, search_id, SearchName(name="Traumabehandeling"))
    with network.world.acting(Door.CARE, actor) as session:
        looked = look_at_search(session, actor, network.engine, search_id)
    assert (looked.name, looked.filters) == ("Traumabehandeling", SearchFilters.model_validate(asked))
    with network.world.acting(Door.CARE, actor) as session:
        remove_search(session, actor, search_id)
    assert [one.name for one in listed(network, actor)] == ["Arbeidsdeskundige"]
    for act in (get_saved_search, remove_search):
        with pytest.raises(NotFound), network.world.acting(Door.CARE, actor) as session:
            act(session, actor, search_id)


def test_week_and_page_are_not_kept(network: Network) -> None:
    actor = network.world.actor(Role.PHYSICIAN)
    save(network, actor, cause=["M01"], week=12, page=3, page_size=50)
    (saved,) = listed(network, actor)
    assert saved.filters == SearchFilters(cause=("M01",))
    with Session(network.world.database.owner) as session:
        kept = session.execute(
            text("SELECT filters FROM network.saved_search WHERE account_id = :id"), {"id": actor.account}
        )
        assert kept.scalar_one() == {"cause": ["M01"]}


@pytest.mark.parametrize("key", ["dossier", "case_id", "employee_id", "vervangt", "week"])
def test_a_case_cannot_be_kept_not_even_by_the_owner_of_the_database(network: Network, key: str) -> None:
    actor = network.world.actor(Role.PHYSICIAN)
    with pytest.raises(ValidationError):
        NewSearch.model_validate({"name": "x", "filters": {}, key: str(uuid4())})
    saved = SavedSearch(
        tenant_id=network.world.tenant_id, account_id=actor.account, name="x", filters={key: str(uuid4())}
    )
    with pytest.raises(IntegrityError, match="of_nobody"):
        network.world.add(saved)
    assert not {name for name in SavedSearch.model_fields if "case" in name or "employee" in name}


def test_there_is_an_end_to_it(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search.saved_searches, "MOST_SAVED", 2)
    actor = network.world.actor(Role.PHYSICIAN)
    for name in ("een", "twee"):
        save(network, actor, name)
    with pytest.raises(Conflict, match="al 2"):
        save(network, actor, "drie")


def test_filters_that_mean_nothing_any_more_stop_nothing(network: Network) -> None:
    actor = network.world.actor(Role.PHYSICIAN)
    search_id = save(network, actor, cause=["M01"])
    network.change(SavedSearch, col(SavedSearch.id) == search_id, filters={"cause": ["ZZZ"]}, warns=True)
    with network.world.acting(Door.CARE, actor) as session:
        assert look_at_search(session, actor, network.engine, search_id).filters is None


@pytest.mark.parametrize("role", PERMITTED)
def test_nobody_else_saves_searches(network: Network, role: Role) -> None:
    actor = network.world.actor(role)
    with pytest.raises((Forbidden, NotFound)):
        save(network, actor)
    with pytest.raises((Forbidden, NotFound)):
        listed(network, actor)
    with pytest.raises((Forbidden, NotFound)), network.world.acting(Door.CARE, actor) as session:
        list_news(session, actor)


def test_searches_of_others_are_not_there(network: Network) -> None:
    owner, elsewhere = network.world.actor(Role.PHYSICIAN), World(network.world.database)
    search_id = save(network, owner)
    colleague = network.world.actor(Role.PHYSICIAN)
    strangers = [network.world.actor(role) for role in PERMITTED]
    strangers += [colleague, elsewhere.actor(Role.PHYSICIAN), system(elsewhere.tenant_id)]
    strangers += [Actor(Role.PHYSICIAN, elsewhere.tenant_id, elsewhere.tenant_id, account_id=owner.account_id)]
    strangers += [Actor(Role.SECRETARY, owner.tenant_id, owner.tenant_id, account_id=owner.account_id)]
    assert [rows(network.world, stranger) for stranger in strangers] == [[]] * len(strangers)
    for act in (get_saved_search, remove_search):
        with pytest.raises(NotFound), network.world.acting(Door.CARE, colleague) as session:
            act(session, colleague, search_id)
    assert len(rows(network.world, owner)) == 1


@pytest.mark.parametrize("role", sorted(Role))
def test_no_open_door_reads_them(network: Network, role: Role) -> None:
    """What somebody typed may, against advice, tell of an employee."""
    owner = network.world.actor(Role.PHYSICIAN)
    save(network, owner, q="iets over iemand")
    actor = system(network.world.tenant_id) if role is Role.SYSTEM else network.world.actor(role)
    for who in (actor, owner):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            network.world.acting(Door.OPEN, who) as session,
        ):
            session.execute(text("SELECT * FROM network.saved_search"))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM network.saved_search",
        "UPDATE network.saved_search SET account_id = gen_random_uuid()",
        "UPDATE network.saved_search SET filters = '{}'",
    ],
)
def test_a_search_is_not_deleted_nor_handed_on(network: Network, statement: str) -> None:
    owner = network.world.actor(Role.PHYSICIAN)
    save(network, owner)
    with pytest.raises(ProgrammingError, match="permission denied"), network.world.acting(Door.CARE, owner) as session:
        session.execute(text(statement))


def test_the_round_reads_but_does_not_write(network: Network) -> None:
    save(network, network.world.actor(Role.PHYSICIAN))
    actor = system(network.world.tenant_id)
    assert len(rows(network.world, actor)) == 1
    with network.world.acting(Door.CARE, actor) as session:
        changed = session.execute(update(SavedSearch).values(name="x").returning(col(SavedSearch.id)))
        assert changed.all() == []


def test_nobody_saves_in_the_name_of_another(network: Network) -> None:
    owner, other = network.world.actor(Role.PHYSICIAN), network.world.actor(Role.PHYSICIAN)
    saved = SavedSearch(tenant_id=owner.tenant_id, account_id=owner.account, name="x", filters={})
    with pytest.raises(ProgrammingError, match="row-level security"), network.world.acting(Door.CARE, other) as session:
        session.add(saved)
