"""Whether help comes in time for the step of the law that waits for it, held against a count week by week."""

from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import today
from network.offering_view import OfferingView
from network.tables import MeasuredWait
from network.taxonomy import interventions
from search.deadlines import ANY_OTHER, What, deadline_reasons, deadlines, next_deadline
from search.embedded.engine import TantivyEngine
from search.reasons import ReasonCode
from tests.network.offers import add_provider
from tests.search.indexed import Network
from tests.world import World

TOO_LATE = {ReasonCode.START_MISSES_DEADLINE, ReasonCode.FINISH_MISSES_DEADLINE, ReasonCode.TAKES_TOO_LONG}


@pytest.fixture
def network(world: World, tmp_path: Path) -> Network:
    """An empty network with an empty index."""
    engine = TantivyEngine(tmp_path / "index")
    engine.rebuild(iter(()))
    return Network(world, engine)


@pytest.fixture
def shown(network: Network) -> OfferingView:
    """A labour expert who takes two weeks of waiting and four of work."""
    provider_id = add_provider(network.world)
    network.offer(provider_id, intervention="ADO", causes=["X02"], stated_wait_days=14, programme_weeks=4)
    return network.find().page.items[0].offering


def an_offering(code: str, wait_days: int, programme_weeks: int) -> OfferingView:
    """Return an offering of which only what counts for a deadline is known."""
    known: dict[str, Any] = {field.name: None for field in fields(OfferingView)}
    counts = {"stated_wait_days": wait_days, "stated_on": today(), "programme_weeks": programme_weeks}
    return OfferingView(**known | counts | {"intervention": code, "accepts_new": True})


def said(offering: OfferingView, week: int | None) -> dict[ReasonCode, str]:
    return {reason.code: reason.sentence for reason in deadline_reasons(week, offering)}


@pytest.mark.parametrize(
    ("week", "code", "sentence"),
    [
        (46, "finish_meets_deadline", "Op tijd: klaar voor het einde van week 51, zoals de wet vraagt"),
        (47, "finish_misses_deadline", "Te laat klaar: na week 51, tenzij het in week 48 al begint"),
        (48, "finish_misses_deadline", "Te laat klaar: na week 51, tenzij het in week 48 al begint"),
        (49, "takes_too_long", "Te laat klaar: na week 51, tenzij het in 3 weken kan"),
        (52, "finish_meets_deadline", "Op tijd: klaar voor het einde van week 90, zoals de wet vraagt"),
    ],
)
def test_a_result_says_whether_it_is_finished_in_time(
    shown: OfferingView, week: int, code: ReasonCode, sentence: str
) -> None:
    """R65."""
    assert said(shown, week) == {code: sentence}


@pytest.mark.parametrize(("week", "late"), [(56, False), (57, True), (58, True)])
def test_the_second_track_has_to_have_started(shown: OfferingView, week: int, late: bool) -> None:
    """R65."""
    second_track = replace(shown, intervention="SP2", programme_weeks=26)
    code = ReasonCode.START_MISSES_DEADLINE if late else ReasonCode.START_MEETS_DEADLINE
    assert set(said(second_track, week)) == {code}
    assert said(second_track, 59) == {}  # what has passed is the business of a warning, not of a result


def test_what_has_no_deadline_of_its_own_ends_with_the_hundred_and_four_weeks(shown: OfferingView) -> None:
    coaching = replace(shown, intervention="COA", programme_weeks=12)
    assert said(coaching, 30) == {}
    assert set(said(coaching, 92)) == {ReasonCode.FINISH_MISSES_DEADLINE}


def test_nothing_is_said_without_a_week_or_of_whoever_takes_nobody(shown: OfferingView) -> None:
    assert said(shown, None) == {}
    assert said(replace(shown, accepts_new=False), 49) == {}


def test_a_wait_that_is_too_old_warns_but_reassures_nobody(shown: OfferingView) -> None:
    """R32."""
    old = replace(shown, stated_on=today() - timedelta(days=31))
    assert said(old, 40) == {}
    assert set(said(old, 47)) == {ReasonCode.FINISH_MISSES_DEADLINE}


def test_a_measured_wait_counts_before_a_stated_one(network: Network) -> None:
    """R32."""
    offering_id = network.offer(
        add_provider(network.world), intervention="ADO", causes=["X02"], stated_wait_days=0, programme_weeks=4
    )
    assert ReasonCode.FINISH_MEETS_DEADLINE in {each.code for each in network.find(week=47).page.items[0].reasons}
    measured = MeasuredWait(
        offering_id=offering_id, tenant_id=network.world.tenant_id, median_days=40, p80_days=50, n=20
    )
    network.world.add(measured)
    assert ReasonCode.FINISH_MISSES_DEADLINE in {each.code for each in network.find(week=47).page.items[0].reasons}


@given(
    code=st.sampled_from(sorted(interventions())),
    week=st.integers(1, 120),
    wait=st.integers(0, 400),
    programme=st.integers(1, 104),
)
def test_it_is_late_exactly_when_a_walk_through_the_weeks_says_so(
    code: str, week: int, wait: int, programme: int
) -> None:
    offering = an_offering(code, wait, programme)
    deadline = next_deadline(code, week)
    late = bool(set(said(offering, week)) & TOO_LATE)
    if deadline is None:
        assert not late
        return
    start = week
    while wait > 0:  # every week that has begun is a week of waiting
        wait -= 7
        start += 1
    worked = list(range(start, start + programme))
    assert late == ((worked[0] if deadline.what is What.START else worked[-1]) > deadline.last_week)


def test_deadlines_are_of_interventions_that_exist_and_stand_in_order() -> None:
    assert set(deadlines()) - {ANY_OTHER} <= set(interventions())
    for known in deadlines().values():
        assert [each.last_week for each in known] == sorted(each.last_week for each in known)
