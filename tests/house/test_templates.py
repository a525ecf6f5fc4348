"""Templates keep the Content-Security-Policy, and nothing is let through unescaped."""

import re

import pytest

from tests.house.sources import TEMPLATES

FILES = sorted(TEMPLATES.rglob("*.html"))
FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*="),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)"),
    "event handler": re.compile(r"\son[a-z]+\s*="),
    "unescaped": re.compile(r"\|\s*safe\b"),
    "address of a third party": re.compile(r"(?:src|href|action)\s*=\s*[\"']https?://"),
}


def test_there_are_templates() -> None:
    assert len(FILES) > 20


@pytest.mark.parametrize("kind", sorted(FORBIDDEN))
def test_no_template_has(kind: str) -> None:
    """R73."""
    assert [str(file.relative_to(TEMPLATES)) for file in FILES if FORBIDDEN[kind].search(file.read_text())] == []


def test_every_post_form_carries_the_token() -> None:
    bare = []
    for file in FILES:
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", file.read_text(), re.S):
            if "csrf" not in form:
                bare.append(str(file.relative_to(TEMPLATES)))
    assert bare == []
