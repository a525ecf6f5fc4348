"""The search finds a word in every writing that it says it finds; a search that finds nothing would prove nothing."""

import base64
import html
import json
import quopri
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wall.written import Needles

WORD = "Kanariedoël-qx71"
NEEDLES = Needles({WORD, "3f0c9b62-8f9e-4a55-9d0e-0a6a2f1c7b11", "Psycholoog"})
WRITINGS = {
    "plain": WORD,
    "upper": WORD.upper(),
    "entities": "".join(f"&#{ord(sign)};" for sign in WORD),
    "named entities": html.escape(WORD).replace("ë", "&euml;"),
    "percent": "".join(f"%{byte:02x}" for byte in WORD.encode()),
    "address": quote(WORD),
    "escapes": json.dumps(WORD),
    "all escaped": "".join(f"\\u{ord(sign):04x}" for sign in WORD),
    "quoted-printable": quopri.encodestring(("Onderwerp " * 8 + WORD).encode()).decode(),
    "decomposed": WORD.replace("ë", "e\u0308"),
    "soft hyphens": "\xad".join(WORD),
    "wide": "\x00".join(WORD),
    "hexadecimal": WORD.encode().hex(),
}


@pytest.mark.parametrize("writing", sorted(WRITINGS))
def test_a_word_is_found_in_every_writing(writing: str) -> None:
    assert NEEDLES.found([f"voor {WRITINGS[writing]} na"]) == {WORD}


@settings(max_examples=30)
@given(before=st.binary(max_size=20), after=st.binary(max_size=20))
def test_a_word_is_found_in_base64_wherever_it_begins(before: bytes, after: bytes) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        assert WORD in NEEDLES.found([encode(before + WORD.encode() + after).decode()])


def test_other_words_and_ids_are_found_too() -> None:
    assert NEEDLES.found(["naar een PSYCHOLOOG"]) == {"Psycholoog"}
    assert NEEDLES.found(["/x/3F0C9B628F9E4A559D0E0A6A2F1C7B11.pdf"]) == {"3f0c9b62-8f9e-4a55-9d0e-0a6a2f1c7b11"}
    assert NEEDLES.found([base64.b64encode(b"een Psycholoog.").decode()]) == {"Psycholoog"}


def test_nothing_is_found_where_nothing_is() -> None:
    assert NEEDLES.found(["Kanariepiet", "psychologie", "3f0c9b62", base64.b64encode(b"niets" * 40).decode()]) == set()
