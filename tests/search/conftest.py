"""Every engine that passes the contract, on one fixed day."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from core.clock import standing_at
from search import embedded, remote
from search.document import OfferingDocument
from search.embedded.engine import TantivyEngine
from search.gateway import SearchAnswer, SearchEngine
from search.query import SearchFilters
from tests.search.meilisearch_server import remote_engine
from tests.search.sample_network import OTHER_TENANT, TENANT, TODAY, network

# Another engine joins the contract by a line here: from an empty folder to the engine, for as long as it is needed.
ENGINES: dict[str, Callable[[Path], AbstractContextManager[SearchEngine]]] = {
    "embedded": lambda folder: nullcontext(TantivyEngine(folder)),
    "meilisearch": remote_engine,
}

Ask = Callable[..., SearchAnswer]
Fill = Callable[..., Ask]


@pytest.fixture(autouse=True)
def _one_day() -> Iterator[None]:
    with standing_at(datetime.combine(TODAY, time(12), UTC)):
        yield


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    """An engine with an empty index."""
    with ENGINES[request.param](tmp_path / "index") as made:
        made.rebuild(iter(()))
        yield made


@pytest.fixture
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let builds keep how far they came after every ten offerings."""
    monkeypatch.setattr(embedded.engine, "PIECE", 10)
    monkeypatch.setattr(remote.store, "BATCH", 10)


@pytest.fixture
def fill(engine: SearchEngine) -> Fill:
    """Put offerings in the index and get a function that asks in the tenant of the tests."""

    def put_in(*documents: OfferingDocument) -> Ask:
        engine.rebuild(iter(documents))
        return lambda **filters: engine.search(SearchFilters(**filters).for_tenant(TENANT))

    return put_in


@pytest.fixture(scope="module", params=sorted(ENGINES))
def filled_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """An engine with the networks of two tenants; not to be changed."""
    with ENGINES[request.param](tmp_path_factory.mktemp(str(request.param)) / "index") as made:
        made.rebuild(
            document for tenant in (TENANT, OTHER_TENANT) for document in network(600, tenant=tenant, seed=tenant.int)
        )
        yield made
