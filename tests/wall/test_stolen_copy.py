"""Whoever takes a copy of the whole database, and no key, finds no health word in it."""

import subprocess
from base64 import b64encode

import pytest
from sqlalchemy import make_url
from sqlmodel import select

from core.database import Database
from core.postgres_place import client_program
from medical.tables import ReferralContent
from tests.wall import planted as canaries
from tests.wall.planted import Planted

NAMES = (
    "GOAL", "QUESTION", "CLINICAL", "FUNCTIONAL", "LINE", "RESULT", "ABILITIES", "FILE_NAME", "FILE_CONTENT", "ASKED",
    "ANSWERED", "RETURNED",
)  # fmt: skip
WORDS = tuple(getattr(canaries, name) for name in NAMES)


@pytest.fixture(scope="module")
def dump(database: Database, planted: Planted) -> bytes:
    """The whole database as pg_dump writes it for its owner."""
    del planted
    address = make_url(str(database.owner_url)).set(drivername="postgresql").render_as_string(hide_password=False)
    program = [str(client_program("pg_dump")), "--inserts", address]
    return subprocess.run(program, capture_output=True, timeout=120, check=True).stdout


def test_the_copy_is_whole(dump: bytes, planted: Planted) -> None:
    assert b"Kas Kanarie" in dump  # who somebody is, is not sealed: docs/wall.md says so
    assert dump.count(b"INSERT INTO medical.referral_content") > 5
    with planted.stage.acting(planted.stage.actors["ba"]) as act:
        assert canaries.GOAL in act.session.exec(select(ReferralContent.goal)).all()


@pytest.mark.parametrize("word", WORDS)
def test_no_health_word_is_in_it(dump: bytes, word: str) -> None:
    assert [form for form in _forms(word) if form in dump] == []


def test_what_is_looked_for_would_be_found() -> None:
    for shift in range(3):
        hidden = b"prefix"[:shift] + canaries.GOAL.encode() + b"suffix"
        assert any(form in b64encode(hidden) for form in _forms(canaries.GOAL))
    assert any(form in canaries.GOAL.encode().hex().encode() for form in _forms(canaries.GOAL))


def _forms(word: str) -> set[bytes]:
    """Return how a word may stand in a dump: plain, in hex as pg_dump writes bytes, in base64 wherever it begins."""
    found: set[bytes] = set()
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        plain = word.encode(encoding)
        found |= {plain, plain.hex().encode(), *(_within_base64(plain, shift) for shift in range(3))}
    return found


def _within_base64(plain: bytes, shift: int) -> bytes:
    """Return the part of it in base64 that does not depend on what stands before and after."""
    whole = (shift + len(plain)) // 3 * 4
    return b64encode(b"\0" * shift + plain)[4 * (shift > 0) : whole]
