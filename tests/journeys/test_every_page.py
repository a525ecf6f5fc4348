"""Every page that a role can reach from its navigation: accessible, within the window, and of this house alone."""

import re
from collections.abc import Iterator

import pytest

from tests.journeys.conftest import Tabs
from tests.journeys.tab import Tab

pytestmark = pytest.mark.journey
ROLES = ("ba", "cmtd", "secretariaat", "netwerk", "psycholoog", "cm", "werkgever", "verzekeraar", "werknemer", "fg")
FEWEST = {"fg": 2}
VARIABLE = re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+|(?<==)[^&]*")
FILES = (".pdf", ".xml", ".csv", ".xaf", "/bestand")
OF_A_KIND = (2, 2, 1)  # at most so many pages of one address, by how many clicks they are away
HEIGHT_OF_MENU = "document.querySelector('nav.nav').offsetHeight"
TWO_LINES = 100  # pixels
LINKS = "[...document.querySelectorAll('%s')].map(link => link.getAttribute('href')).filter(href => href[0] === '/')"


@pytest.mark.parametrize("who", ROLES)
def test_every_page_of_a_role(tabs: Tabs, who: str) -> None:
    """R73."""
    tab = tabs(who)
    assert tab.page.evaluate(HEIGHT_OF_MENU) < TWO_LINES
    faults: dict[str, list[str]] = {}
    visited = 0
    for path in walk(tab):
        visited += 1
        if found := tab.faults():
            faults[path] = found
    assert faults == {}
    assert visited >= FEWEST.get(who, 5)


def walk(tab: Tab) -> Iterator[str]:
    """Go to every place of the navigation and every page that one of these links to, some of each kind."""
    places = links(tab, "nav a, footer a")
    seen: dict[str, int] = {}
    todo = [(place, 0) for place in places]
    done: set[str] = set()
    while todo:
        path, depth = todo.pop(0)
        kind = VARIABLE.sub("", path)
        if path in done or seen.get(kind, 0) >= OF_A_KIND[depth] or path.partition("?")[0].endswith(FILES):
            continue
        done.add(path)
        seen[kind] = seen.get(kind, 0) + 1
        status = tab.open(path)
        assert status == 200, f"{path}: {status}"
        yield path
        if depth + 1 < len(OF_A_KIND):
            todo += [(each, depth + 1) for each in links(tab, "main a")]


def links(tab: Tab, selector: str) -> list[str]:
    """Return where the links of a page lead within the house."""
    found: list[str] = tab.page.evaluate(LINKS % selector)
    return list(dict.fromkeys(href.partition("#")[0] for href in found))
