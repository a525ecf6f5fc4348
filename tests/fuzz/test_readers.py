"""Damaged invoices, made-up questions and postcodes, half a file: read, or refused in a sentence."""

import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from core.errors import Refusal
from core.received_files import receive
from core.ubl_reading import read_ubl
from medical.invoices.ubl import read_provider_invoice
from network.postcodes import read_postcode
from search.meant import meant_by
from search.places_asked import place_in
from search.query import SearchFilters
from search.synonyms import BUILT_IN
from search.terms import asked_words
from tests.core.files import pdf
from tests.fuzz.budget import IN_THE_SUITE, SECONDS

pytestmark = pytest.mark.timeout(7_200)

SAMPLES = sorted((Path(__file__).resolve().parent.parent / "data" / "ubl").glob("*.xml"))
TIMES = 400
SLOWEST = 5.0  # seconds for one input, on a machine that does other things too
VALUES = (
    "", " ", "0", "-0", "-1", "1e999", "NaN", "Infinity", "9" * 40, "0." + "0" * 40 + "1", "1,5", "\u0661\u0662",
    "\u202e", "\x85", "2026-02-30", "0000-00-00", "9999-12-31", "2026-13-01T00:00:00Z", "EUR", "XXX", "\ud7ff",
    "\U0001f600" * 50, "a" * 5_000, "&#0;", "&#x1F;", "&lt;", "]]>", "<!--", "<![CDATA[x]]>", "&unknown;", "%00",
    "../../etc/passwd", "';--", "{{7*7}}",
)  # fmt: skip
WORDS = (
    "psycholoog", "rug", "burn-out", "utrecht", "3511", "3511 AB", "9999", "0000", "bij", "in", "wachttijd", "-",
    "\u2019", "\u0130", "\ufdfa", "a" * 200, "'", '"', "*", ":", "AND", "NOT", "(", ")", "[", "]", "\\", "/", "\x00",
    "\t", "\u200b", "\u0301" * 30, "\u1e9e", "%", "_",
)  # fmt: skip
ELEMENT = re.compile(rb">([^<>]*)<")


def rounds(seed: int, times: int = TIMES) -> Iterator[random.Random]:
    """Yield a source of chance for each input: so many in the suite, as many as fit in the time by `make fuzz`."""
    until, made = time.monotonic() + SECONDS, 0
    while made < times if IN_THE_SUITE else time.monotonic() < until:
        made += 1
        yield random.Random(seed * 1_000_003 + made if IN_THE_SUITE else None)
    if not IN_THE_SUITE:
        print(f"\n{made} inputs")  # noqa: T201 -- a figure for the person at the terminal


def damaged(chance: random.Random, content: bytes) -> bytes:
    """Return a document with a few things changed in it, as a mistake or a mind would."""
    for _nth in range(chance.randint(1, 4)):
        content = chance.choice(CHANGES)(chance, content)
    return content


def _other_value(chance: random.Random, content: bytes) -> bytes:
    found = chance.choice([*ELEMENT.finditer(content)] or [re.match(b"", content)])
    value = chance.choice(VALUES).encode()
    return content[: found.start()] + b">" + value + b"<" + content[found.end() :] if found else content


def _without_a_piece(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content) or 1)
    return content[:start] + content[start + chance.randint(1, 200) :]


def _piece_twice(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content) or 1)
    piece = content[start : start + chance.randint(1, 400)]
    return content[:start] + piece * chance.choice((2, 3, 50)) + content[start:]


def _without_an_element(chance: random.Random, content: bytes) -> bytes:
    names = re.findall(rb"<((?:cac|cbc):\w+)[ >]", content) or [b"x"]
    name = re.escape(chance.choice(names))
    return re.sub(rb"<" + name + rb"[ >].*?</" + name + rb">", b"", content, count=1, flags=re.S)


def _element_twice(chance: random.Random, content: bytes) -> bytes:
    names = re.findall(rb"<((?:cac|cbc):\w+)[ >]", content) or [b"x"]
    name = re.escape(chance.choice(names))
    return re.sub(rb"(<" + name + rb"[ >].*?</" + name + rb">)", rb"\1\1", content, count=1, flags=re.S)


def _other_bytes(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content) or 1)
    return content[:start] + chance.randbytes(chance.randint(1, 6)) + content[start + 1 :]


def _other_encoding(chance: random.Random, content: bytes) -> bytes:
    name = chance.choice((b"utf-16", b"utf-7", b"latin-1", b"ebcdic-cp-us", b"nothing"))
    return content.replace(b'encoding="UTF-8"', b'encoding="' + name + b'"')


def _doctype(_chance: random.Random, content: bytes) -> bytes:
    return content.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>', 1)


CHANGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _other_value, _other_value, _other_value, _without_a_piece, _piece_twice, _without_an_element, _without_an_element,
    _element_twice, _other_bytes, _other_encoding, _doctype,
)  # fmt: skip


def outcome(read: Callable[[], object], refusals: tuple[type[Exception], ...]) -> bool:
    """Return whether something was read; anything but a refusal, or a long wait, fails the test."""
    began = time.monotonic()
    try:
        read()
    except refusals:
        return False
    finally:
        assert time.monotonic() - began < SLOWEST
    return True


def test_damaged_invoices_are_read_or_refused() -> None:
    seen = set()
    for chance in rounds(1):
        content = damaged(chance, chance.choice(SAMPLES).read_bytes())
        seen.add(outcome(lambda found=content: read_ubl(found), (Refusal,)))  # type: ignore[misc]
        seen.add(outcome(lambda found=content: read_provider_invoice(found), (Refusal,)))  # type: ignore[misc]
    assert seen == {True, False}


def test_made_up_questions_are_understood_or_refused() -> None:
    seen = set()
    for chance in rounds(2):
        text = " ".join(chance.choice(WORDS) for _word in range(chance.randint(0, 12)))[: chance.choice((20, 200, 300))]
        given = {"q": text, "postcode": chance.choice(WORDS), "radius_km": chance.choice((*VALUES, 5, 500.1))}
        given |= {"max_wait_days": chance.choice(VALUES), "sort": chance.choice(("fit", "distance", "paid"))}
        chosen = {name: value for name, value in given.items() if chance.random() < 0.5}
        seen.add(outcome(lambda found=chosen: SearchFilters.model_validate(found), (ValidationError,)))  # type: ignore[misc]
        assert outcome(lambda found=text: place_in(found), ())  # type: ignore[misc]
        assert outcome(lambda found=text: meant_by(asked_words(found, BUILT_IN), 1), ())  # type: ignore[misc]
    assert seen == {True, False}


def test_made_up_postcodes_are_places_or_refused() -> None:
    for chance in rounds(3):
        text = "".join(chance.choice("0123456789 ABab\u0661\n\x00") for _sign in range(chance.randint(0, 8)))
        outcome(lambda found=text: read_postcode(found), (ValueError,))  # type: ignore[misc]


def test_damaged_files_are_kept_or_refused() -> None:
    whole = pdf()
    for chance in rounds(4, TIMES // 4):
        content = damaged(chance, whole)
        name = chance.choice(("a.pdf", "../a.pdf", "a.pdf\x00.png", "a" * 300, "", "\u202ea.pdf"))
        outcome(lambda found=content, called=name: receive(called, "application/pdf", found), (Refusal,))  # type: ignore[misc]
