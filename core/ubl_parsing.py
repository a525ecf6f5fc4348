"""Parses XML that somebody else has written, and refuses what an invoice has no need of before it can do harm.

No DTD, no entities, no encoding but UTF-8, no network, and limits on size, tags and depth.
"""

import re

from lxml import etree

from core.errors import FieldError, Invalid, TooLarge
from core.language import _

MOST_BYTES = 10 * 1024 * 1024
MOST_TAGS = 600_000  # twice what 5,000 elaborate lines need
MOST_DEPTH = 32
ENCODING = re.compile(r"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{0,40})[\"']")


def unreadable(*faults: FieldError | str) -> Invalid:
    """Return the refusal of a document that cannot be read; a fault without a place is one of the whole file."""
    placed = [FieldError("xml", fault) if isinstance(fault, str) else fault for fault in faults]
    return Invalid(_("Deze UBL-factuur is niet te lezen."), placed)


def parse_untrusted(content: bytes) -> etree._Element:
    """Return the root element, without comments and processing instructions.

    Raises TooLarge above 10 MB, and Invalid for anything that is not plain, well-formed XML in UTF-8.
    """
    if len(content) > MOST_BYTES:
        raise TooLarge(_("Het bestand is groter dan 10 MB."))
    _refuse_unsafe(_decoded(content))
    parser = etree.XMLParser(
        encoding="utf-8",  # so that the parser sees the very text that was checked, and guesses no other encoding
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise unreadable(_("Dit is geen geldige XML (regel %(line)s).") % {"line": error.lineno}) from error
    if root.xpath(f"boolean({'/*' * (MOST_DEPTH + 1)})"):
        raise unreadable(_("De elementen zijn te diep genest."))
    return root


def _decoded(content: bytes) -> str:
    """Return the text; another encoding could carry past the checks what the parser then sees."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise unreadable(_("Het bestand is niet in UTF-8 geschreven.")) from error
    declared = ENCODING.match(text)
    if declared is not None and declared[1].upper() not in ("UTF-8", "UTF8"):
        raise unreadable(_("Het bestand is niet in UTF-8 geschreven."))
    return text


def _refuse_unsafe(text: str) -> None:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise unreadable(_("Een DTD of eigen entiteiten zijn niet toegestaan."))
    if text.count("<") > MOST_TAGS:
        raise unreadable(_("Het bestand heeft te veel elementen."))
