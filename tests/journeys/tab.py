"""A tab of the browser in which somebody works, and which notices whatever a page may not do."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response

WIDE, NARROW = 1280, 390
HEIGHT = 900
PATIENCE = 20_000  # milliseconds
AXE = Axe().axe_script
VIOLATIONS = "axe.run({resultTypes: ['violations']}).then(found => found.violations.map(v => [v.id, v.nodes[0].html]))"
UNSAFE_IN_NAMES = re.compile(r"[^a-z0-9]+")


@dataclass
class Tab:
    """A tab; `complaints` gathers what the browser holds against the pages, such as a breach of their policy."""

    page: Page
    address: str
    folder: Path | None
    who: str
    complaints: list[str] = field(default_factory=list)
    looked: int = 0
    status: int = 0

    def __post_init__(self) -> None:
        """Listen to the browser."""
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.path}: {error}"))
        self.page.on("request", self._follow)
        self.page.on("response", self._answered)

    @property
    def path(self) -> str:
        """Where it is, without the house."""
        return self.page.url.removeprefix(self.address)

    def open(self, path: str) -> int:
        """Go to a page by its address, and return its status."""
        response = self.page.goto(f"{self.address}{path}", wait_until="load")
        assert response is not None
        return response.status

    def follow(self, name: str, last: bool = False) -> None:
        """Click the (first, or else the last) link of that name in the page, and find a page behind it."""
        links = self.page.get_by_role("main").get_by_role("link", name=name)
        self._lands((links.last if last else links.first).click)

    def take(self, words: str, role: Literal["listitem", "row"] = "listitem") -> None:
        """Take up what is listed with these words: click the link that stands there."""
        listed = self.page.get_by_role("main").get_by_role(role).filter(has_text=words)
        self._lands(listed.get_by_role("link").first.click)

    def place(self, name: str) -> None:
        """Go to a place of the navigation."""
        self._lands(self.page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name=name).click)

    def press(self, name: str) -> None:
        """Press the button of that name, or whose name contains it, which leads to another page."""
        buttons = self.page.get_by_role("main").get_by_role("button", name=name)
        self._lands(buttons.first.click)

    def press_for(self, name: str, status: int) -> None:
        """Press the button of that name, and find the same form again with what is wrong with it."""
        self._leaves(self.page.get_by_role("main").get_by_role("button", name=name).first.click)
        assert self.status == status

    def narrow(self, asked: str) -> None:
        """Let the filters work, with or without htmx, until the address holds what was asked."""
        self.page.get_by_role("main").get_by_role("button", name="Toon resultaten").click()
        self.page.wait_for_url(f"**{asked}**")

    def field(self, label: str) -> Locator:
        """Return the field with a label; what the label says beside it, as that it may be empty, is left out."""
        exact = self.page.get_by_label(label, exact=True)
        return exact if exact.count() else self.page.get_by_label(label)

    def fill(self, fields: Mapping[str, str]) -> None:
        """Fill in fields by their labels."""
        for label, value in fields.items():
            self.field(label).fill(value)

    def choose(self, label: str, value: str) -> None:
        """Choose in a list by the value behind the words."""
        self.field(label).select_option(value)

    def unfold(self, name: str) -> None:
        """Open a part of the filters that is folded until it is needed."""
        self.page.get_by_role("main").locator("summary").filter(has_text=name).first.click()

    def tick(self, *labels: str) -> None:
        """Tick boxes, or choose among a few."""
        for label in labels:
            self.field(label).check()

    def says(self, *texts: str) -> None:
        """Expect every one of these texts in the page."""
        said = self.page.get_by_role("main").inner_text()
        missing = [text for text in texts if text not in said]
        assert missing == [], f"{self.path} says: {said}"

    def says_nothing_of(self, *secrets: str) -> None:
        """Expect none of these texts in the page, nor in what it is made of."""
        made_of = self.page.content()
        assert [secret for secret in secrets if secret in made_of] == [], self.path

    def code_of_demo(self) -> str:
        """Return the code that the demo shows where it is asked for."""
        found = re.search(r"toont nu (\d{6})", self.page.get_by_role("main").inner_text())
        assert found is not None
        return found[1]

    def faults(self) -> list[str]:
        """Return what is wrong with the page, on a desk and on a phone: accessibility, and what does not fit."""
        self.page.evaluate(AXE)
        found = []
        for width in (NARROW, WIDE):
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            found += [f"{width} {rule}: {html}" for rule, html in self.page.evaluate(VIOLATIONS)]
            over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{width}: {over} pixels too wide"] if over > 0 else []
            self._picture(width)
        self.looked += 1
        return found

    def look(self) -> None:
        """Expect that nothing is wrong with the page."""
        assert (self.path, self.faults()) == (self.path, [])

    def close(self) -> None:
        """Close it; nobody may have had anything to complain about."""
        self.page.context.close()
        assert self.complaints == []

    def _lands(self, click: Callable[[], None]) -> None:
        before = self.page.url
        self._leaves(click)
        assert self.status < 400, f"{before}: {self.status} {self.page.get_by_role('main').inner_text()}"

    def _leaves(self, click: Callable[[], None]) -> None:
        # Filters change the address too; only another page loads.
        with self.page.expect_event("load"):
            click()

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status

    def _picture(self, width: int) -> None:
        if self.folder is None:
            return
        name = UNSAFE_IN_NAMES.sub("-", self.path.lower()).strip("-")[:80]
        file = self.folder / f"{self.who}-{self.looked:02d}-{name}-{width}.jpeg"
        self.page.screenshot(path=file, type="jpeg", quality=60, full_page=True)

    def _hear(self, message: ConsoleMessage) -> None:
        # That an answer is a refusal is what some steps are about, and no complaint.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"{self.path}: {message.text}")

    def _follow(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:")):
            self.complaints.append(f"{self.path}: asks {request.url}")


def new_tab(browser: Browser, address: str, folder: Path | None, who: str) -> Tab:
    """Open a tab with cookies of its own, in which nobody is signed in yet."""
    context: BrowserContext = browser.new_context(viewport={"width": WIDE, "height": HEIGHT}, locale="nl-NL")
    return Tab(context.new_page(), address, folder, who)


def signed_in(browser: Browser, address: str, folder: Path | None, who: str) -> Tab:
    """Open a tab and sign in with one click, as the demo lets people do."""
    tab = new_tab(browser, address, folder, who)
    tab.open("/")
    tab.press(f"{who}@demo.test")
    return tab
