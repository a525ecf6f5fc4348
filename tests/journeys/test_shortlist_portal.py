"""From results to a shortlist in the browser: ticked, starred, side by side, kept, and explained to everybody."""

import pytest

from tests.journeys.conftest import Tabs
from tests.journeys.tab import Tab

pytestmark = pytest.mark.journey
RESULTS = "/arts/zoeken?cause=M03&sickness_year=1&week=8&postcode=3811&sort=fit"


def test_results_are_ticked_starred_and_laid_side_by_side(tabs: Tabs) -> None:
    delegate = tabs("cmtd2")
    delegate.open(RESULTS)
    delegate.look()
    boxes = delegate.page.get_by_label("Vergelijk:")

    # When more are ticked than fit
    for number in range(4):
        boxes.nth(number).check()
    delegate.press_for("Vergelijk wat is aangevinkt", 422)
    delegate.look()
    delegate.says("en u koos er 4")

    # Then three of them stand side by side, one of which becomes a favourite
    delegate.follow("Vergelijk de eerste drie")
    delegate.look()
    delegate.says("Wachttijd, gemeten", "Naast het midden", "verschilt")
    delegate.press("Maak favoriet")
    delegate.says("Uw favoriet", "Haal uit favorieten")
    delegate.follow("Haal weg")
    delegate.follow("Terug naar zoeken")
    assert "postcode=3811" in delegate.path
    delegate.says("Uw favoriet")
    delegate.follow("Favorieten")
    delegate.look()
    delegate.press("Haal uit favorieten")
    delegate.says("U hebt nog geen favorieten.")


def test_a_search_is_kept_and_run_again(tabs: Tabs) -> None:
    delegate = tabs("cmtd2")
    delegate.open(RESULTS)
    delegate.follow("Bewaar deze zoekopdracht")
    delegate.look()
    delegate.fill({"Naam": "Trauma vroeg"})
    delegate.tick("Waarschuw mij")
    delegate.press("Bewaar")
    delegate.look()
    delegate.follow("Trauma vroeg")
    assert "cause=M03" in delegate.path
    assert "week=" not in delegate.path
    delegate.follow("Bewaarde zoekopdrachten")
    delegate.follow("Wijzig")
    delegate.look()
    delegate.press("Verwijder zoekopdracht")
    delegate.says("U hebt nog geen zoekopdracht bewaard.")


def test_everybody_may_read_how_the_order_comes_about(nobody: Tab) -> None:
    assert nobody.open("/zoekvolgorde") == 200
    nobody.look()
    nobody.says("Geen plaats is te koop", "Wie gelijk staat, wisselt van plaats")
