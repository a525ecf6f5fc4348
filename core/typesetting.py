"""Sets a document as a PDF that can be kept (PDF/A) and read aloud (PDF/UA-1).

The words go to the typesetter as data, so that no text can act as markup.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

LAST_PRINTABLE = 0x2BFF  # beyond this block the fonts have no letters: other scripts, and pictures


def typeset(template: Path, content: Mapping[str, Any], archive: Literal["a-2a", "a-3a"]) -> bytes:
    """Return the PDF that `template` makes of `content`; the same content always gives the same bytes.

    `archive` is the level of PDF/A: only "a-3a" may carry a file inside.
    """
    inputs = {"document": json.dumps(_printable(content))}
    return typst.compile(template, sys_inputs=inputs, pdf_standards=[archive, "ua-1"], ignore_system_fonts=True)


def _printable(content: Any) -> Any:
    """Put a question mark for every sign that the fonts lack; a PDF with a missing glyph may not be archived."""
    if isinstance(content, str):
        return "".join(sign if ord(sign) <= LAST_PRINTABLE else "?" for sign in content)
    if isinstance(content, Mapping):
        return {key: _printable(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_printable(value) for value in content]
    return content
