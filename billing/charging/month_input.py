"""A month as people write it in a request, read as its first day."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

from billing.charging.charge_terms import first_of_month
from core.clock import first_allowed_day, last_allowed_day
from core.language import _

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _month(written: object) -> date:
    """Read "2026-11"; what is no text is refused too, since a number could pass for a day."""
    if not isinstance(written, str) or MONTH.fullmatch(written) is None:
        raise ValueError(_("Schrijf een maand als 2026-11."))
    return _allowed(f"{written}-01")


def _period(written: object) -> date:
    """Read "2026-11", or a day in that month."""
    if isinstance(written, str) and DAY.fullmatch(written):
        return _allowed(written)
    return _month(written)


def _allowed(written: str) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError as fault:
        raise ValueError(_("Geef een datum die bestaat, met dag, maand en jaar.")) from fault
    if not first_allowed_day() <= day <= last_allowed_day():
        raise ValueError(_("Kies een maand vanaf januari 1990 en hooguit twee jaar vooruit."))
    return first_of_month(day)


MonthInput = Annotated[date, BeforeValidator(_month)]
"""A month such as "2026-11"."""

PeriodInput = Annotated[date, BeforeValidator(_period)]
"""A month such as "2026-11", or any day in it such as "2026-11-22"."""
