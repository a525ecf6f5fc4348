"""Comparing offerings: what stands in a column is what a search says of it, and no more than the asker may see."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col

from core.clock import today
from core.database import Door
from core.errors import Forbidden, Invalid, NotFound
from identity.actor import Actor
from identity.roles import Role
from network.favourites import star_offering
from network.tables import Contract, Offering, OfferingState, Registration, RegistrationKind
from network.taxonomy import interventions
from search.embedded.engine import TantivyEngine
from search.offerings_compare import Comparison, compare_offerings
from search.query import SearchFilters
from search.reasons import ReasonCode
from tests.network.offers import add_provider
from tests.search.indexed import Network
from tests.world import World


@pytest.fixture
def network(world: World, tmp_path: Path) -> Network:
    """An empty network with an empty index."""
    engine = TantivyEngine(tmp_path / "index")
    engine.rebuild(iter(()))
    return Network(world, engine)


def compare(network: Network, who: Actor | Role, *offering_ids: UUID, **asked: Any) -> Comparison:
    actor = network.world.actor(who) if isinstance(who, Role) else who
    with network.world.acting(Door.OPEN, actor) as session:
        return compare_offerings(session, actor, offering_ids, SearchFilters.model_validate(asked))


def test_columns_stand_as_asked_and_say_what_the_search_says(network: Network) -> None:
    provider_id = add_provider(network.world)
    cheap, usual, dear = (network.offer(provider_id, price_cents=cents) for cents in (8_000, 10_000, 15_000))
    asked: dict[str, Any] = {"cause": ["M01"], "sickness_year": 1, "week": 8, "postcode": "3812"}
    columns = compare(network, Role.PHYSICIAN, dear, cheap, usual, **asked).offerings
    assert [one.offering.id for one in columns] == [dear, cheap, usual]
    assert [one.median_cents for one in columns] == [10_000] * 3
    assert [one.price_percent for one in columns] == [50, -20, 0]
    kind = interventions()["PSY"]
    assert {(one.week_from, one.week_until) for one in columns} == {(kind.week_from, kind.week_until)}
    found = {one.offering.id: one for one in network.find(**asked).page.items}
    for one in columns:
        assert one.reasons == found[one.offering.id].reasons
        assert one.distance_km == pytest.approx(found[one.offering.id].distance_km)


def test_the_median_is_that_of_what_can_be_found_and_needs_three(network: Network) -> None:
    provider_id = add_provider(network.world)
    first, second = network.offer(provider_id, price_cents=10_000), network.offer(provider_id, price_cents=20_000)
    network.offer(provider_id, price_cents=90_000, state=OfferingState.SUBMITTED)
    assert [one.median_cents for one in compare(network, Role.PHYSICIAN, first, second).offerings] == [None, None]
    network.offer(provider_id, price_cents=40_000)
    network.offer(provider_id, price_cents=50_000)
    (column,) = compare(network, Role.PHYSICIAN, first).offerings
    assert (column.median_cents, column.price_percent) == (30_000, -67)
    assert ReasonCode.PRICE_LOW in [reason.code for reason in column.reasons]


def test_without_a_postcode_there_is_no_distance(network: Network) -> None:
    offering_id = network.offer(add_provider(network.world))
    assert compare(network, Role.PHYSICIAN, offering_id).offerings[0].distance_km is None


def test_only_valid_registrations_and_no_insurance(network: Network) -> None:
    provider_id = add_provider(network.world)
    offering_id = network.offer(provider_id)
    for kind, days in ((RegistrationKind.NIP, 0), (RegistrationKind.OVAL, -1), (RegistrationKind.INSURANCE, 30)):
        network.world.add(
            Registration(
                tenant_id=network.world.tenant_id,
                provider_id=provider_id,
                kind=kind,
                number="1",
                holder="Iemand",
                valid_until=today() + timedelta(days=days),
            )
        )
    (column,) = compare(network, Role.PHYSICIAN, offering_id).offerings
    assert set(column.offering.marks) == {RegistrationKind.BIG, RegistrationKind.NIP}


def test_a_case_manager_compares_what_is_open(network: Network) -> None:
    """R18."""
    provider_id = add_provider(network.world)
    hidden = network.offer(provider_id)
    mediation = network.offer(provider_id, intervention="MED", causes=["V01"], title="Mediation")
    found = compare(network, Role.CASE_MANAGER, mediation, hidden)
    assert ([one.offering.id for one in found.offerings], found.gone) == ([mediation], 1)
    with pytest.raises(NotFound):
        compare(network, Role.CASE_MANAGER, hidden)


def test_what_is_gone_is_counted_and_what_is_named_twice_stands_once(network: Network) -> None:
    """R29."""
    provider_id = add_provider(network.world)
    stays, goes = network.offer(provider_id), network.offer(provider_id)
    network.change(Offering, col(Offering.id) == goes, state=OfferingState.WITHDRAWN)
    elsewhere = Network(World(network.world.database), network.engine)
    foreign = elsewhere.offer(add_provider(elsewhere.world))
    found = compare(network, Role.PHYSICIAN, stays, goes, stays, foreign)
    assert ([one.offering.id for one in found.offerings], found.gone) == ([stays], 2)
    with pytest.raises(NotFound):
        compare(network, Role.PHYSICIAN, goes)


def test_a_fourth_is_refused_and_so_is_none(network: Network) -> None:
    for number in (0, 4, 5):
        with pytest.raises(Invalid) as refused:
            compare(network, Role.PHYSICIAN, *(uuid4() for _ in range(number)))
        assert [error.field for error in refused.value.errors] == ["offering"]


def test_the_own_organisation_and_the_favourite_are_labelled(network: Network) -> None:
    """R36."""
    own, other = add_provider(network.world, "Eigen"), add_provider(network.world, "Ander")
    network.change(Contract, col(Contract.provider_id) == own, own_organisation=True)
    ids = [network.offer(own), network.offer(other)]
    actor = network.world.actor(Role.DELEGATE)
    with network.world.acting(Door.CARE, actor) as session:
        star_offering(session, actor, ids[1])
    columns = compare(network, actor, *ids).offerings
    assert [one.offering.own_organisation for one in columns] == [True, False]
    assert [one.favourite for one in columns] == [False, True]


@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.INSURER, Role.SECRETARY, Role.AUDITOR])
def test_who_does_not_search_does_not_compare(network: Network, role: Role) -> None:
    offering_id = network.offer(add_provider(network.world))
    with pytest.raises((Forbidden, NotFound)):
        compare(network, role, offering_id)
