"""Finds words however they are written: in other letters, in entities, escaped, percent, quoted-printable or base64."""

import base64
import html
import quopri
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from hashlib import sha256
from urllib.parse import unquote_plus

STEM = re.compile(r"kanarie[a-z]*")
"""Every word that was planted begins so: a text without the stem, in any writing, holds none of them."""

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
ESCAPED = re.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?|\\x([0-9a-fA-F]{2})")
QUOTED = re.compile(r"=([0-9A-F]{2})")
SHORTEST = 6
"""So long must a word be for its base64 to say anything: three letters give two signs that stand everywhere."""


class Needles:
    """Words that may not be found; those that are alike are looked for together."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self.ids = {word.replace("-", "").casefold(): word for word in self.words if UUID.fullmatch(word.casefold())}
        self.others = self.words - set(self.ids.values())
        self.known: dict[bytes, set[str]] = {}

    @cached_property
    def canaries(self) -> frozenset[str]:
        """Return the words that were planted."""
        return frozenset(word for word in self.others if STEM.search(word.casefold()))

    @cached_property
    def plain(self) -> tuple[tuple[str, str], ...]:
        """Return all other words as they are looked for, each with itself."""
        return tuple((folded(word), word) for word in self.others - self.canaries)

    def found(self, texts: Iterable[str]) -> set[str]:
        """Return those of the words that stand in a text, in any writing; a text that comes again is looked up."""
        seen: set[str] = set()
        for text in texts:
            digest = sha256(text.encode(errors="surrogatepass")).digest()
            if digest not in self.known:
                self.known[digest] = self._found_in(text)
            seen |= self.known[digest]
        return seen

    def _found_in(self, whole: str) -> set[str]:
        seen: set[str] = set()
        for text in {*readings(whole)}:
            flat = folded(text)
            seen |= {self.ids[key] for match in UUID.findall(flat) if (key := match.replace("-", "")) in self.ids}
            seen |= {word for form, word in self.plain if form in flat}
            if _is_in("Kanarie", flat):
                seen |= {word for word in self.canaries if _is_in(word, flat)}
            if len(self.plain) < FEW:
                seen |= {word for _form, word in self.plain if len(word) >= SHORTEST and _is_in(word, flat)}
        return seen


FEW = 60
"""So many words are looked for in base64 as well, besides the canaries."""


def _is_in(word: str, flat: str) -> bool:
    return folded(word) in flat or any(form in flat for form in coded(word))


def folded(text: str) -> str:
    """Return a text in small letters, with one way to write an accent and none of the marks that do not show."""
    return unicodedata.normalize("NFKC", text).casefold().replace("\xad", "").replace("\x00", "").replace("\u200b", "")


def readings(text: str) -> Iterator[str]:
    """Yield a text as it stands, and as whoever undoes one way of writing would read it."""
    yield text
    if "&" in text:
        yield html.unescape(text)
    if "%" in text:
        yield unquote_plus(text, errors="replace")
    if "\\" in text:
        yield ESCAPED.sub(lambda match: chr(int(match[1] or match[2], 16)), text)
    if "=\n" in text or "=\r" in text or QUOTED.search(text):
        yield quopri.decodestring(text.encode()).decode(errors="replace")


@cache
def coded(word: str) -> tuple[str, ...]:
    """Return what is left of a word in base64, wherever it began among three bytes, and in hexadecimal."""
    forms = []
    for shape in {word, word.lower(), word.upper(), unicodedata.normalize("NFD", word)}:
        raw = shape.encode()
        forms.append(raw.hex())
        for before in range(3):
            # The first and last signs also hold bits of the neighbours: only those between are sure.
            shifted = base64.b64encode(b"\x00" * before + raw).decode().rstrip("=")
            sure = shifted[(before * 8 + 5) // 6 : (before + len(raw)) * 8 // 6]
            forms += [sure.casefold(), sure.translate(str.maketrans("+/", "-_")).casefold()]
    return tuple(dict.fromkeys(form for form in forms if len(form) >= SHORTEST))
