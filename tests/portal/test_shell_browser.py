"""The components in a real browser, on a phone and on a desk: accessible, within the window, and without complaints."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from portal.assets import HTMX
from tests.portal.kitchen import PARTS

pytestmark = pytest.mark.journey
WIDTHS = (390, 1280)
LOOKS = [("physician", part) for part in PARTS] + [("employer", "worklist"), ("employer", "case")]


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A fresh page of one width, which fails the test when the browser complains, such as about its policy."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # An answer that is meant to be a 422 is no complaint.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    opened = browser.new_page(viewport={"width": request.param, "height": 800})
    opened.set_default_timeout(20_000)
    opened.on("console", hear)
    yield opened
    opened.close()
    assert complaints == []


def faults(page: Page) -> list[str]:
    """Return what axe finds wrong."""
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in Axe().run(page).response["violations"]]


def fits(page: Page) -> bool:
    """Tell whether the page stays within the window; wide tables scroll in their own region."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize(("role", "part"), LOOKS)
def test_every_component_is_accessible_and_fits(page: Page, kitchen_address: str, role: str, part: str) -> None:
    page.goto(f"{kitchen_address}/{role}/{part}")
    assert faults(page) == []
    assert fits(page)


@pytest.mark.parametrize("status", [404, 409, 422, 500])
def test_refusals_are_accessible(page: Page, kitchen_address: str, status: int) -> None:
    page.goto(f"{kitchen_address}/refused/{status}")
    assert faults(page) == []
    assert fits(page)


def test_what_can_be_touched_is_large_enough(page: Page, kitchen_address: str) -> None:
    small = """[...document.querySelectorAll('.button, .input, summary, .choice, .pagination a, .tabs a, nav a')]
        .filter(e => e.offsetParent && Math.round(e.getBoundingClientRect().height) < 44).map(e => e.outerHTML)"""
    for part in PARTS:
        page.goto(f"{kitchen_address}/physician/{part}")
        assert page.evaluate(small) == []


def test_a_form_with_faults_begins_at_the_summary(page: Page, kitchen_address: str) -> None:
    page.goto(f"{kitchen_address}/physician/form")
    page.get_by_label("Aantal sessies").fill("veel")
    page.get_by_role("button", name="Naar controleren").click()
    summary = page.get_by_role("alert")
    assert summary.evaluate("e => e === document.activeElement")
    assert page.get_by_label("Aantal sessies").input_value() == "veel"
    summary.get_by_role("link", name="Aantal sessies").click()
    assert page.get_by_label("Aantal sessies").evaluate("e => e === document.activeElement")
    assert faults(page) == []
    assert fits(page)


def test_what_is_left_of_a_limit_is_counted_and_typing_on_is_not_cut_off(page: Page, kitchen_address: str) -> None:
    page.goto(f"{kitchen_address}/physician/form")
    page.get_by_label("Vraag aan de provider").fill("x" * 590)
    assert page.get_by_text("Nog 10 tekens").is_visible()
    page.get_by_label("Vraag aan de provider").fill("x" * 605)
    assert page.get_by_text("5 tekens te veel").is_visible()
    assert page.get_by_label("Vraag aan de provider").input_value() == "x" * 605


def test_the_menu_is_one_touch_away(page: Page, kitchen_address: str) -> None:
    page.goto(f"{kitchen_address}/physician/worklist")
    place = page.get_by_role("link", name="Dossiers 41")
    if page.viewport_size and page.viewport_size["width"] < 960:
        assert not place.is_visible()
        page.get_by_text("Menu", exact=True).click()
        assert faults(page) == []
    place.click()
    assert page.url.endswith("/physician/case")


def test_the_keyboard_skips_to_the_content(page: Page, kitchen_address: str) -> None:
    page.goto(f"{kitchen_address}/physician/worklist")
    page.keyboard.press("Tab")
    assert page.get_by_role("link", name="Naar de inhoud").evaluate("e => e === document.activeElement")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_pages_work_without_scripts(browser: Browser, kitchen_address: str) -> None:
    with browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{kitchen_address}/physician/search?tab=all")
        page.get_by_text("Filters", exact=True).click()
        page.get_by_label("Zoekwoord").fill("coaching")
        page.get_by_role("button", name="Toon resultaten").click()
        assert "q=coaching" in page.url
        assert "tab=all" in page.url


@pytest.mark.skipif(not HTMX.is_file(), reason="htmx is not installed; every page works without it")
def test_filters_follow_every_change_without_losing_the_place(page: Page, kitchen_address: str) -> None:
    page.goto(f"{kitchen_address}/physician/search?tab=all")
    if not page.get_by_label("Coaching (41)").is_visible():
        page.get_by_text("Filters", exact=True).click()
    page.evaluate("window.stayed = true")
    page.get_by_label("Coaching (41)").check()
    counted = page.get_by_label("Coaching (7)")
    counted.wait_for()
    assert "intervention=COA" in page.url
    assert "tab=all" in page.url
    assert page.evaluate("window.stayed")
    assert counted.evaluate("e => e === document.activeElement")
    assert faults(page) == []
