"""Numbers of organisations and professionals (rules chapter 4): their form, check digits, and one way to write them.

Each function takes what somebody typed and returns the number as it is stored, or raises ValueError with a sentence.
The types at the end do the same in a schema.
"""

import re
from typing import Annotated

from pydantic import AfterValidator
from stdnum import iban as iban_rules
from stdnum.exceptions import ValidationError
from stdnum.nl import btw as vat_rules

from core.language import _

# The last two digits of a BIG number say for which profession it was given.
BIG_PROFESSIONS = {
    "01": "physician",
    "03": "midwife",
    "04": "physiotherapist",
    "16": "psychotherapist",
    "25": "health_psychologist",
    "30": "nurse",
}

_SEPARATORS = re.compile(r"[\s.\-]+")


def agb(text: str) -> str:
    """Return an AGB code: 8 digits, of a professional, a practice or a location."""
    return _digits(text, 8, _("Een AGB-code heeft 8 cijfers."))


def kvk(text: str) -> str:
    """Return a number of the trade register: 8 digits."""
    return _digits(text, 8, _("Een KvK-nummer heeft 8 cijfers."))


def establishment(text: str) -> str:
    """Return the trade register's number of one location (vestigingsnummer): 12 digits."""
    return _digits(text, 12, _("Een vestigingsnummer heeft 12 cijfers."))


def big(text: str) -> str:
    """Return a BIG number: 11 digits, of which the last two name the profession."""
    return _digits(text, 11, _("Een BIG-nummer heeft 11 cijfers."))


def big_profession(number: str) -> str | None:
    """Return the profession that a BIG number was given for; None for one that this product does not know."""
    return BIG_PROFESSIONS.get(number[-2:])


def uzovi(text: str) -> str:
    """Return the number of a health insurer: 4 digits."""
    return _digits(text, 4, _("Een UZOVI-nummer heeft 4 cijfers."))


def vat_id(text: str) -> str:
    """Return a Dutch VAT number: NL, 9 digits, B, 2 digits, with either of the two check sums that are in use."""
    number = _compact(text)
    if re.fullmatch(r"NL[0-9]{9}B[0-9]{2}", number) is None:
        raise ValueError(_("Een btw-nummer ziet eruit als NL123456789B01."))
    try:
        vat_rules.validate(number)
    except ValidationError:
        raise ValueError(_("Dit btw-nummer klopt niet: het controlegetal past niet bij de cijfers.")) from None
    return number


def iban(text: str) -> str:
    """Return an account number: the form of its country and the remainder by 97 are right."""
    number = _compact(text)
    try:
        iban_rules.validate(number)
    except ValidationError:
        raise ValueError(_("Dit rekeningnummer (IBAN) klopt niet. Kijk het nog eens na.")) from None
    return number


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", text).upper()


def _digits(text: str, length: int, sentence: str) -> str:
    number = _compact(text)
    # Digits of other scripts look like numbers to Python, but no register gives them out.
    if len(number) != length or not (number.isascii() and number.isdigit()) or not number.strip("0"):
        raise ValueError(sentence)
    return number


Agb = Annotated[str, AfterValidator(agb)]
Kvk = Annotated[str, AfterValidator(kvk)]
Establishment = Annotated[str, AfterValidator(establishment)]
Big = Annotated[str, AfterValidator(big)]
Uzovi = Annotated[str, AfterValidator(uzovi)]
VatId = Annotated[str, AfterValidator(vat_id)]
Iban = Annotated[str, AfterValidator(iban)]
