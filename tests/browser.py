"""Headless Chromium for the tests that look at pages: Debian's where it is installed, otherwise Playwright's own."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def chromium() -> Iterator[Browser]:
    """Yield the browser; without one the tests that need it are skipped, but where CI is true they fail."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=_executable(playwright), args=FLAGS)
        yield launched
        launched.close()


def _executable(playwright: Playwright) -> str:
    found = shutil.which("chromium") or playwright.chromium.executable_path
    if Path(found).exists():
        return found
    missing = "Chromium is not installed; on Debian: apt-get install chromium"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)
