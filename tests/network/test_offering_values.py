"""What a provider states is checked: every fault at once, each with its field."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from core.clock import today
from core.validation import field_errors
from network.tables import PriceUnit
from tests.network.desk import values


def faults(**changes: Any) -> dict[str, str]:
    """Return what is wrong with values, by field."""
    with pytest.raises(ValidationError) as refused:
        values(**changes)
    return {error.field: error.message for error in field_errors(refused.value)}


def test_every_fault_is_told_at_once_with_its_field() -> None:
    found = faults(
        title="x" * 161,
        description=" ",
        intervention="NOPE",
        causes=["M01", "Z99"],
        sickness_years=[3],
        postcode="0000",
        price_cents=0,
        price_unit="week",
        vat_rate=6,
        price_valid_from="1989-12-31",
        stated_wait_days=731,
        health="burn-out",
    )
    assert set(found) == {
        "title",
        "description",
        "intervention",
        "causes",
        "sickness_years.0",
        "postcode",
        "price_cents",
        "price_unit",
        "vat_rate",
        "price_valid_from",
        "stated_wait_days",
        "health",
    }


def test_years_must_be_those_of_the_intervention() -> None:
    """R28."""
    assert "ziektejaar 1" in faults(intervention="TRW", causes=["W01"])["sickness_years"]
    assert values(intervention="TRW", causes=["W01"], sickness_years=[1, 1]).sickness_years == (1,)


@pytest.mark.parametrize("anywhere", [{"online": True}, {"nationwide": True}])
def test_a_place_is_needed_only_when_distance_matters(anywhere: dict[str, bool]) -> None:
    assert set(faults(postcode=None)) == {"postcode"}
    assert set(values(postcode=None, **anywhere).location.values()) == {None}


def test_a_price_does_not_end_before_it_begins() -> None:
    """R35."""
    until = today() - timedelta(days=1)
    assert set(faults(price_valid_until=until)) == {"price_valid_until"}
    assert values(price_valid_until=today(), price_unit=PriceUnit.HOUR).price_valid_from == today()
