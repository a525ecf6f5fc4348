"""Who stands on a document and which month it is about: allow-listed values with their numbers written in one way."""

import calendar
import unicodedata
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


def _one_line(text: object) -> object:
    """Put free white space right and drop control and format characters, which no form of a document can carry."""
    if not isinstance(text, str):
        return text
    words = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(sign for sign in words if not unicodedata.category(sign).startswith("C"))


def _compact(text: object) -> object:
    """Take the spaces and dots out of a number that people write in groups."""
    return text.replace(" ", "").replace(".", "").upper() if isinstance(text, str) else text


def _spaced(postcode: str) -> str:
    return f"{postcode[:4]} {postcode[4:]}"


Text = Annotated[str, BeforeValidator(_one_line), Field(min_length=1, max_length=120)]
Reference = Annotated[str, BeforeValidator(_one_line), Field(min_length=1, max_length=60)]
Postcode = Annotated[str, BeforeValidator(_compact), Field(pattern=r"^[1-9][0-9]{3}[A-Z]{2}$"), AfterValidator(_spaced)]
VatId = Annotated[str, BeforeValidator(_compact), Field(pattern=r"^NL[0-9]{9}B[0-9]{2}$")]
Iban = Annotated[str, BeforeValidator(_compact), Field(pattern=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$")]


class Value(BaseModel):
    """A frozen value that refuses every field which is not on its list."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Month(Value):
    """A calendar month: the only date of service that a document tells is the month of charging (leak L3)."""

    year: int = Field(ge=1990, le=9999)
    month: int = Field(ge=1, le=12)

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"


class Party(Value):
    """An organisation in the Netherlands that buys, with what the tax office wants to see of it (R53)."""

    name: Text
    street: Text
    postcode: Postcode
    city: Text
    kvk: Annotated[str, BeforeValidator(_compact), Field(pattern=r"^[0-9]{8}$")]
    vat_id: VatId | None = None
    email: Annotated[str, BeforeValidator(_one_line), Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)] | None = None


class Seller(Party):
    """The arbodienst: a party that also has a VAT number and the account on which it is paid."""

    vat_id: VatId
    iban: Iban
