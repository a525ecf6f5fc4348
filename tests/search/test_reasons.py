"""The reasons beside a result, as codes and as sentences in both languages."""

from datetime import timedelta

import pytest

from core.language import speaking
from search.query import SearchFilters
from search.ranking import facts
from search.reasons import WARNINGS, Reason, ReasonCode, reasons
from tests.search.sample_network import TENANT, TODAY, offering


def said(median: int | None = 100_000, offered: dict[str, object] | None = None, **asked: object) -> dict[str, str]:
    query = SearchFilters.model_validate(asked).for_tenant(TENANT)
    about = facts(offering(**(offered or {})), query, lambda _kind: median, TODAY)
    return {reason.code: reason.sentence for reason in reasons(about)}


def test_the_cause_in_its_year() -> None:
    """R33."""
    assert said(cause=["W03"], sickness_year=1)["fits_cause_in_year"] == "Past bij de oorzaak in ziektejaar 1"
    assert said(cause=["W03"])["fits_cause"] == "Past bij de oorzaak"
    declared = said(cause=["P01"], offered={"causes": ("P01",)})
    assert "declares_cause" in declared
    assert "fits_cause" not in declared


@pytest.mark.parametrize(
    ("week", "code", "sentence"),
    [
        (30, "week_in_window", "Week 30 valt in de aanbevolen weken 26 tot en met 52"),
        (10, "week_too_early", "Week 10 is vroeg: aanbevolen van week 26 tot en met 52"),
        (60, "week_too_late", "Week 60 is laat: aanbevolen van week 26 tot en met 52"),
    ],
)
def test_the_week(week: int, code: str, sentence: str) -> None:
    assert said(week=week)[code] == sentence


def test_the_wait_with_its_age() -> None:
    """R32."""
    assert said()["wait"] == "Wachttijd volgens de aanbieder: 10 dagen"
    assert "wait_stale" in said(offered={"wait_on": TODAY - timedelta(days=31)})
    assert "wait_unknown" in said(offered={"wait_days": None, "wait_on": None})


def test_the_place() -> None:
    found = said(postcode="3512", offered={"nationwide": True, "online": True, "travel_radius_km": 10})
    assert {"distance", "online", "nationwide", "comes_to_employee"} <= set(found)
    assert found["distance"].endswith("km verderop")
    assert "distance" not in said()


@pytest.mark.parametrize(
    ("cents", "code", "sentence"),
    [
        (60_000, "price_low", "Prijs 40% onder het midden van vergelijkbaar aanbod"),
        (90_000, "price_low", "Prijs 10% onder het midden van vergelijkbaar aanbod"),
        (105_000, "price_usual", "Gebruikelijke prijs"),
        (150_000, "price_high", "Prijs 50% boven het midden van vergelijkbaar aanbod"),
    ],
)
def test_the_price(cents: int, code: str, sentence: str) -> None:
    assert said(offered={"price_cents": cents})[code] == sentence


def test_without_enough_to_compare_nothing_is_said_of_the_price() -> None:
    assert not {"price_low", "price_usual", "price_high"} & set(said(median=None))


@pytest.mark.parametrize("code", ReasonCode)
def test_every_code_has_a_sentence(code: ReasonCode) -> None:
    """R33."""
    sentence = Reason(code, 4.5, 1, 2).sentence
    assert sentence
    assert "%" not in sentence.replace("4,5%", "")
    assert Reason(code).is_warning == (code in WARNINGS)


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert Reason(ReasonCode.DISTANCE, 1234.5).sentence.startswith("1.234,5")
    with speaking("en"):
        assert "1,234.5" in Reason(ReasonCode.DISTANCE, 1234.5).sentence
