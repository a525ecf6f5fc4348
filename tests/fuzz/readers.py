"""What reads bytes that anybody can send: each with some good input, and with what a mind would change in it."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

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

Change = Callable[[random.Random, bytes], bytes]
READ, REFUSED = "read", "refused"

VALUES = (
    "", " ", "0", "-0", "-1", "1e999", "NaN", "Infinity", "9" * 40, "0." + "0" * 40 + "1", "1,5", "\u0661\u0662",
    "\u202e", "\x85", "2026-02-30", "0000-00-00", "9999-12-31", "2026-13-01T00:00:00Z", "EUR", "XXX", "\ud7ff",
    "\U0001f600" * 50, "a" * 5_000, "&#0;", "&#x1F;", "&lt;", "]]>", "<!--", "<![CDATA[x]]>", "&unknown;", "%00",
    "../../etc/passwd", "';--", "{{7*7}}",
)  # fmt: skip
WORDS = (
    "psycholoog", "rug", "burn-out", "utrecht", "3511", "3511 AB", "9999", "0000", "bij", "in", "wachttijd", "-",
    "\u2019", "\u0130", "\ufdfa", "a" * 200, "'", '"', "*", ":", "AND", "NOT", "(", ")", "[", "]", "\\", "/", "\x00",
    "\t", "\u200b", "\u0301" * 30, "\u1e9e", "%", "_", "\n",
)  # fmt: skip
ELEMENT = re.compile(rb">([^<>]*)<")
NAME = re.compile(rb"<((?:cac|cbc):\w+)[ >]")


@dataclass(frozen=True)
class Reader:
    """Something that reads: `read` says of bytes what became of them, and raises nothing."""

    read: Callable[[bytes], str]
    seeds: Sequence[bytes]
    changes: Sequence[Change]

    def changed(self, chance: random.Random, content: bytes) -> bytes:
        """Return some content with a few things changed in it, as a mistake or a mind would."""
        for _nth in range(chance.randint(1, 4)):
            content = chance.choice(self.changes)(chance, content)
        return content


def _came_of(read: Callable[[], object], *refusals: type[Exception]) -> str:
    try:
        read()
    except refusals:
        return REFUSED
    return READ


def read_invoice(content: bytes) -> str:
    """Read a UBL document as everybody's, and as the invoice of a provider."""
    found = _came_of(lambda: read_ubl(content), Refusal)
    _came_of(lambda: read_provider_invoice(content), Refusal)
    return found


def read_question(content: bytes) -> str:
    """Read a question: its words on the first line, and filters on those that follow."""
    text, *rest = content.decode("utf-8", "replace").split("\n")
    place_in(text)
    meant_by(asked_words(text, BUILT_IN), 1)
    given = {"q": text} | dict(zip(("postcode", "radius_km", "max_wait_days", "sort"), rest, strict=False))
    return _came_of(lambda: SearchFilters.model_validate(given), ValidationError)


def read_place(content: bytes) -> str:
    """Read a postcode."""
    return _came_of(lambda: read_postcode(content.decode("utf-8", "replace")), ValueError)


def read_file(content: bytes) -> str:
    """Take in a file under a name: what stands before the first line break."""
    name, _break, inside = content.partition(b"\n")
    return _came_of(lambda: receive(name.decode("utf-8", "replace"), "application/pdf", inside), Refusal)


def _other_value(chance: random.Random, content: bytes) -> bytes:
    found = [*ELEMENT.finditer(content)]
    if not found:
        return content
    where, value = chance.choice(found), chance.choice(VALUES).encode()
    return content[: where.start()] + b">" + value + b"<" + content[where.end() :]


def _without_a_piece(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content) or 1)
    return content[:start] + content[start + chance.randint(1, 200) :]


def _piece_twice(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content) or 1)
    piece = content[start : start + chance.randint(1, 400)]
    return content[:start] + piece * chance.choice((2, 3, 50)) + content[start:]


def _without_an_element(chance: random.Random, content: bytes) -> bytes:
    name = re.escape(chance.choice(NAME.findall(content) or [b"x"]))
    return re.sub(rb"<" + name + rb"[ >].*?</" + name + rb">", b"", content, count=1, flags=re.S)


def _element_twice(chance: random.Random, content: bytes) -> bytes:
    name = re.escape(chance.choice(NAME.findall(content) or [b"x"]))
    return re.sub(rb"(<" + name + rb"[ >].*?</" + name + rb">)", rb"\1\1", content, count=1, flags=re.S)


def _other_bytes(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content) or 1)
    return content[:start] + chance.randbytes(chance.randint(1, 6)) + content[start + 1 :]


def _other_encoding(chance: random.Random, content: bytes) -> bytes:
    name = chance.choice((b"utf-16", b"utf-7", b"latin-1", b"ebcdic-cp-us", b"nothing"))
    return content.replace(b'encoding="UTF-8"', b'encoding="' + name + b'"')


def _doctype(_chance: random.Random, content: bytes) -> bytes:
    return content.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>', 1)


def _word(chance: random.Random, content: bytes) -> bytes:
    words = content.split(b" ")
    place = chance.randrange(len(words) + 1)
    return b" ".join([*words[:place], chance.choice(WORDS).encode(), *words[place + chance.randint(0, 1) :]])


def _filter(chance: random.Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    lines[chance.randrange(len(lines))] = chance.choice((*VALUES, *WORDS, "5", "500.1", "fit", "distance")).encode()
    return b"\n".join(lines)


def _sign(chance: random.Random, content: bytes) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.choice("0123456789 ABab\u0661\n\x00").encode() + content[place + 1 :]


UBL = Path(__file__).resolve().parent.parent / "data" / "ubl"
BYTES = (_without_a_piece, _piece_twice, _other_bytes)
MARKUP = (_other_value, _other_value, _other_value, _without_an_element, _without_an_element, _element_twice)
NAMES = (b"a.pdf", b"../a.pdf", b"a.pdf\x00.png", b"a" * 300, b"", "\u202ea.pdf".encode())

READERS = {
    "invoices": Reader(
        read=read_invoice,
        seeds=[file.read_bytes() for file in sorted(UBL.glob("*.xml"))],
        changes=(*MARKUP, *BYTES, _other_encoding, _doctype),
    ),
    "questions": Reader(
        read=read_question,
        seeds=[
            b"psycholoog bij burn-out in Utrecht\n3511\n25\n14\nfit",
            b"rug fysio 3811 AB\n\n\n\nwait",
            b"x",
        ],
        changes=(_word, _word, _filter, _other_bytes),
    ),
    "postcodes": Reader(read=read_place, seeds=[b"3511 AB", b"9999"], changes=(_sign,)),
    "files": Reader(read=read_file, seeds=[name + b"\n" + pdf() for name in NAMES], changes=BYTES),
}
