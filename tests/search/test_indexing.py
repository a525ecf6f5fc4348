"""The index follows the database: by one offering, by a provider, and all of it anew."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, select

from core.clock import now, standing_at, today
from core.database import Database, Door
from identity.actor import system
from identity.roles import Role
from network.contracts import suspend_contract
from network.offerings_decide import approve_offering
from network.offerings_publish import publish_offering, withdraw_offering
from network.tables import Contract, OfferingState
from search.embedded.engine import TantivyEngine
from search.engines import engine_for
from search.indexing import FIRST, documents_after, index_provider
from tests.conftest import settings_for_tests
from tests.network.desk import values
from tests.network.offers import add_offering, add_provider
from tests.search.indexed import Network, ids, work_off
from tests.world import World
from worker import open_jobs


@pytest.fixture(scope="module")
def database(database_apart: Database) -> Database:
    """Of this module alone: an index that is built goes past everything that other tests made as well."""
    return database_apart


@pytest.fixture
def network(world: World, tmp_path: Path) -> Network:
    """An empty network with an empty index."""
    engine = TantivyEngine(tmp_path / "index")
    engine.rebuild(iter(()))
    return Network(world, engine)


def test_a_decision_enters_and_a_withdrawal_leaves(network: Network) -> None:
    """R29."""
    provider_id = add_provider(network.world)
    offering_id = network.offer(provider_id, state=OfferingState.SUBMITTED)
    assert network.engine.count() == 0
    manager, provider = network.world.actor(Role.NETWORK_MANAGER), network.world.actor(Role.PROVIDER, provider_id)
    with network.world.acting(Door.OPEN, manager) as session:
        approve_offering(session, manager, offering_id)
    network.follow(offering_id)
    assert network.engine.count() == 1
    with network.world.acting(Door.OPEN, provider) as session:
        withdraw_offering(session, provider, offering_id)
    network.follow(offering_id)
    assert network.engine.count() == 0


def test_a_suspension_takes_out_all_of_a_provider_and_nothing_else(network: Network) -> None:
    provider_id = add_provider(network.world, "Opgeschort")
    for number in range(3):
        network.offer(provider_id, title=f"Aanbod {number}")
    stays = network.offer(add_provider(network.world, "Ander"))
    manager, actor = network.world.actor(Role.NETWORK_MANAGER), system(network.world.tenant_id)
    with network.world.acting(Door.OPEN, manager) as session:
        contract_id = session.exec(select(Contract.id).where(col(Contract.provider_id) == provider_id)).one()
        suspend_contract(session, manager, contract_id)
    with network.world.acting(Door.OPEN, actor) as session:
        index_provider(session, actor, network.engine, provider_id)
    assert network.engine.count() == 1
    assert ids(network.find()) == [stays]


def test_a_network_is_read_in_pieces_without_gap_or_double(network: Network) -> None:
    provider_id = add_provider(network.world)
    made = {add_offering(network.world, provider_id, title=f"Aanbod {number}") for number in range(5)}
    hidden = add_offering(network.world, provider_id, state=OfferingState.SUBMITTED)
    read: list[UUID] = []
    last: UUID | None = FIRST
    actor = system(network.world.tenant_id)
    while last is not None:
        with network.world.acting(Door.OPEN, actor) as session:
            last, documents = documents_after(session, actor, last, limit=2)
        read += [document.offering_id for document in documents]
    assert (len(read), set(read)) == (5, made)
    assert hidden not in read


def test_a_document_holds_published_facts_only(network: Network) -> None:
    provider_id = add_provider(network.world, "Praktijk De Brug")
    offering_id = add_offering(network.world, provider_id, radius_km=25, description="Acht gesprekken.")
    actor = system(network.world.tenant_id)
    with network.world.acting(Door.OPEN, actor) as session:
        (document,) = documents_after(session, actor, FIRST)[1]
    assert (document.offering_id, document.provider_name, document.summary) == (
        offering_id,
        "Praktijk De Brug",
        "Acht gesprekken.",
    )
    assert (document.travel_radius_km, document.postcode, document.disclosure) == (25, "3511", "CONF")
    assert (document.week_from, document.week_until) == (2, 80)


def test_from_publication_to_being_found(world: World) -> None:
    """R29."""
    network = Network(world, engine_for(world.database.settings))
    open_jobs.rebuild_index(world.database, network.engine)
    provider_id = add_provider(world)
    provider, manager = world.actor(Role.PROVIDER, provider_id), world.actor(Role.NETWORK_MANAGER)
    with world.acting(Door.OPEN, provider) as session:
        offering_id = publish_offering(session, provider, values()).offering.id
    assert (work_off(world), ids(network.find())) == (1, [])
    with world.acting(Door.OPEN, manager) as session:
        approve_offering(session, manager, offering_id)
    assert (work_off(world), ids(network.find(cause=["M01"], sickness_year=1))) == (1, [offering_id])
    with world.acting(Door.OPEN, manager) as session:
        contract_id = session.exec(select(Contract.id).where(col(Contract.provider_id) == provider_id)).one()
        suspend_contract(session, manager, contract_id)
    assert work_off(world) == 1
    assert network.find().facets["intervention"] == {}


def test_a_job_without_an_index_builds_one(world: World, tmp_path: Path) -> None:
    database = Database(settings_for_tests(tmp_path), world.database.owner_url)
    offering_id = add_offering(world, add_provider(world))
    open_jobs.index_offering(database, str(offering_id), str(world.tenant_id))
    database.dispose()
    assert ids(Network(world, engine_for(database.settings)).find()) == [offering_id]


def test_every_night_what_a_date_has_ended_leaves_the_index(world: World, tmp_path: Path) -> None:
    """R30."""
    database = Database(settings_for_tests(tmp_path), world.database.owner_url)
    network, provider_id = Network(world, engine_for(database.settings)), add_provider(world)
    add_offering(world, provider_id, price_valid_until=today())
    stays = add_offering(world, provider_id)
    open_jobs.rebuild_nightly(database)
    assert network.find().facets["intervention"] == {"PSY": 2}
    with standing_at(now() + timedelta(days=1)):
        open_jobs.rebuild_nightly(database)
        assert network.find().facets["intervention"] == {"PSY": 1}
        assert ids(network.find()) == [stays]
    database.dispose()


def test_one_process_has_one_engine(tmp_path: Path) -> None:
    settings = settings_for_tests(tmp_path)
    assert engine_for(settings) is engine_for(settings_for_tests(tmp_path))
    assert engine_for(settings) is not engine_for(settings_for_tests(tmp_path / "other"))
