"""What may be asked, and what is refused: every fault with its field."""

from uuid import UUID

import pytest
from pydantic import ValidationError

from core.validation import field_errors
from search.query import SearchFilters, Sort
from tests.search.sample_network import TENANT


def faults(**filters: object) -> dict[str, str]:
    with pytest.raises(ValidationError) as refusal:
        SearchFilters.model_validate(filters)
    return {fault.field: fault.message for fault in field_errors(refusal.value)}


def test_nothing_chosen() -> None:
    query = SearchFilters().for_tenant(TENANT)
    assert (query.sort, query.page, query.page_size, query.offset) == (Sort.FIT, 1, 20, 0)
    assert query.origin is None
    assert not query.open_only


def test_empty_fields_of_a_form_are_not_chosen() -> None:
    form = {"q": "", "cause": [""], "postcode": "", "radius_km": "", "week": "", "online": "", "sort": ""}
    assert SearchFilters.model_validate(form) == SearchFilters()


def test_values_of_an_address_are_read() -> None:
    filters = SearchFilters.model_validate(
        {
            "cause": ["M01", "W02"],
            "week": "12",
            "postcode": "3511ab",
            "radius_km": "25",
            "online": "true",
            "sort": "wait",
        }
    )
    assert (filters.cause, filters.week, filters.postcode) == (("M01", "W02"), 12, "3511")
    assert (filters.radius_km, filters.online, filters.sort) == (25.0, True, Sort.WAIT)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("q", "x" * 2_001),
        ("sickness_year", 3),
        ("sickness_year", 0),
        ("week", 0),
        ("week", 521),
        ("postcode", "3499"),
        ("postcode", "12"),
        ("max_wait_days", -1),
        ("max_price_cents", -1),
        ("sort", "paid"),
        ("page", 0),
        ("page", 10**9),
        ("page_size", 101),
        ("page_size", 10_000),
        ("online", "maybe"),
        ("unheard_of", 1),
        ("tenant_id", str(TENANT)),
        ("open_only", False),
    ],
)
def test_a_wrong_value_names_its_field(field: str, value: object) -> None:
    assert list(faults(**{field: value})) == [field]


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", float("nan"), float("inf"), 0, -5, 501, "ver"])
def test_a_distance_that_is_none_is_refused(value: object) -> None:
    assert list(faults(postcode="3511", radius_km=value)) == ["radius_km"]


def test_unknown_codes_are_answered_with_the_known_ones() -> None:
    """R28."""
    found = faults(cause=["Q01"], intervention=["BMW", "XXX"])
    assert "P01" in found["cause.0"]
    assert "ADO" in found["intervention.1"]


def test_all_faults_come_at_once() -> None:
    assert set(faults(week=0, page=0, postcode="abc")) == {"week", "page", "postcode"}


@pytest.mark.parametrize("field", [{"radius_km": 10}, {"sort": "distance"}])
def test_distance_needs_a_postcode(field: dict[str, object]) -> None:
    assert list(faults(**field)) == list(field)
    assert list(faults(postcode="niets", **field)) == ["postcode"]
    assert SearchFilters.model_validate({"postcode": "3511", **field})


def test_the_question_carries_whose_network_it_asks() -> None:
    provider = UUID(int=3, version=4)
    query = SearchFilters(cause=["V01"], page=3).for_tenant(TENANT, open_only=True, provider_id=provider)
    assert (query.tenant_id, query.open_only, query.provider_id) == (TENANT, True, provider)
    assert (query.cause, query.offset) == (("V01",), 40)


def test_what_is_advised_keeps_the_best_rank_over_causes_and_years() -> None:
    """R28."""
    assert SearchFilters(cause=["V01"], sickness_year=1).for_tenant(TENANT).advised == {"MED": 0, "CNF": 1, "BMW": 2}
    assert SearchFilters(cause=["V01"]).for_tenant(TENANT).advised == {"MED": 0, "CNF": 1, "BMW": 2, "OUT": 1}
    both = SearchFilters(cause=["V01", "V02"], sickness_year=1).for_tenant(TENANT)
    assert both.advised == {"MED": 0, "CNF": 0, "BMW": 2, "CAS": 2}


def test_prices_are_compared_among_what_is_asked_for() -> None:
    assert SearchFilters(cause=["V01"], sickness_year=2).for_tenant(TENANT).compared == ("MED", "OUT")
    assert SearchFilters(cause=["V01"], intervention=["BMW"]).for_tenant(TENANT).compared == ("BMW",)
