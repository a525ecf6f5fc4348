"""Files that somebody sends along: known by what is inside, never by what their name or their sender says they are."""

import hashlib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.errors import FieldError, Invalid
from core.language import _
from core.received_images import bare_image
from core.received_pdfs import checked_pdf

LARGEST_FILE = 5 * 1024 * 1024
LONGEST_NAME = 120
UNSAID = frozenset({"", "application/octet-stream"})
"""What a sender declares who does not know the type himself."""


class FileKind(StrEnum):
    """What a file may be."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"

    @property
    def media_type(self) -> str:
        """The type under which it is served."""
        return "application/pdf" if self is FileKind.PDF else f"image/{self.value}"

    @property
    def endings(self) -> tuple[str, ...]:
        """How a name of this kind may end."""
        return (".jpg", ".jpeg") if self is FileKind.JPEG else (f".{self.value}",)


SIGNATURES: Mapping[bytes, FileKind] = {
    b"%PDF-": FileKind.PDF,
    b"\x89PNG\r\n\x1a\n": FileKind.PNG,
    b"\xff\xd8\xff": FileKind.JPEG,
}
TAKEN_IN: Mapping[FileKind, Callable[[bytes], bytes]] = {
    FileKind.PDF: checked_pdf,
    FileKind.PNG: bare_image,
    FileKind.JPEG: bare_image,
}
"""What is kept of a file of each kind, once it was found to be one."""


@dataclass(frozen=True)
class ReceivedFile:
    """A file that was found to be what it says, as it is kept: a picture without what its camera wrote about it."""

    name: str
    kind: FileKind
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of its content, by which anybody can tell that it is still the same."""
        return hashlib.sha256(self.content).hexdigest()


def receive(name: str, declared: str, content: bytes) -> ReceivedFile:
    """Return a file that may be kept; `declared` is the media type that its sender gives it.

    Raises Invalid, with the reason on field `file`, for one that is empty or too large, is no PDF, PNG or JPEG through
    and through, says to be something else than it is, could act by itself when it is opened, swells when it is
    decoded, or has a name that is not just a name.
    """
    try:
        _check_name(name)
        kind = _kind(content)
        _check_claim(name, declared, kind)
        kept = TAKEN_IN[kind](content)
    except ValueError as fault:
        raise Invalid(str(fault), [FieldError("file", str(fault))]) from fault
    return ReceivedFile(name, kind, kept)


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > LONGEST_NAME:
        raise ValueError(_("Geef het bestand een naam van hooguit %(n)s tekens.") % {"n": LONGEST_NAME})
    hidden = any(unicodedata.category(sign).startswith("C") for sign in name)  # control signs, and turned reading order
    if hidden or name.startswith(".") or any(sign in name for sign in '/\\:*?"<>|'):
        raise ValueError(_("In de naam van het bestand staan tekens die daar niet mogen, zoals / of \\."))


def _kind(content: bytes) -> FileKind:
    if not content:
        raise ValueError(_("Dit bestand is leeg."))
    if len(content) > LARGEST_FILE:
        raise ValueError(_("Dit bestand is te groot: hooguit 5 MB."))
    for signature, kind in SIGNATURES.items():
        if content.startswith(signature):
            return kind
    raise ValueError(_("Dit is geen PDF, PNG of JPEG. Andere bestanden nemen wij niet aan."))


def _check_claim(name: str, declared: str, kind: FileKind) -> None:
    says = declared.partition(";")[0].strip().lower().replace("image/jpg", "image/jpeg")
    if not name.lower().endswith(kind.endings) or says not in UNSAID | {kind.media_type}:
        raise ValueError(_("Dit bestand is een %(kind)s, maar zegt iets anders te zijn.") % {"kind": kind.name})
