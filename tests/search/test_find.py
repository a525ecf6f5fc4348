"""Finding offerings: the index answers, the database has the last word."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col

from core.clock import now, today
from core.database import Door
from core.errors import Forbidden, Invalid, NotFound
from identity.roles import Role
from network.favourites import star_offering
from network.tables import Contract, MeasuredWait, Offering, OfferingState, OrganisationProfile, Registration
from search.embedded.engine import TantivyEngine
from tests.network.offers import add_provider
from tests.search.indexed import Network, ids
from tests.world import World


@pytest.fixture
def network(world: World, tmp_path: Path) -> Network:
    """An empty network with an empty index."""
    engine = TantivyEngine(tmp_path / "index")
    engine.rebuild(iter(()))
    return Network(world, engine)


def test_an_approved_offering_is_found_by_cause_and_year(network: Network) -> None:
    """R28."""
    provider_id = add_provider(network.world)
    both = network.offer(provider_id, causes=["M01"], sickness_years=[1, 2])
    network.offer(provider_id, causes=["M02"])
    network.offer(provider_id, causes=["M01"], sickness_years=[1])
    found = network.find(cause=["M01"], sickness_year=2)
    assert (ids(found), found.page.total, found.degraded) == ([both], 1, False)


def test_a_result_says_everything_that_people_weigh(network: Network) -> None:
    """R32, R34, R36."""
    provider_id = add_provider(network.world)
    offering_id = network.offer(provider_id, stated_on=today() - timedelta(days=31), stated_wait_days=9)
    network.change(Contract, col(Contract.provider_id) == provider_id, own_organisation=True)
    network.world.add(
        MeasuredWait(offering_id=offering_id, tenant_id=network.world.tenant_id, median_days=14, p80_days=22, n=8)
    )
    (result,) = network.find(cause=["M01"], sickness_year=1, postcode="3812", week=4).page.items
    offering = result.offering
    assert (offering.stated_wait_days, offering.wait_is_stale) == (9, True)
    assert (offering.median_wait_days, offering.p80_wait_days, offering.measured_n) == (14, 22, 8)
    assert (offering.own_organisation, offering.evidence) == (True, "practice")
    assert result.distance_km == pytest.approx(20, abs=5)
    sentences = [reason.sentence for reason in result.reasons]
    assert "Past bij de oorzaak in ziektejaar 1" in sentences
    assert "Wachttijd van 9 dagen is langer dan 30 dagen geleden opgegeven" in sentences


def yesterday() -> date:
    """Return the day before the one that holds in a test."""
    return today() - timedelta(days=1)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (Offering.state, lambda: OfferingState.SUBMITTED),
        (Offering.state, lambda: OfferingState.WITHDRAWN),
        (Offering.price_valid_until, yesterday),
        (Contract.ends_on, yesterday),
        (Contract.suspended_at, now),
        (Registration.valid_until, yesterday),
    ],
    ids=["submitted", "withdrawn", "price", "contract", "suspended", "registration"],
)
def test_what_the_index_has_not_heard_of_is_hidden_all_the_same(
    network: Network, column: Any, value: Callable[[], object]
) -> None:
    """R29, R30, R31, R35."""
    hidden, shown = add_provider(network.world, "Verborgen"), add_provider(network.world, "Zichtbaar")
    network.offer(hidden)
    stays = network.offer(shown)
    assert network.find().page.total == 2
    network.change(column.class_, column.class_.provider_id == hidden, **{column.key: value()})
    found = network.find()
    assert (ids(found), found.page.total) == ([stays], 1)


def test_values_are_those_of_now_not_those_of_the_index(network: Network) -> None:
    offering_id = network.offer(add_provider(network.world), stated_wait_days=40, title="Oude titel")
    network.change(Offering, col(Offering.id) == offering_id, stated_wait_days=3, title="Nieuwe titel")
    (result,) = network.find().page.items
    assert (result.offering.stated_wait_days, result.offering.title) == (3, "Nieuwe titel")


def test_a_case_manager_finds_open_offerings_only(network: Network) -> None:
    """R18."""
    provider_id = add_provider(network.world)
    network.offer(provider_id)
    mediation = network.offer(provider_id, intervention="MED", causes=["V01"], title="Mediation")
    found = network.find(Role.CASE_MANAGER)
    assert ids(found) == [mediation]
    assert found.facets["intervention"] == {"MED": 1}


def test_a_name_that_has_come_to_tell_of_care_closes_at_once(network: Network) -> None:
    provider_id = add_provider(network.world)
    network.offer(provider_id, intervention="MED", causes=["V01"])
    network.change(OrganisationProfile, col(OrganisationProfile.organisation_id) == provider_id, name_reveals_care=True)
    assert ids(network.find(Role.CASE_MANAGER)) == []
    assert len(ids(network.find(Role.PHYSICIAN))) == 1


@pytest.mark.parametrize("role", [Role.PHYSICIAN, Role.DELEGATE, Role.EMPLOYEE])
def test_those_who_look_for_help_find_what_is_visible(network: Network, role: Role) -> None:
    provider_id = add_provider(network.world)
    offering_id = network.offer(provider_id)
    network.offer(provider_id, state=OfferingState.SUBMITTED)
    assert ids(network.find(role)) == [offering_id]
    with pytest.raises(Invalid) as refused:
        network.find(role, state=OfferingState.SUBMITTED)
    assert [error.field for error in refused.value.errors] == ["state"]


@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.INSURER, Role.SECRETARY, Role.AUDITOR])
def test_others_do_not_search(network: Network, role: Role) -> None:
    with pytest.raises((Forbidden, NotFound)):
        network.find(role)


def test_a_provider_finds_its_own_in_every_state(network: Network) -> None:
    mine, theirs = add_provider(network.world, "Mijn"), add_provider(network.world, "Hun")
    own = {state: network.offer(mine, state=state) for state in OfferingState}
    network.offer(theirs)
    actor = network.world.actor(Role.PROVIDER, mine)
    found = network.find(actor)
    assert set(ids(found)) == set(own.values())
    assert not found.degraded
    assert ids(network.find(actor, state=OfferingState.REJECTED)) == [own[OfferingState.REJECTED]]


def test_the_network_manager_finds_all(network: Network) -> None:
    for name in ("Een", "Twee"):
        provider_id = add_provider(network.world, name)
        network.offer(provider_id)
        network.offer(provider_id, state=OfferingState.SUBMITTED)
    assert network.find(Role.NETWORK_MANAGER).page.total == 4
    assert network.find(Role.NETWORK_MANAGER, state=OfferingState.SUBMITTED).page.total == 2


def test_tenants_do_not_find_each_other(network: Network) -> None:
    other = Network(World(network.world.database), network.engine)
    mine, theirs = network.offer(add_provider(network.world)), other.offer(add_provider(other.world))
    assert (ids(network.find()), ids(other.find())) == ([mine], [theirs])


def test_pages_follow_each_other_without_gap_or_double(network: Network) -> None:
    provider_id = add_provider(network.world)
    made = {network.offer(provider_id, title=f"Aanbod {number}") for number in range(7)}
    pages = [network.find(page=page, page_size=3) for page in (1, 2, 3, 4)]
    assert [len(page.page.items) for page in pages] == [3, 3, 1, 0]
    assert {offering_id for page in pages for offering_id in ids(page)} == made
    assert {page.page.total for page in pages} == {7}


def test_facets_count_what_another_choice_would_give(network: Network) -> None:
    provider_id = add_provider(network.world)
    for intervention in ("PSY", "PSY", "FYS"):
        network.offer(provider_id, intervention=intervention)
    for found in (network.find(intervention=["PSY"]), network.find(Role.NETWORK_MANAGER, intervention=["PSY"])):
        assert found.page.total == 2
        assert found.facets["intervention"] == {"PSY": 2, "FYS": 1}
        assert found.facets["cause"] == {"M01": 2}


def test_a_favourite_stands_up_for_its_owner_alone(network: Network) -> None:
    """R33."""
    provider_id = add_provider(network.world)
    made = [network.offer(provider_id) for _ in range(4)]
    owner, colleague = network.world.actor(Role.PHYSICIAN), network.world.actor(Role.PHYSICIAN)
    before = ids(network.find(colleague))
    with network.world.acting(Door.CARE, owner) as session:
        star_offering(session, owner, before[-1])
    mine = network.find(owner)
    assert ids(mine) == [before[-1], *before[:-1]]
    assert [one.favourite for one in mine.page.items] == [True, False, False, False]
    assert mine.page.items[0].reasons[0].sentence == "Uw favoriet"
    for sort in ("wait", "price"):
        assert ids(network.find(owner, sort=sort)) == ids(network.find(colleague, sort=sort))
    for other in (colleague, Role.EMPLOYEE, Role.NETWORK_MANAGER):
        found = network.find(other)
        assert set(ids(found)) == set(made)
        assert not any(one.favourite for one in found.page.items)
    assert ids(network.find(colleague)) == before


def test_without_an_index_a_favourite_is_still_labelled(network: Network, tmp_path: Path) -> None:
    offering_id = network.offer(add_provider(network.world))
    owner = network.world.actor(Role.DELEGATE)
    with network.world.acting(Door.CARE, owner) as session:
        star_offering(session, owner, offering_id)
    network.engine = TantivyEngine(tmp_path / "nothing")
    (result,) = network.find(owner).page.items
    assert result.favourite


def test_words_that_no_offering_holds_together_are_left_out_from_the_end(network: Network) -> None:
    provider_id = add_provider(network.world)
    one = network.offer(provider_id, title="Weerbaarheid op het werk")
    network.offer(provider_id, title="Slapen na nachtdienst")
    found = network.find(q="weerbaarheid nachtdienst")
    assert (ids(found), found.ignored_words) == ([one], ("nachtdienst",))
    assert network.find(q="weerbaarheid").ignored_words == ()
    assert network.find(q='weerbaarheid "nachtdienst"').page.total == 0


def test_words_are_not_left_out_when_a_filter_keeps_everything_away(network: Network) -> None:
    network.offer(add_provider(network.world), title="Weerbaarheid op het werk", causes=["M01"])
    found = network.find(q="weerbaarheid werk", cause=["P01"])
    assert (found.page.total, found.ignored_words) == (0, ())


def test_a_wait_of_one_day_is_said_as_people_do(network: Network) -> None:
    network.offer(add_provider(network.world), stated_wait_days=1)
    (result,) = network.find().page.items
    assert "Wachttijd volgens de aanbieder: 1 dag" in [reason.sentence for reason in result.reasons]
