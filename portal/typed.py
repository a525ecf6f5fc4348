"""Values the way people type them here: `1.297,50`, `12-11-2026`, `7,5`. For the models of forms, not for JSON."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator

from core.language import _
from core.validation import Day

DUTCH_DAY = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$")
PLAIN = re.compile(r"^(\d+)(?:[.,](\d{1,2}))?$")
# A separator before exactly three figures can only part thousands, since cents have two; so 1.297 is never 1,30.
GROUPED = re.compile(r"^(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d{1,2}))?$")


def _cents(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = re.sub(r"^€|\s", "", value.strip())
    if len(text) > 16 or not (match := GROUPED.match(text) or PLAIN.match(text)):
        raise ValueError(_("Geef een bedrag in euro's, bijvoorbeeld 1.297,50."))
    whole, part = re.sub(r"[.,]", "", match[1]), match[match.re.groups] or ""
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


def _iso_day(value: object) -> object:
    match = DUTCH_DAY.match(value) if isinstance(value, str) else None
    return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else value


def _point(value: object) -> object:
    return value.replace(",", ".") if isinstance(value, str) and value.count(",") == 1 and "." not in value else value


Euros = Annotated[int, BeforeValidator(_cents)]
"""An amount typed in euros, kept in whole cents."""

TypedDay = Annotated[Day, BeforeValidator(_iso_day)]
"""A day typed as 12-11-2026, or as a date field of a browser sends it."""

TypedNumber = Annotated[Decimal, BeforeValidator(_point)]
"""A number typed with a comma or a point before its decimals."""


def typed_euros(cents: int) -> str:
    """Write cents as a person types them, for the first value of a field: 129700 becomes `1297,00`."""
    return f"{cents // 100},{cents % 100:02}"


def typed_day(day: date) -> str:
    """Write a day as a date field of a browser wants it."""
    return day.isoformat()
