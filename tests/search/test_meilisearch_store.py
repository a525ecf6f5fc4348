"""The Meilisearch engine and its indexes: missing, of another version, shared by several, killed half way."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from meilisearch import Client
from meilisearch.errors import MeilisearchApiError

from search.document import OfferingDocument
from search.gateway import IndexUnavailable, RebuildRunning
from search.query import SearchFilters, SearchQuery, Sort
from search.remote import pages, store
from search.remote.engine import MeilisearchEngine
from search.remote.expressions import all_of, begins, equal, one_of
from search.remote.server import Question, Server
from tests.search.killing import endless, kill_half_way
from tests.search.meilisearch_server import remote_engine, server
from tests.search.sample_network import OTHER_TENANT, TENANT, network, offering
from tests.search.test_contract_filters import questions

QUERY = SearchFilters().for_tenant(TENANT)
MANY = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[MeilisearchEngine]:
    """An engine without an index."""
    with remote_engine(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MeilisearchEngine]:
    """An engine with the networks of two tenants; not to be changed."""
    with remote_engine(tmp_path_factory.mktemp("index")) as made:
        made.rebuild(one for tenant in (TENANT, OTHER_TENANT) for one in network(600, tenant=tenant, seed=tenant.int))
        yield made


def own(engine: MeilisearchEngine) -> list[str]:
    """Return the indexes of an engine."""
    prefix = engine.store.current.partition("-")[0]
    return [name for name in server().versions() if name.startswith(prefix)]


def test_without_an_index_every_call_says_so(engine: MeilisearchEngine) -> None:
    assert not engine.is_ready()
    with pytest.raises(IndexUnavailable, match="geen zoekindex"):
        engine.search(QUERY)
    with pytest.raises(IndexUnavailable, match="geen zoekindex"):
        engine.upsert([offering()])
    with pytest.raises(IndexUnavailable, match="geen zoekindex"):
        engine.count()
    engine.rebuild(iter(()))
    assert engine.is_ready()


def test_an_index_of_another_version_is_not_read(engine: MeilisearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.rebuild(network(3))
    with monkeypatch.context() as patch:
        patch.setattr(store, "fingerprint", lambda: "0" * 16)
        assert not engine.is_ready()
        assert engine.rebuild(network(4)) == 4
    # A program of the old version may run beside the new one for a while; nobody's index is left for ever.
    assert engine.count() == 3
    monkeypatch.setattr(store, "OTHERS_KEPT", timedelta(0))
    engine.rebuild(network(5))
    assert own(engine) == [engine.store.current]


def test_a_wrong_key_says_so(engine: MeilisearchEngine) -> None:
    engine.rebuild(iter(()))
    stranger = MeilisearchEngine(server().url, "not-the-key", engine.store.current.partition("-")[0])
    assert not stranger.is_ready()
    with pytest.raises(IndexUnavailable, match="antwoordt niet"):
        stranger.search(QUERY)
    with pytest.raises(IndexUnavailable):
        stranger.upsert([offering()])


def test_a_key_for_its_own_indexes_is_enough(engine: MeilisearchEngine) -> None:
    there, name = server(), engine.store.current.partition("-")[0]
    actions = ["search", "documents.*", "indexes.*", "settings.*", "tasks.get", "stats.get"]
    client = Client(there.url, there.api_key, timeout=10)
    try:
        made = client.create_key({"actions": actions, "indexes": [f"{name}-*"], "expiresAt": None})
    except MeilisearchApiError as fault:
        pytest.skip(f"the key of MEILISEARCH_API_KEY may not make keys: {fault.code}")
    try:
        keyed = MeilisearchEngine(there.url, made.key, name)
        assert [keyed.rebuild(network(size)) for size in (5, 6)] == [5, 6]
        keyed.upsert([offering()])
        assert (keyed.count(), keyed.search(QUERY).total) == (7, 7)
    finally:
        client.delete_key(made.key)


def test_an_index_without_its_settings_says_so(engine: MeilisearchEngine) -> None:
    there = server()
    there.finish(there.put(engine.store.current, [{"id": "1"}]))
    with pytest.raises(IndexUnavailable):
        engine.search(QUERY)
    assert engine.rebuild(network(5)) == 5
    assert engine.search(QUERY).total == 5


def test_another_engine_sees_a_change_at_once(engine: MeilisearchEngine) -> None:
    there = server()
    reader = MeilisearchEngine(there.url, there.api_key, engine.store.current.partition("-")[0])
    engine.rebuild(iter(()))
    assert reader.search(QUERY).total == 0
    engine.upsert([offering()])
    assert reader.search(QUERY).facets["online"] == {"false": 1}
    engine.rebuild(network(7))
    assert reader.search(QUERY).total == 7


def test_old_indexes_do_not_pile_up(engine: MeilisearchEngine) -> None:
    for _round in range(3):
        engine.rebuild(network(2))
    assert own(engine) == [engine.store.current]


def test_two_rebuilds_at_once_are_refused(engine: MeilisearchEngine) -> None:
    there = server()
    other = MeilisearchEngine(there.url, there.api_key, engine.store.current.partition("-")[0])

    def intruded() -> Iterator[OfferingDocument]:
        with pytest.raises(RebuildRunning):
            other.rebuild(iter(()))
        yield offering()

    assert engine.rebuild(intruded()) == 1


def test_changes_during_the_first_build_are_in_it(engine: MeilisearchEngine) -> None:
    late = offering(title="Nagekomen")

    def overtaken() -> Iterator[OfferingDocument]:
        yield offering()
        engine.upsert([late])

    assert engine.rebuild(overtaken()) == 2


def test_a_change_between_the_last_look_and_the_swap_is_kept(
    engine: MeilisearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.rebuild(network(3))
    late = offering(title="Nagekomen")
    swap = Server.swap

    def overtaken(self: Server, one: str, other: str, *, only_rename: bool) -> None:
        engine.upsert([late])
        swap(self, one, other, only_rename=only_rename)

    monkeypatch.setattr(Server, "swap", overtaken)
    assert engine.rebuild(network(3)) == 4
    assert own(engine) == [engine.store.current]


def build_until_killed(begun: Path, url: str, key: str, name: str) -> None:
    MeilisearchEngine(url, key, name).rebuild(endless(begun))


def test_a_builder_killed_half_way_leaves_the_old_index_serving(
    engine: MeilisearchEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.rebuild(network(5))
    there, name = server(), engine.store.current.partition("-")[0]
    kill_half_way(build_until_killed, tmp_path / "begun", there.url, there.api_key, name)
    assert engine.count() == 5
    engine.upsert([offering()])
    assert engine.count() == 6
    with pytest.raises(RebuildRunning):
        engine.rebuild(network(8))
    monkeypatch.setattr(store, "LOST_AFTER", timedelta(0))
    assert engine.rebuild(network(8)) == 8
    assert own(engine) == [engine.store.current]


def test_a_builder_that_was_taken_for_lost_does_not_swap(
    engine: MeilisearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LOST_AFTER", timedelta(0))
    there = server()
    other = MeilisearchEngine(there.url, there.api_key, engine.store.current.partition("-")[0])

    def asleep() -> Iterator[OfferingDocument]:
        yield offering()
        assert other.rebuild(network(9)) == 9

    with pytest.raises(IndexUnavailable, match="stilgestaan"):
        engine.rebuild(asleep())
    assert engine.count() == 9


WEIRD = st.text(st.sampled_from("\"\\'`()[]{}, \n\tORANDNOT=*~aé🙂"), max_size=30)


@MANY
@given(WEIRD)
def test_no_value_ends_the_filter_that_it_stands_in(filled: MeilisearchEngine, value: str) -> None:
    unknown = f"qzx{value}"
    for condition in (equal("text", unknown), one_of("text", [unknown, unknown]), begins("words", unknown)):
        asked = Question(all_of([equal("tenant", str(TENANT)), condition]))
        (found,) = server().ask(filled.store.current, [asked])
        assert found.total == 0, condition


@MANY
@given(questions(), st.sampled_from(["", "werk", "begeleiding", "coachng", "advies werk", "begeleiding psycholog"]))
def test_counting_kinds_ranks_as_ranking_one_by_one(filled: MeilisearchEngine, query: SearchQuery, text: str) -> None:
    asked = query.model_copy(update={"q": text, "sort": Sort.FIT, "page_size": 40, "page": 2})
    answers = []
    for few in (0, 10_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pages, "FEW", few)
            answers.append(filled.search(asked).hits)
    assert answers[0] == answers[1]
