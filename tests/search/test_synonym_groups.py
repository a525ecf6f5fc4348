"""The words of one network: the manager changes them, the next question follows, and no other network notices."""

from pathlib import Path
from typing import Any

import pytest

from core.database import Database, Door
from core.errors import Conflict, Forbidden, Invalid
from identity.roles import Role
from search.embedded.engine import TantivyEngine
from search.synonym_groups import GroupView, NewGroup, get_group, keep_group, list_groups
from tests.network.offers import add_provider
from tests.search.indexed import Network, ids
from tests.world import World


@pytest.fixture
def network(world: World, tmp_path: Path) -> Network:
    engine = TantivyEngine(tmp_path / "index")
    engine.rebuild(iter(()))
    return Network(world, engine)


def keep(world: World, preferred: str, *others: str, **given: Any) -> GroupView:
    manager = world.actor(Role.NETWORK_MANAGER)
    with world.acting(Door.OPEN, manager) as session:
        return keep_group(session, manager, NewGroup(preferred=preferred, others=others, **given))


def test_a_new_group_counts_for_the_next_question(network: Network) -> None:
    offering_id = network.offer(add_provider(network.world), title="Zwemmen in groepen")
    assert ids(network.find(q="baantjes trekken")) == []
    keep(network.world, "zwemmen", "baantjes trekken")
    assert ids(network.find(q="baantjes trekken")) == [offering_id]
    assert ids(network.find(q="zwemmen")) == [offering_id]


def test_a_built_in_group_can_be_changed_and_switched_off(network: Network) -> None:
    offering_id = network.offer(
        add_provider(network.world), title="Wandelen bij de overgang", intervention="VTP", causes=["V01"]
    )
    assert ids(network.find(q="menopauze")) == [offering_id]
    assert not keep(network.world, "overgang").is_on
    assert ids(network.find(q="menopauze")) == []


def test_another_network_does_not_notice(database: Database, network: Network) -> None:
    other = Network(World(database), network.engine)
    offering_id = other.offer(add_provider(other.world), title="Zwemmen in groepen")
    keep(network.world, "zwemmen", "baantjes trekken")
    assert ids(other.find(q="baantjes trekken")) == []
    assert ids(other.find(q="zwemmen")) == [offering_id]


def test_an_expression_means_one_thing(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        keep(world, "uitgeput", "opgebrand")
    assert "burn-out" in refused.value.errors[0].message
    keep(world, "burn-out")  # switched off, its expressions are free
    assert keep(world, "uitgeput", "opgebrand").others == ("opgebrand",)


def test_who_read_an_older_version_overwrites_nothing(world: World) -> None:
    assert keep(world, "zwemmen", "baantjes trekken", version=0).version == 1
    with pytest.raises(Conflict):
        keep(world, "zwemmen", "crawlen", version=0)
    assert keep(world, "zwemmen", "crawlen", version=1).others == ("crawlen",)


def test_groups_are_found_by_any_of_their_expressions(world: World) -> None:
    manager = world.actor(Role.NETWORK_MANAGER)
    with world.acting(Door.OPEN, manager) as session:
        found = list_groups(session, manager, "Opgebrand", 1, 10)
        assert [group.preferred for group in found.items] == ["burn-out"]
        assert list_groups(session, manager, "", 1, 10).total >= 40
        there = get_group(session, manager, "burn-out")
    assert there is not None
    assert (there.built_in, there.version) == (True, 0)


@pytest.mark.parametrize("role", [Role.PHYSICIAN, Role.PROVIDER, Role.SECRETARY])
def test_only_the_network_manager_changes_words(world: World, role: Role) -> None:
    actor = world.actor(role)
    with pytest.raises(Forbidden), world.acting(Door.OPEN, actor) as session:
        keep_group(session, actor, NewGroup(preferred="zwemmen", others=("crawlen",)))


@pytest.mark.parametrize("text", ["", "   ", "de het", "!!!", "x" * 61, "a\nb"])
def test_an_expression_must_say_something(text: str) -> None:
    with pytest.raises(ValueError, match=r"preferred|woorden"):
        NewGroup(preferred=text, others=("zwemmen",))
