"""Every engine that passes the contract, on one fixed day."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from core.clock import standing_at
from search.document import OfferingDocument
from search.embedded.engine import TantivyEngine
from search.gateway import SearchAnswer, SearchEngine
from search.query import SearchFilters
from tests.search.sample_network import OTHER_TENANT, TENANT, TODAY, network

# A second engine joins the contract by a line here: a function from an empty folder to the engine.
ENGINES: dict[str, Callable[[Path], SearchEngine]] = {"embedded": TantivyEngine}

Ask = Callable[..., SearchAnswer]
Fill = Callable[..., Ask]


@pytest.fixture(autouse=True)
def _one_day() -> Iterator[None]:
    with standing_at(datetime.combine(TODAY, time(12), UTC)):
        yield


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> SearchEngine:
    """An engine with an empty index."""
    made = ENGINES[request.param](tmp_path / "index")
    made.rebuild(iter(()))
    return made


@pytest.fixture
def fill(engine: SearchEngine) -> Fill:
    """Put offerings in the index and get a function that asks in the tenant of the tests."""

    def put_in(*documents: OfferingDocument) -> Ask:
        engine.rebuild(iter(documents))
        return lambda **filters: engine.search(SearchFilters(**filters).for_tenant(TENANT))

    return put_in


@pytest.fixture(scope="module", params=sorted(ENGINES))
def filled_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    """An engine with the networks of two tenants; not to be changed."""
    made = ENGINES[request.param](tmp_path_factory.mktemp(str(request.param)) / "index")
    made.rebuild(
        document for tenant in (TENANT, OTHER_TENANT) for document in network(600, tenant=tenant, seed=tenant.int)
    )
    return made
