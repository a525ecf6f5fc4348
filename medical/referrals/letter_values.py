"""What stands on a referral letter: frozen values, listed field by field, so that nothing goes along by accident."""

from dataclasses import dataclass
from datetime import date

from network.tables import PriceUnit


@dataclass(frozen=True)
class Sender:
    """The arbodienst from which a letter comes, and the physician who answers for it (R8)."""

    name: str
    address: tuple[str, ...]
    physician_name: str
    physician_number: str | None  # in the BIG register
    under_mandate: bool


@dataclass(frozen=True)
class Letter:
    """A referral as it stands on paper: never the cause, nor what the physician hopes to gain in days."""

    number: str
    issued_on: date
    sender: Sender
    provider_name: str
    offering_title: str
    intervention: str
    employee_name: str
    employee_reference: str
    employer_name: str
    postcode: str | None
    sickness_week: int
    goal: str
    question: str
    expected_result: str
    abilities: str
    units: int
    price_unit: PriceUnit
    unit_price_cents: int

    @property
    def file_name(self) -> str:
        """How the file is called: by its number, and by nothing that tells of whom it is."""
        return f"verwijsbrief-{self.number}.pdf"
