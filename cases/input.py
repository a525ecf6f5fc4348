"""Types of input that the cases room adds to those of core.validation."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field
from stdnum.nl import bsn

from core.clock import today
from core.language import _
from core.validation import Day, OneLine
from network.postcodes import read_postcode


def _not_to_come(day: date) -> date:
    if day > today():
        raise ValueError(_("Deze dag moet nog komen: kies vandaag of een dag ervoor."))
    return day


def _no_citizen_number(reference: str) -> str:
    if bsn.is_valid(reference):
        raise ValueError(_("Dit lijkt op een burgerservicenummer. Gebruik het personeelsnummer."))
    return reference


def _four_digits(postcode: str) -> str:
    return read_postcode(postcode).postcode


PastDay = Annotated[Day, AfterValidator(_not_to_come)]
"""A calendar day from 1990 until today."""

EmployeeReference = Annotated[OneLine, Field(max_length=40), AfterValidator(_no_citizen_number)]
"""The employer's own reference for an employee; what can be a BSN is refused (R72)."""

KnownPostcode = Annotated[str, Field(max_length=10), AfterValidator(_four_digits)]
"""A Dutch postcode that exists, kept to its four digits."""
