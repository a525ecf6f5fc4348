"""Every sentence has its English, with the same places to fill in."""

import re
from collections.abc import Sequence
from functools import cache
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from core.language import CATALOGUES, catalogue, speaking
from tests.house.sources import ROOMS, ROOT

METHODS = [("**.py", "python"), ("portal/templates/**.html", "jinja2"), ("templates/**.html", "jinja2")]
OPTIONS = {
    pattern: {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trim_blocks": "true", "newstyle_gettext": "true"}
    for pattern in ("portal/templates/**.html", "templates/**.html")
}
PLACE = re.compile(r"%\(\w+\)s|%%")


@cache
def sentences() -> Catalog:
    """Return every sentence of the product."""
    found = Catalog()
    rooms = [ROOT / room for room in ROOMS if room not in ("bench", "demo")]
    for folder in rooms:
        for _file, _line, message, _comments, context in extract_from_dir(folder, METHODS, OPTIONS):
            found.add(message, context=context)
    return found


def english() -> Catalog:
    """Return the English catalogue."""
    file = CATALOGUES / "en" / "LC_MESSAGES" / "providerboog.po"
    return read_po(BytesIO(file.read_bytes()), locale="en")


def parts(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def test_every_sentence_has_its_english() -> None:
    known = english()
    wanted = [message for message in sentences() if message.id]
    assert len(wanted) > 500
    assert [m.id for m in wanted if (found := known.get(m.id, m.context)) is None or not all(parts(found.string))] == []


@pytest.mark.parametrize("other_word", ["casus", "verzuimzaak"])
def test_a_case_has_one_dutch_word(other_word: str) -> None:
    """The glossary says what people call a thing; a second word would make them think of a second thing."""
    said = [
        part for message in sentences() for part in parts(message.id) if re.search(rf"\b{other_word}\b", part, re.I)
    ]
    assert said == []


def test_the_same_places_are_filled_in() -> None:
    wrong = [
        message.id
        for message in english()
        if message.id
        for said in parts(message.string)
        if not set(PLACE.findall(said)) <= set(PLACE.findall(" ".join(parts(message.id))))
    ]
    assert wrong == []


def test_a_person_is_answered_in_english() -> None:
    with speaking("en"):
        assert catalogue("en").gettext("Niet gevonden.") != "Niet gevonden."
