"""The words under which an employee consents, kept by version: each can be read as it was given (R23, R26)."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from cases.tables import ConsentScope
from core.language import language

FILE = Path(__file__).parent / "data" / "consent_texts.toml"

Texts = Mapping[str, Mapping[str, Mapping[str, str]]]


@cache
def consent_texts() -> Texts:
    """Return every text: by version, the oldest first, by language and by scope."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def current_version() -> str:
    """Return the version of the texts under which somebody consents today."""
    return list(consent_texts())[-1]


def consent_text(scope: ConsentScope, version: str | None = None, spoken: str | None = None) -> str:
    """Return the text of a scope: of today and in the language of the person, or as it was when it was used.

    Raises KeyError for a version or a language that never was.
    """
    return consent_texts()[version or current_version()][spoken or language()][scope.value]
