"""PDFs that somebody sends along: paper only. Nothing in them may act, carry another file, or swell when opened."""

import re
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from core.language import _

MOST_OBJECTS = 20_000
MOST_PAGES = 200
MOST_UNPACKED = 150_000_000  # bytes, all streams together
MOST_PIXELS = 60_000_000  # of one picture in it
ACTS = frozenset(
    {
        "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound",
        "/RichMediaExecute",
    }
)  # fmt: skip
"""Kinds of actions that do more than turn to a page or show an address."""
CARRIES = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMedia", "/RichMediaContent", "/XFA"})
"""Entries under which a script, another file or a living form is kept."""
IN_PLAIN_SIGHT = re.compile(rb"/(JavaScript|EmbeddedFiles?|Launch|RichMedia)\b")
"""The same in the raw file, also where its own table of contents leaves it out but a forgiving viewer would find it."""
PICTURES = frozenset({"/DCTDecode", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode"})
UNREADABLE = (
    PyPdfError, OSError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError, AssertionError,
    RuntimeError, zlib.error, struct.error,
)  # fmt: skip
"""What the library raises for a file that is broken."""


class _Refused(Exception):
    """A PDF that can be read, and is not taken in."""


def checked_pdf(content: bytes) -> bytes:
    """Read every object of a PDF and return it as it is; raises ValueError for one that is broken or more than paper.

    It may have been signed, so nothing in it is changed.
    """
    try:
        _check(content)
        return content
    except _Refused as fault:
        raise ValueError(str(fault)) from fault
    except LimitReachedError as fault:
        raise ValueError(_swells()) from fault
    except UNREADABLE as fault:
        raise ValueError(_("Deze PDF is niet te lezen.")) from fault


def _check(content: bytes) -> None:
    if IN_PLAIN_SIGHT.search(content):
        raise _Refused(_active())
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        raise _Refused(_("Deze PDF heeft een wachtwoord. Stuur hem zonder."))
    unpacked = 0
    for each in _objects(reader):
        _refuse_active(each)
        unpacked += _unpacked(each)
        if unpacked > MOST_UNPACKED:
            raise _Refused(_swells())
    if not 1 <= len(reader.pages) <= MOST_PAGES:
        raise _Refused(_("Een PDF heeft hier 1 tot en met %(n)s bladzijden.") % {"n": MOST_PAGES})


def _objects(reader: PdfReader) -> Iterator[Any]:
    """Return every object of the file with all that is written inside it, and the trailer."""
    places = [(number, generation) for generation, at in reader.xref.items() for number in at]
    places += [(number, 0) for number in reader.xref_objStm]
    if len(places) > MOST_OBJECTS:
        raise _Refused(_("Deze PDF heeft te veel onderdelen."))
    waiting: list[Any] = [reader.trailer]
    for number, generation in places:
        waiting.append(reader.get_object(IndirectObject(number, generation, reader)))
        while waiting:
            found = waiting.pop()
            yield found
            waiting += _within(found)


def _within(found: Any) -> list[Any]:
    inside = found.values() if isinstance(found, dict) else found if isinstance(found, ArrayObject) else ()
    return [each for each in inside if isinstance(each, DictionaryObject | ArrayObject)]


def _refuse_active(found: Any) -> None:
    if not isinstance(found, DictionaryObject):
        return
    if CARRIES & found.keys() or found.get("/S") in ACTS or found.get("/Type") == "/EmbeddedFile":
        raise _Refused(_active())
    if found.get("/Subtype") == "/Image" and int(found.get("/Width", 0)) * int(found.get("/Height", 0)) > MOST_PIXELS:
        raise _Refused(_swells())


def _unpacked(found: Any) -> int:
    """Return how large a stream becomes; the library itself stops at 75 MB, and pictures are left as they are."""
    if not isinstance(found, StreamObject):
        return 0
    filters = found.get("/Filter", ())
    names = set(filters) if isinstance(filters, ArrayObject) else {filters}
    return 0 if names & PICTURES else len(found.get_data())


def _active() -> str:
    return _("In deze PDF zit een script, een ander bestand of een actie. Bewaar hem als gewone PDF.")


def _swells() -> str:
    return _("Deze PDF wordt te groot als hij wordt geopend.")
