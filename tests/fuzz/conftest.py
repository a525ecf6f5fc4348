"""A house with its demo network as the journeys have it, and not the same one: what is sent here changes much."""

from collections.abc import Iterator

import pytest

from tests.journeys.house import House, house_with_demo


@pytest.fixture(scope="session")
def house(request: pytest.FixtureRequest, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The whole house with its demo network, for callers who send what comes to mind."""
    with house_with_demo(request.config, f"{worker_id}_fuzz", tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="module", autouse=True)
def quiet(quiet_log: None) -> None:
    """Nonsense is asked by the thousand."""
