"""Sets a referral letter as PDF/A-2a, to be kept for twenty years and read aloud (PDF/UA-1)."""

from datetime import date
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency

from core.money import euros
from core.typesetting import typeset
from medical.referrals.letter_values import Letter
from network.tables import PriceUnit

TEMPLATE = Path(__file__).parent.parent / "templates" / "letter.typ"
LOCALE = "nl_NL"
UNITS = {
    PriceUnit.SESSION: ("sessie", "sessies"),
    PriceUnit.HOUR: ("uur", "uur"),
    PriceUnit.REPORT: ("rapport", "rapporten"),
    PriceUnit.TRAJECTORY: ("traject", "trajecten"),
}
NOT_FILLED_IN = "Niet ingevuld."


def write_letter(letter: Letter) -> bytes:
    """Return the letter as PDF; its metadata name the number, the arbodienst and the day, and nobody else."""
    return typeset(TEMPLATE, _content(letter), "a-2a")


def _content(letter: Letter) -> dict[str, Any]:
    """Everything that the template prints, in its order and words."""
    issued = letter.issued_on
    return {
        "title": f"Verwijsbrief {letter.number}",
        "language": "nl",
        "issued": [issued.year, issued.month, issued.day],
        "sender": {"name": letter.sender.name, "address": list(letter.sender.address)},
        "receiver": [letter.provider_name, letter.offering_title],
        "facts": [["Nummer", letter.number], ["Datum", _day(issued)], ["Interventie", letter.intervention]],
        "about": _about(letter),
        "asked": _asked(letter),
        "agreed": f"{_units(letter)}, {_price(letter)} per {UNITS[letter.price_unit][0]}, zonder btw.",
        "signed": _signed(letter),
        "closing": (
            "Inhoudelijk terugschrijven aan de bedrijfsarts mag alleen met toestemming van de werknemer; of die er is,"
            " staat in Providerboog. Stuur uw factuur aan de arbodienst, met het nummer van deze brief. Neem over deze"
            " verwijzing geen contact op met de werkgever."
        ),
    }


def _about(letter: Letter) -> list[list[str]]:
    rows = [
        ["Werknemer", letter.employee_name],
        ["Kenmerk", letter.employee_reference],
        ["Werkgever", letter.employer_name],
        ["Postcode", letter.postcode or ""],
        ["Ziekteweek", str(letter.sickness_week)],
    ]
    return [row for row in rows if row[1]]


def _asked(letter: Letter) -> list[list[str]]:
    return [
        ["Doel", letter.goal],
        ["Vraag", letter.question],
        ["Verwacht resultaat", letter.expected_result or NOT_FILLED_IN],
        ["Functionele informatie", letter.abilities or NOT_FILLED_IN],
    ]


def _signed(letter: Letter) -> list[str]:
    """Return who answers for the letter, with his number in the register (R8)."""
    sender = letter.sender
    number = [f"BIG-nummer {sender.physician_number}"] if sender.physician_number else []
    mandate = ["Verstuurd onder zijn mandaat door een casemanager taakdelegatie."] if sender.under_mandate else []
    return [sender.physician_name, "Bedrijfsarts", *number, sender.name, *mandate]


def _units(letter: Letter) -> str:
    one, many = UNITS[letter.price_unit]
    return f"{letter.units} {one if letter.units == 1 else many}"


def _price(letter: Letter) -> str:
    return format_currency(euros(letter.unit_price_cents), "EUR", locale=LOCALE)


def _day(day: date) -> str:
    return format_date(day, "d MMMM yyyy", locale=LOCALE)
