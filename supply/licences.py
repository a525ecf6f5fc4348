"""The licences of the installed packages, and which of them a public body can use without asking a lawyer."""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions

FREE = re.compile(
    r"MIT|BSD|Apache|ISC|MPL|Mozilla|PSF|Python Software Foundation|Unlicense|0BSD|Zlib|HPND|CC0|LGPL|Lesser General"
    r"|EUPL|Artistic|Public Domain|CMU|WTFPL",
    re.IGNORECASE,
)
"""Licences that ask nothing of our own code; LGPL packages are used as they are and can be replaced."""

SEEN = {
    "saxonche": "MPL-2.0 (SaxonC-HE); tests only; its metadata does not say so",
}
"""Packages whose metadata is silent, and what their licence file says."""


def licences() -> Iterator[tuple[str, str, str]]:
    """Yield the name, the version and the licence of every installed package."""
    for found in sorted(distributions(), key=lambda each: each.name.lower()):
        yield found.name, found.version, licence_of(found)


def licence_of(found: Distribution) -> str:
    """Return what a package says of its licence: the expression, the classifiers, or the first line of its text."""
    told = found.metadata
    named = [each.rpartition(" :: ")[2] for each in told.get_all("Classifier") or () if each.startswith("License ::")]
    text = _one(told.get_all("License")).strip().partition("\n")[0]
    return _one(told.get_all("License-Expression")) or ", ".join(named) or text[:80] or SEEN.get(found.name.lower(), "")


def _one(told: list[str] | None) -> str:
    return str(told[0]) if told else ""


def unclear() -> list[str]:
    """Return the packages whose licence is not among the free ones, or is not said."""
    return [f"{name} {version}: {said or 'not said'}" for name, version, said in licences() if not FREE.search(said)]
