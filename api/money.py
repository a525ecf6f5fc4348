"""Money over JSON: whole cents and the currency."""

from typing import Literal

from pydantic import BaseModel


class Money(BaseModel):
    """An amount of money."""

    cents: int
    currency: Literal["EUR"] = "EUR"


def money(cents: int) -> Money:
    """Return `cents` as an amount in euros."""
    return Money(cents=cents)


def money_or_none(cents: int | None) -> Money | None:
    """Return `cents` as an amount in euros, or nothing where there is none."""
    return None if cents is None else Money(cents=cents)
