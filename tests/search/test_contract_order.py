"""Contract: results stand in the order that is asked for, always the same, and page after page (R33)."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given

from core.clock import standing_at
from search.gateway import SearchEngine
from search.query import SearchFilters, SearchQuery, Sort
from search.reasons import ReasonCode
from tests.search import oracle
from tests.search.conftest import Fill
from tests.search.sample_network import TENANT, TODAY, offering
from tests.search.test_contract_filters import NETWORKS, SLOW_ENOUGH, all_hits, questions


@SLOW_ENOUGH
@given(questions())
def test_the_order_is_the_one_that_is_defined(filled_engine: SearchEngine, query: SearchQuery) -> None:
    """R32, R33."""
    found = all_hits(filled_engine, query)
    if query.sort is Sort.FIT:
        key = oracle.fit_key(NETWORKS, query)
        assert [key(one) for one in found] == sorted(key(one) for one in found)
    else:
        values = [oracle.sort_value(one, query) for one in found]
        assert values == pytest.approx(sorted(values))


@SLOW_ENOUGH
@given(questions())
def test_small_pages_together_are_the_large_page(filled_engine: SearchEngine, query: SearchQuery) -> None:
    large = filled_engine.search(query.model_copy(update={"page_size": 60}))
    small = [
        hit.offering_id
        for page in range(1, 5)
        for hit in filled_engine.search(query.model_copy(update={"page": page, "page_size": 15})).hits
    ]
    assert small == [hit.offering_id for hit in large.hits]


def test_the_same_question_gives_the_same_answer(filled_engine: SearchEngine) -> None:
    query = SearchFilters(cause=["W02"], postcode="3511").for_tenant(TENANT)
    assert filled_engine.search(query) == filled_engine.search(query)


def test_the_order_does_not_depend_on_the_order_of_indexing(engine: SearchEngine) -> None:
    """R33."""
    query = SearchFilters(page_size=100).for_tenant(TENANT)
    answers = []
    for documents in (NETWORKS[:200], NETWORKS[199::-1]):
        engine.rebuild(iter(documents))
        answers.append([hit.offering_id for hit in engine.search(query).hits])
    assert answers[0] == answers[1]


def ids(*numbers: int) -> list[UUID]:
    return [UUID(int=number, version=4) for number in numbers]


def test_a_shorter_wait_comes_first_when_the_rest_is_equal(fill: Fill) -> None:
    """R32."""
    slow, quick = ids(1, 2)
    ask = fill(offering(offering_id=slow, wait_days=40), offering(offering_id=quick, wait_days=4))
    assert [hit.offering_id for hit in ask().hits] == [quick, slow]


def test_a_wait_that_went_stale_no_longer_helps(fill: Fill) -> None:
    """R32."""
    stale, recent = ids(1, 2)
    ask = fill(
        offering(offering_id=stale, wait_days=1, wait_on=TODAY - timedelta(days=31)),
        offering(offering_id=recent, wait_days=25, wait_on=TODAY - timedelta(days=30)),
    )
    answer = ask()
    assert [hit.offering_id for hit in answer.hits] == [recent, stale]
    assert ReasonCode.WAIT_STALE in [reason.code for reason in answer.hits[1].reasons]


def test_a_far_offering_comes_after_a_near_one(fill: Fill) -> None:
    far, near = ids(1, 2)
    ask = fill(offering(offering_id=far, postcode="9711"), offering(offering_id=near, postcode="3512"))
    answer = ask(postcode="3511 AB")
    assert [hit.offering_id for hit in answer.hits] == [near, far]
    assert answer.hits[0].distance_km == pytest.approx(1, abs=1)
    assert answer.hits[1].distance_km == pytest.approx(159, abs=2)


def test_online_and_nationwide_offerings_do_not_fall_out_of_a_radius(fill: Fill) -> None:
    near, far, online, nationwide, comes, comes_not = ids(1, 2, 3, 4, 5, 6)
    ask = fill(
        offering(offering_id=near, postcode="3512"),
        offering(offering_id=far, postcode="9711"),
        offering(offering_id=online, postcode=None, online=True),
        offering(offering_id=nationwide, postcode="9711", nationwide=True),
        offering(offering_id=comes, postcode="1012", travel_radius_km=40),
        offering(offering_id=comes_not, postcode="1012", travel_radius_km=30),
    )
    answer = ask(postcode="3511", radius_km=10)
    assert {hit.offering_id for hit in answer.hits} == {near, online, nationwide, comes}
    reasons = {hit.offering_id: {reason.code for reason in hit.reasons} for hit in answer.hits}
    assert ReasonCode.ONLINE in reasons[online]
    assert ReasonCode.NATIONWIDE in reasons[nationwide]
    assert ReasonCode.COMES_TO_EMPLOYEE in reasons[comes]


@pytest.mark.parametrize("sort", list(Sort))
def test_a_favourite_stands_before_its_equals_in_the_order_fit_only(
    fill: Fill, engine: SearchEngine, sort: Sort
) -> None:
    equals = ids(*range(1, 9))
    fill(*(offering(offering_id=one) for one in equals))
    plain = SearchFilters(sort=sort, postcode="3511").for_tenant(TENANT)
    before = [hit.offering_id for hit in engine.search(plain).hits]
    favourite = before[-1]
    answer = engine.search(plain.model_copy(update={"favourites": frozenset({favourite})}))
    after = [hit.offering_id for hit in answer.hits]
    assert after == ([favourite, *before[:-1]] if sort is Sort.FIT else before)
    assert next(reason.code for reason in answer.hits[after.index(favourite)].reasons) == ReasonCode.FAVOURITE
    # The next one asks without favourites, and notices nothing of those of others.
    assert [hit.offering_id for hit in engine.search(plain).hits] == before


def test_a_favourite_does_not_come_before_what_fits_much_better(fill: Fill, engine: SearchEngine) -> None:
    """R33."""
    quick, favourite = ids(1, 2)
    fill(offering(offering_id=quick, wait_days=4), offering(offering_id=favourite, wait_days=40))
    query = SearchFilters().for_tenant(TENANT).model_copy(update={"favourites": frozenset({favourite})})
    assert [hit.offering_id for hit in engine.search(query).hits] == [quick, favourite]


def test_without_a_place_stands_last_by_distance(fill: Fill) -> None:
    nowhere, far, near = ids(1, 2, 3)
    ask = fill(
        offering(offering_id=nowhere, postcode=None, online=True),
        offering(offering_id=far, postcode="6211"),
        offering(offering_id=near, postcode="3512"),
    )
    answer = ask(postcode="3511", sort="distance")
    assert [hit.offering_id for hit in answer.hits] == [near, far, nowhere]
    assert answer.hits[2].distance_km is None


def test_equals_take_turns_over_the_days(fill: Fill, engine: SearchEngine) -> None:
    """R33."""
    fill(*(offering(offering_id=one) for one in ids(*range(1, 9))))
    first = set()
    for day in range(7):
        with standing_at(datetime.combine(TODAY + timedelta(days=day), time(12), UTC)):
            first.add(engine.search(SearchFilters().for_tenant(TENANT)).hits[0].offering_id)
    assert len(first) >= 3
