"""Contract: what an engine finds and counts is what going through all offerings finds and counts (R28)."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from network.postcodes import regions
from network.tables import Gender
from network.taxonomy import Disclosure, causes, interventions
from search.document import OfferingDocument
from search.gateway import SearchEngine
from search.query import SearchFilters, SearchQuery, Sort
from tests.search import oracle
from tests.search.sample_network import MARKS, OTHER_TENANT, TENANT, network

NETWORKS = [one for tenant in (TENANT, OTHER_TENANT) for one in network(600, tenant=tenant, seed=tenant.int)]
LIMITS = {"wait": (7, 14, 28, 56), "price": (150_00, 500_00, 1_500_00, 3_000_00)}
FIELDS = {"wait": "wait_days", "price": "price_cents"}
SEVERAL = {
    "cause": "causes",
    "sickness_year": "sickness_years",
    "region": "in_regions",
    "language": "languages",
    "mark": "marks",
    "gender": "genders",
}
SLOW_ENOUGH = settings(
    deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@st.composite
def questions(draw: st.DrawFn) -> SearchQuery:
    postcode = draw(st.sampled_from([None, "3511", "1012", "9711", "6211", "4381"]))
    somewhere = postcode is not None
    chosen = {
        "cause": draw(st.lists(st.sampled_from(list(causes())), max_size=2, unique=True)),
        "intervention": draw(st.one_of(st.just([]), st.lists(st.sampled_from(list(interventions())), max_size=3))),
        "sickness_year": draw(st.sampled_from([None, 1, 2])),
        "week": draw(st.one_of(st.none(), st.integers(1, 130))),
        "postcode": postcode,
        "radius_km": draw(st.one_of(st.none(), st.floats(1, 200))) if somewhere else None,
        "online": draw(st.sampled_from([None, None, True, False])),
        "max_wait_days": draw(st.one_of(st.none(), st.integers(0, 90))),
        "disclosure": draw(st.sampled_from([None, None, *Disclosure])),
        "region": draw(st.one_of(st.just([]), st.lists(st.sampled_from(regions()), max_size=2))),
        "at_employee": draw(st.sampled_from([None, None, None, True, False])),
        "language": draw(st.one_of(st.just([]), st.lists(st.sampled_from(["nl", "pl", "tr"]), max_size=2))),
        "mark": draw(st.one_of(st.just([]), st.lists(st.sampled_from(MARKS), max_size=2))),
        "gender": draw(st.sampled_from([None, None, *Gender])),
        "accepts_now": draw(st.sampled_from([None, None, True, False])),
        "max_price_cents": draw(st.one_of(st.none(), st.integers(5_000, 300_000))),
        "sort": draw(st.sampled_from([sort for sort in Sort if somewhere or sort is not Sort.DISTANCE])),
    }
    query = SearchFilters(**chosen).for_tenant(
        draw(st.sampled_from([TENANT, OTHER_TENANT])), open_only=draw(st.booleans())
    )
    starred = draw(st.frozensets(st.sampled_from(NETWORKS).map(lambda one: one.offering_id), max_size=5))
    return query.model_copy(update={"favourites": starred})


def all_hits(engine: SearchEngine, query: SearchQuery) -> list[OfferingDocument]:
    """Return every result over all pages, as the offerings that they are."""
    known = oracle.by_id(NETWORKS)
    found: list[OfferingDocument] = []
    for page in range(1, 100):
        answer = engine.search(query.model_copy(update={"page": page, "page_size": 100}))
        found += [known[hit.offering_id] for hit in answer.hits]
        if len(found) >= answer.total:
            break
    return found


@SLOW_ENOUGH
@given(questions())
def test_exactly_the_matching_offerings_are_found(filled_engine: SearchEngine, query: SearchQuery) -> None:
    """R28."""
    expected = oracle.matching(NETWORKS, query)
    found = all_hits(filled_engine, query)
    assert len(found) == len(expected) == filled_engine.search(query).total
    assert {one.offering_id for one in found} == {one.offering_id for one in expected}


@SLOW_ENOUGH
@given(questions())
def test_counts_are_right_for_the_other_filters(filled_engine: SearchEngine, query: SearchQuery) -> None:
    """R28."""
    facets = filled_engine.search(query).facets
    for name in facets.keys() - LIMITS.keys():
        expected = Counter(
            value for one in oracle.matching(NETWORKS, query, without=name) for value in facet_values(one, name)
        )
        assert facets[name] == expected, name
    for name, limits in LIMITS.items():
        asked = [getattr(one, FIELDS[name]) for one in oracle.matching(NETWORKS, query, without=name)]
        assert facets[name] == {
            str(limit): sum(1 for value in asked if value is not None and value <= limit) for limit in limits
        }


def facet_values(offering: OfferingDocument, name: str) -> Sequence[str]:
    if name in SEVERAL:
        return [str(value) for value in getattr(offering, SEVERAL[name])]
    if name in ("online", "accepts_now"):
        return [str(getattr(offering, name)).lower()]
    return [str(getattr(offering, name))]


def test_a_chosen_value_counts_what_choosing_it_would_give(filled_engine: SearchEngine) -> None:
    before = filled_engine.search(SearchFilters(cause=["V01"], intervention=["MED"]).for_tenant(TENANT))
    for code, count in before.facets["intervention"].items():
        after = filled_engine.search(SearchFilters(cause=["V01"], intervention=[code]).for_tenant(TENANT))
        assert after.total == count


def test_one_tenant_never_finds_the_offerings_of_another(filled_engine: SearchEngine) -> None:
    for tenant in (TENANT, OTHER_TENANT):
        answer = filled_engine.search(SearchFilters(page_size=100).for_tenant(tenant))
        own = {one.offering_id for one in NETWORKS if one.tenant_id == tenant}
        assert answer.total == len(own)
        assert {hit.offering_id for hit in answer.hits} <= own


def test_who_may_only_see_open_offerings_gets_no_trace_of_others(filled_engine: SearchEngine) -> None:
    """R18."""
    answer = filled_engine.search(SearchFilters().for_tenant(TENANT, open_only=True))
    assert answer.facets["disclosure"] == {"OPEN": answer.total}
    hidden = {code for code, one in interventions().items() if one.disclosure != "OPEN"}
    assert not hidden & set(answer.facets["intervention"])
    assert filled_engine.search(SearchFilters(q="psycholoog").for_tenant(TENANT, open_only=True)).total == 0


def test_the_offerings_of_one_provider(filled_engine: SearchEngine) -> None:
    provider = next(one.provider_id for one in NETWORKS if one.tenant_id == TENANT)
    answer = filled_engine.search(SearchFilters(page_size=100).for_tenant(TENANT, provider_id=provider))
    own = {one.offering_id for one in NETWORKS if one.provider_id == provider}
    assert {hit.offering_id for hit in answer.hits} == own


@pytest.mark.parametrize("page", [2, 51, 10_000, 100_000])
def test_a_page_beyond_the_end_is_empty_and_keeps_the_total(filled_engine: SearchEngine, page: int) -> None:
    answer = filled_engine.search(SearchFilters(cause=["P01"], page=page, page_size=100).for_tenant(TENANT))
    assert answer.hits == ()
    assert answer.total > 0
