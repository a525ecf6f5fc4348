"""The place that a question names, by postcode or by name: from there distances are measured."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from network.postcodes import Place, places
from search.analysis import fold, parts, stop_words

LARGE = 8  # postcodes of a place whose name is taken for one, however it is written
MOST_WORDS = 5  # of the name of a place
OTHERWISE = {"den bosch": "'s-Hertogenbosch", "'s-gravenhage": "Den Haag", "the hague": "Den Haag"}
BEFORE_A_PLACE = frozenset(("in", "te", "bij", "nabij", "rond", "rondom", "omgeving", "regio", "near", "around"))
# Letters may stand apart when they are capitals: "3511 ad" asks for an arbeidsdeskundige in 3511.
_POSTCODE = re.compile(r"(?<!\w)([1-9][0-9]{3})(?:[A-Za-z]{2}| [A-Z]{2})?(?!\w)")
_WORD = re.compile(r"[^\W_]+")

Name = tuple[str, ...]


def place_in(text: str) -> tuple[str | None, str]:
    """Return the postcode of the first place that stands in a text outside quotes, and the text without it.

    A postcode counts before a name. The name of a small place counts when it is written as one: with a capital, or
    behind a word such as "in"; for many a village is called as something else is.
    """
    postcode, rest = _postcode_in(text)
    named, rest = _name_in(rest)
    return postcode or named, rest


def _postcode_in(text: str) -> tuple[str | None, str]:
    for form in _POSTCODE.finditer(text):
        if form[1] in places() and not _is_quoted(text, form.start()):
            return form[1], _without(text, form.start(), form.end())
    return None, text


def _name_in(text: str) -> tuple[str | None, str]:
    row = list(_WORD.finditer(text))
    folded = tuple(fold(word.group()) for word in row)
    for first in range(len(row)):
        introduced = first > 0 and folded[first - 1] in BEFORE_A_PLACE
        # Telephones write the first word with a capital by themselves.
        marked = introduced or (first > 0 and _has_capital(row[first].group()))
        for end in range(min(first + MOST_WORDS, len(row)), first, -1):
            found = _named().get(folded[first:end])
            if found is None or _is_quoted(text, row[first].start()):
                continue
            if end > first + 1 or _stands_alone(folded[first], marked or len(found) >= LARGE):
                return found[0].postcode, _without(text, row[first - introduced].start(), row[end - 1].end())
    return None, text


def _stands_alone(word: str, meant: bool) -> bool:
    """Tell whether one word is the name of a place here, rather than the other word that it is too."""
    return meant and word not in parts() and word not in stop_words()


def _has_capital(word: str) -> bool:
    return word[0].isupper() and not word.isupper()


def _is_quoted(text: str, position: int) -> bool:
    return text.count('"', 0, position) % 2 == 1


def _without(text: str, start: int, end: int) -> str:
    before, after = text[:start].rstrip(" '"), text[end:].lstrip()
    return f"{before} {after}".strip()


@cache
def _named() -> Mapping[Name, Sequence[Place]]:
    """Return the postcode areas of each place by its name, the most central one first.

    Of places that share a name it is the one with most postcodes.
    """
    areas: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for area in places().values():
        areas[area.place, area.province].append(area)
    largest: dict[str, list[Place]] = {}
    for (name, _province), found in areas.items():
        largest[name] = max(largest.get(name, []), found, key=len)
    called = [(name, name) for name in largest] + list(OTHERWISE.items())
    return {tuple(_words(written)): _central_first(largest[name]) for written, name in called}


def _words(name: str) -> Iterator[str]:
    return (fold(word.group()) for word in _WORD.finditer(name))


def _central_first(areas: Sequence[Place]) -> Sequence[Place]:
    lat = math.fsum(area.lat for area in areas) / len(areas)
    lon = math.fsum(area.lon for area in areas) / len(areas)
    return sorted(areas, key=lambda area: (math.hypot(area.lat - lat, area.lon - lon), area.postcode))
