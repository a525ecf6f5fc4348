"""The number of a provider's own invoice, as it may cross the wall: figures, and at most a word that means "invoice".

A provider writes this number himself and the employer reads it, so that letters of one's own would be a way to tell
of care ("PSY-2026-3"). What is not on the list of words is refused, and never cut off (R55, leak L10).
"""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from core.language import _

PATTERN = r"^((F|FA|FAC|FACT|FACTUUR|INV|INVOICE|NR|VF|VK)[-./ ]?)?[0-9]([0-9./-]{0,20}[0-9])?$"
IN_SQL = PATTERN
"""The same pattern as the database holds it: nothing in it means something else there."""

CLEAN = re.compile(PATTERN)


def clean_reference(written: str) -> str:
    """Return an invoice number in capitals; raises ValueError for one with words or signs that are not on the list."""
    number = " ".join(written.split()).upper()
    if CLEAN.fullmatch(number) is None:
        raise ValueError(_("Geef een factuurnummer van cijfers, hooguit met F of INV ervoor, bijvoorbeeld F2026-017."))
    return number


CleanReference = Annotated[str, Field(max_length=30), AfterValidator(clean_reference)]
"""A number of an invoice that tells of nothing but that invoice."""
