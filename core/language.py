"""The language of the person: Dutch, which the code's messages are written in, or English through a catalogue."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache, wraps
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import ParamSpec

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

P = ParamSpec("P")

LANGUAGES = ("nl", "en")
MOST_REMEMBERED = 8_192
CATALOGUES = Path(__file__).resolve().parent.parent / "locale"

_language: ContextVar[str] = ContextVar("language", default="nl")


def language() -> str:
    """Return the two-letter code of the language in which this request is answered."""
    return _language.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Answer in `code` ("nl" or "en") for the duration; an unknown code means Dutch."""
    token = _language.set(code if code in LANGUAGES else "nl")
    try:
        yield
    finally:
        _language.reset(token)


@cache
def catalogue(code: str) -> NullTranslations:
    """Return the catalogue of `code`, compiled from its .po file; Dutch is the source and needs none."""
    source = CATALOGUES / code / "LC_MESSAGES" / "providerboog.po"
    if not source.exists():
        return NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as text:
        write_mo(compiled, read_po(text, locale=code))
    compiled.seek(0)
    return Translations(compiled)


def _(message: str) -> str:
    """Translate a Dutch `message` to the language of the person."""
    return catalogue(language()).gettext(message)


def pgettext(context: str, message: str) -> str:
    """Translate a Dutch `message` that means different things in different places; `context` says which is meant."""
    return catalogue(language()).pgettext(context, message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a Dutch message that depends on `count`."""
    return catalogue(language()).ngettext(singular, plural, count)


def remembered(write: Callable[P, str]) -> Callable[P, str]:
    """Keep what a function writes, for each language: the same few numbers and days stand on every page.

    What it writes may depend on its arguments and the language only; it is called without naming them.
    """

    write_now: Callable[..., str] = write
    kept: Callable[..., str] = lru_cache(MOST_REMEMBERED, typed=True)(lambda _code, *values: write_now(*values))

    @wraps(write)
    def written(*values: P.args, **_named: P.kwargs) -> str:
        return kept(language(), *values)

    return written
