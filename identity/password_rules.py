"""Which passwords are refused: too short, or made of what everybody tries first.

No kinds of characters are asked for, and no change every so many months: that makes passwords worse (ASVS 5.0 6.2).
Instead a password is read as an attacker reads it, in pieces: words that many choose, also written w1th f1gures, rows
of keys, repetitions, years, and what anybody knows of its owner. It needs enough pieces.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from unicodedata import normalize

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from core.errors import FieldError, Invalid
from core.language import _
from core.settings import Settings
from identity.passwords import SHORTEST

LONGEST = 256
FEWEST_PIECES = 7
READ = 64
"""Characters that are read; whatever comes after these only helps."""
SHORTEST_WORD = 3
LONGEST_WORD = 32
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qwertzuiop")
SHORTEST_RUN = 3
FIGURES = str.maketrans("013457@$!€", "oieastasie")
YEARS = tuple(str(year) for year in range(1930, 2041))
PRODUCT = ("providerboog", "provider", "boog")


def refuse_weak(password: str, settings: Settings, about: Iterable[str] = (), field: str = "password") -> None:
    """Raise Invalid for a password that is too short or too easy; `about` is what is known of its owner."""
    if len(password) < SHORTEST:
        said = _("Gebruik ten minste %(n)s tekens. Een paar woorden achter elkaar is goed te onthouden.") % {
            "n": SHORTEST
        }
    elif len(password) > LONGEST:
        said = _("Gebruik hooguit %(n)s tekens.") % {"n": LONGEST}
    elif is_common(password, settings) or pieces(password, about) < FEWEST_PIECES:
        said = _("Dit wachtwoord is te makkelijk te raden. Neem een paar woorden die niemand bij u zoekt.")
    else:
        return
    raise Invalid(said, (FieldError(field, said),))


def is_common(password: str, settings: Settings) -> bool:
    """Tell whether a password stands on the operator's own list of those that leaked."""
    file = settings.common_passwords
    return file is not None and _plain(password) in _listed(file)


def pieces(password: str, about: Iterable[str] = ()) -> int:
    """Return of how few pieces a password is made: a known word or a row counts as one, as does any other character."""
    text = _plain(password)[:READ]
    known = words() | {word for each in about for word in _parts(each)}
    least = [0]
    for end in range(1, len(text) + 1):
        starts = range(max(0, end - LONGEST_WORD), end)
        fewest = min(least[start] for start in starts if start == end - 1 or _is_piece(text[start:end], known))
        least.append(fewest + 1)
    return _without_repetition(text, least)


@cache
def words() -> frozenset[str]:
    """Return the words that many people choose: passwords that leaked, by how often, and words of this country."""
    file = Path(__file__).resolve().parent / "common_words.txt"
    leaked = (_plain(word) for word in FREQUENCY_LISTS["passwords"])
    found = frozenset(word for word in leaked if len(word) > SHORTEST_WORD)
    return found | frozenset(file.read_text(encoding="utf-8").split()) | frozenset(YEARS) | frozenset(PRODUCT)


def _is_piece(text: str, known: frozenset[str] | set[str]) -> bool:
    if len(text) < SHORTEST_RUN:
        return False
    if len(set(text)) == 1 or text in known or text.translate(FIGURES) in known:
        return True
    return any(text in row or text in row[::-1] for row in ROWS)


def _without_repetition(text: str, least: list[int]) -> int:
    """A whole that is one part written again and again counts as that part, and once more for its repetition."""
    for length in range(1, len(text) // 2 + 1):
        if text == (text[:length] * (len(text) // length + 1))[: len(text)]:
            return least[length] + 1
    return least[-1]


def _parts(known: str) -> set[str]:
    """Return the words in what is known of somebody: of a name its parts, of an e-mail address those too."""
    plain = "".join(letter if letter.isalnum() else " " for letter in _plain(known))
    return {part for part in (*plain.split(), plain.replace(" ", "")) if len(part) >= SHORTEST_WORD}


def _plain(text: str) -> str:
    return normalize("NFKC", text).casefold().strip()


@cache
def _listed(file: Path) -> frozenset[str]:
    lines = (_plain(line) for line in file.read_text(encoding="utf-8", errors="replace").splitlines())
    return frozenset(line for line in lines if len(line) >= SHORTEST)
