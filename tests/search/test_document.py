"""The document of the index: an allow-list, checked."""

import pytest
from pydantic import ValidationError

from search.document import OfferingDocument
from tests.search.sample_network import offering

ALLOWED = {
    "tenant_id",
    "offering_id",
    "provider_id",
    "provider_name",
    "title",
    "summary",
    "intervention",
    "disclosure",
    "causes",
    "sickness_years",
    "week_from",
    "week_until",
    "online",
    "nationwide",
    "postcode",
    "travel_radius_km",
    "languages",
    "genders",
    "marks",
    "numbers",
    "wait_days",
    "wait_on",
    "wait_n",
    "accepts_now",
    "outcome_percent",
    "price_cents",
    "price_unit",
}


def test_nothing_but_the_allowed_facts_can_enter_the_index() -> None:
    assert set(OfferingDocument.model_fields) == ALLOWED
    with pytest.raises(ValidationError, match="employee"):
        offering(employee="Jan")


@pytest.mark.parametrize(
    "fault",
    [
        {"intervention": "XXX"},
        {"causes": ("M99",)},
        {"sickness_years": (3,)},
        {"postcode": "3499"},
        {"price_cents": 0},
        {"wait_days": -1},
        {"languages": ("xx",)},
        {"marks": ("gilde",)},
        {"outcome_percent": 101},
        {"week_from": 50, "week_until": 40},
    ],
)
def test_impossible_facts_are_refused(fault: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        OfferingDocument.model_validate(offering().model_dump() | fault)


def test_a_document_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        offering().title = "Anders"  # type: ignore[misc]


def test_a_document_survives_the_way_through_the_index() -> None:
    document = offering(postcode="3511 AB", travel_radius_km=33)
    assert OfferingDocument.model_validate_json(document.model_dump_json()) == document
    assert document.postcode == "3511"


@pytest.mark.parametrize(("radius", "step"), [(0, 0), (4, 0), (5, 5), (39, 30), (40, 40), (120, 100), (5_000, 300)])
def test_travel_is_rounded_down_to_a_step(radius: int, step: int) -> None:
    assert offering(travel_radius_km=radius).travel_step_km == step


def test_without_a_place_nobody_travels() -> None:
    assert offering(postcode=None, travel_radius_km=40).travel_step_km == 0


def test_texts_hold_both_languages() -> None:
    document = offering(intervention="SHV", causes=("P01",))
    assert "Debt counselling / budget coaching" in document.heading
    assert {"Financiële zorgen of schulden", "Financial worries or debt", "Utrecht"} <= set(document.body)
