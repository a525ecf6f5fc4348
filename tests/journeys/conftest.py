"""One house for each worker, with the demo network in a database of its own, and a browser to walk through it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.house import House, house_with_demo
from tests.journeys.tab import Tab, new_tab, signed_in

Tabs = Callable[[str], Tab]


@pytest.fixture(scope="session")
def house(request: pytest.FixtureRequest, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The whole house with its demo network; other tests know nothing of it, nor it of them."""
    with house_with_demo(request.config, f"{worker_id}_journeys", tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="session")
def pictures(request: pytest.FixtureRequest) -> Path | None:
    """Where pictures of pages are left for whoever wants to look at them."""
    folder: Path | None = request.config.getoption("pictures")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def tabs(browser: Browser, house: House, pictures: Path | None) -> Iterator[Tabs]:
    """Returns the tab of somebody of the demo, who signs in when he is first needed."""
    opened: dict[str, Tab] = {}

    def tab(who: str) -> Tab:
        if who not in opened:
            opened[who] = signed_in(browser, house.address, pictures, who)
        return opened[who]

    yield tab
    for each in opened.values():
        each.close()


@pytest.fixture
def nobody(browser: Browser, house: House, pictures: Path | None) -> Iterator[Tab]:
    """The tab of somebody who has not signed in."""
    tab = new_tab(browser, house.address, pictures, "nobody")
    yield tab
    tab.close()
