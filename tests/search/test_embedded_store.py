"""The embedded engine and its files: missing, broken, of another version, shared by several, killed half way."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from search import analysis
from search.document import OfferingDocument
from search.embedded import store
from search.embedded.engine import TantivyEngine
from search.embedded.store import Store
from search.gateway import IndexUnavailable, RebuildRunning
from search.query import SearchFilters
from tests.search.killing import endless, kill_half_way
from tests.search.sample_network import TENANT, network, offering

QUERY = SearchFilters().for_tenant(TENANT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "search"


def generation(folder: Path) -> Path:
    return Store(folder).current()


def test_without_an_index_every_call_says_so(folder: Path) -> None:
    engine = TantivyEngine(folder)
    assert not engine.is_ready()
    with pytest.raises(IndexUnavailable, match="geen zoekindex"):
        engine.search(QUERY)
    with pytest.raises(IndexUnavailable):
        engine.upsert([offering()])
    engine.rebuild(iter(()))
    assert engine.is_ready()


@pytest.mark.parametrize("damage", ["meta.json", "all", "gone", ".fast", ".store", ".term"])
def test_a_broken_index_says_so_and_is_healed_by_a_rebuild(folder: Path, damage: str) -> None:
    TantivyEngine(folder).rebuild(network(50))
    broken = generation(folder)
    for file in broken.iterdir():
        if damage == "gone":
            file.unlink()
        elif damage in ("all", file.name):
            file.write_bytes(b"no index" * 20)
        elif damage == file.suffix:
            half = file.read_bytes()[: file.stat().st_size // 2]
            file.write_bytes(half + b"\xff" * (file.stat().st_size - len(half)))
    engine = TantivyEngine(folder)
    with pytest.raises(IndexUnavailable, match="niet worden gelezen"):
        engine.search(QUERY)
    assert engine.rebuild(network(50)) == 50
    assert engine.search(QUERY).total == 50


def test_an_index_of_another_version_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = TantivyEngine(folder)
    engine.rebuild(network(3))
    monkeypatch.setattr(store, "fingerprint", lambda: "another")
    with pytest.raises(IndexUnavailable, match="andere versie"):
        engine.search(QUERY)
    assert engine.rebuild(network(4)) == 4


def test_the_fingerprint_follows_the_compounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = store.fingerprint()
    for name in ("stopwords.txt", "compounds.txt"):
        (tmp_path / name).write_bytes((analysis.DATA / name).read_bytes())
    with (tmp_path / "compounds.txt").open("a", encoding="utf-8") as file:
        file.write("zwemmen\n")
    monkeypatch.setattr(analysis, "DATA", tmp_path)
    assert store.fingerprint.__wrapped__() != before


def test_another_engine_sees_a_change_at_once(folder: Path) -> None:
    writer, reader = TantivyEngine(folder), TantivyEngine(folder)
    writer.rebuild(iter(()))
    assert reader.count() == 0
    writer.upsert([offering()])
    assert reader.count() == 1
    writer.rebuild(network(7))
    assert reader.count() == 7


def test_old_generations_do_not_pile_up(folder: Path) -> None:
    engine = TantivyEngine(folder)
    for _round in range(4):
        engine.rebuild(network(2))
    assert len([path for path in folder.iterdir() if path.is_dir()]) <= 2


def test_two_rebuilds_at_once_are_refused(folder: Path) -> None:
    engine = TantivyEngine(folder)

    def intruded() -> Iterator[OfferingDocument]:
        with pytest.raises(RebuildRunning):
            TantivyEngine(folder).rebuild(iter(()))
        yield offering()

    assert engine.rebuild(intruded()) == 1


def test_writers_take_turns(folder: Path) -> None:
    TantivyEngine(folder).rebuild(iter(()))
    documents = list(network(24))

    def write(start: int) -> None:
        for document in documents[start::4]:
            TantivyEngine(folder).upsert([document])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4), timeout=60))
    assert TantivyEngine(folder).count() == 24


def test_a_writer_that_waits_too_long_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = TantivyEngine(folder)
    engine.rebuild(iter(()))
    monkeypatch.setattr(store, "LOCK_SECONDS", 0.1)
    with Store(folder).writing(), pytest.raises(IndexUnavailable, match="bezet"):
        engine.upsert([offering()])


def build_until_killed(begun: Path, folder: Path) -> None:
    TantivyEngine(folder).rebuild(endless(begun))


def test_a_builder_killed_half_way_leaves_the_old_index_serving(folder: Path, tmp_path: Path) -> None:
    engine = TantivyEngine(folder)
    engine.rebuild(network(5))
    kill_half_way(build_until_killed, tmp_path / "begun", folder)
    assert engine.count() == 5
    engine.upsert([offering()])
    assert engine.count() == 6
    assert engine.rebuild(network(8)) == 8
