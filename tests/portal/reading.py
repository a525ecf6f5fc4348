"""Reads pages the way a test asks: what stands on one, and what a form on it holds."""

from typing import Any

from lxml import html


def find(page: str, path: str) -> list[Any]:
    """Return what an XPath finds on a page: elements, texts or attributes."""
    root: Any = html.fromstring(page)
    return list(root.xpath(path))


def words(element: Any) -> str:
    """Return the text of an element as it is read, with single spaces."""
    return " ".join(str(element.text_content()).split())


def main_of(page: str) -> str:
    """Return the page without its head, its menu and its foot."""
    return page.split("<main")[1].split("</main>")[0]


def choices(page: str, name: str, of: str = "") -> list[str]:
    """Return the values that a field offers, or with `of="checked"` those that are ticked."""
    return [str(found) for found in find(page, f'//input[@name="{name}"]{of and f"[@{of}]"}/@value')]


def selected(page: str, name: str) -> list[str]:
    """Return what is chosen in a list to choose from."""
    return [str(found) for found in find(page, f'//select[@name="{name}"]/option[@selected]/@value')]


def field(page: str, name: str) -> str:
    """Return what stands in a field to type in; the line break that opens a textarea is none of it."""
    typed = find(page, f'//input[@name="{name}"]/@value') or find(page, f'//textarea[@name="{name}"]/text()')
    return "".join(map(str, typed)).removeprefix("\n")
