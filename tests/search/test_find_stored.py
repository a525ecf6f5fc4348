"""Without an index the database answers: the same offerings and counts, said to be degraded."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from core.clock import now, standing_at, today
from core.database import Database, Door
from identity.actor import system
from identity.roles import Role
from network.postcodes import places
from network.tables import MeasuredWait, Offering, PriceUnit
from network.tables import RegistrationKind as R
from network.taxonomy import causes, interventions
from search.embedded.engine import TantivyEngine
from search.indexing import FIRST, documents_after
from search.offerings_find import FoundOffering, FoundOfferings
from tests.network.offers import add_provider, offering
from tests.search.indexed import Network, ids
from tests.search.sample_network import TODAY
from tests.world import World

SIZE = 120
REGISTERS = ((), (R.SRA,), (R.MFN, R.BIG), (R.OVAL,), (R.SRA, R.MFN), (R.AGB,))
QUESTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"cause": ["M01"]},
    {"cause": ["P01", "W03"], "sickness_year": 2},
    {"intervention": ["PSY", "MED"]},
    {"online": True},
    {"online": False, "max_wait_days": 14},
    {"max_price_cents": 50_000},
    {"postcode": "3511", "radius_km": 40},
    {"postcode": "9712", "radius_km": 15, "cause": ["V01"]},
    {"postcode": "3511", "at_employee": True},
    {"at_employee": False, "region": ["Utrecht", "Zeeland"]},
    {"language": ["pl"], "gender": "female"},
    {"mark": ["sra", "mfn"]},
    {"accepts_now": False},
    {"disclosure": "CONF"},
    {"q": "12345678"},
    {"q": "mediation"},
    {"q": "arbeidsconflict", "sickness_year": 1},
)


@pytest.fixture(scope="module")
def network(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Network:
    """Offerings of every kind and place, some of them not visible; on the day of the tests."""
    with standing_at(datetime.combine(TODAY, time(12), UTC)):
        network = Network(World(database), TantivyEngine(tmp_path_factory.mktemp("index")))
        offerings = list(_various(network.world))
        network.world.add(*offerings)
        network.world.add(*_measured(offerings))
        actor = system(network.world.tenant_id)
        with network.world.acting(Door.OPEN, actor) as session:
            network.engine.rebuild(documents_after(session, actor, FIRST)[1])
    return network


@pytest.fixture
def broken(network: Network, tmp_path: Path) -> Network:
    """The same network with an index that is not there."""
    return Network(network.world, TantivyEngine(tmp_path / "nothing"))


def _various(world: World) -> Iterator[Offering]:
    provider_ids = [add_provider(world, f"Aanbieder {number}", *kinds) for number, kinds in enumerate(REGISTERS)]
    random, everywhere = Random(7), sorted(places().values(), key=lambda place: place.postcode)
    for number in range(SIZE):
        code, place = random.choice(sorted(interventions())), random.choice(everywhere)
        kind = interventions()[code]
        yield offering(
            world,
            random.choice(provider_ids),
            title=f"{kind.label} {number}",
            intervention=code,
            causes=[cause.code for cause in causes().values() if code in cause.interventions_in(None)],
            sickness_years=list(kind.sickness_years),
            online=random.random() < 0.2,
            nationwide=random.random() < 0.1,
            radius_km=random.choice((0, 10, 25, 40)),
            postcode=place.postcode,
            region=place.province,
            languages=random.choice((["nl"], ["nl", "en"], ["nl", "pl", "tr"])),
            genders=random.choice(([], ["female"], ["male"], ["female", "male"])),
            accepts_new=random.random() < 0.8,
            latitude=place.lat,
            longitude=place.lon,
            price_cents=random.randrange(5_000, 200_000),
            price_unit=random.choice(list(PriceUnit)),
            stated_wait_days=random.randrange(60),
            price_valid_until=today() - timedelta(days=1) if random.random() < 0.1 else None,
        )


def _measured(offerings: list[Offering]) -> Iterator[MeasuredWait]:
    random = Random(8)
    for number, one in enumerate(offerings):
        if number % 2:
            median, ago = random.randrange(50), timedelta(days=random.choice((1, 60)))
            yield MeasuredWait(
                offering_id=one.id,
                tenant_id=one.tenant_id,
                median_days=median,
                p80_days=median + random.randrange(20),
                n=random.randrange(6, 50),
                measured_at=now() - ago,
            )


def everything(network: Network, role: Role, question: dict[str, Any]) -> tuple[set[UUID], FoundOfferings]:
    """Return all that is found, over the pages, and the first page."""
    pages = [network.find(role, **question, page=page, page_size=100) for page in (1, 2)]
    return {offering_id for page in pages for offering_id in ids(page)}, pages[0]


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
@pytest.mark.parametrize("role", [Role.PHYSICIAN, Role.CASE_MANAGER])
def test_the_same_is_found_and_counted(network: Network, broken: Network, role: Role, question: dict[str, Any]) -> None:
    """R28."""
    expected, by_engine = everything(network, role, question)
    found, by_database = everything(broken, role, question)
    assert found == expected
    assert by_database.page.total == by_engine.page.total == len(expected)
    assert (by_engine.degraded, by_database.degraded) == (False, True)
    assert {name: dict(counts) for name, counts in by_database.facets.items()} == {
        name: dict(counts) for name, counts in by_engine.facets.items()
    }


def test_something_is_found_by_every_question(network: Network) -> None:
    for question in QUESTIONS:
        assert network.find(**question).page.total > 0, question


def what_counts(sort: str, one: FoundOffering) -> float | None:
    """Return the value by which a result is ordered."""
    if sort == "distance":
        return None if one.distance_km is None else round(one.distance_km, 3)
    return one.offering.wait_days if sort == "wait" else one.offering.price_cents


@pytest.mark.parametrize("sort", ["wait", "price", "distance"])
def test_orders_are_those_of_the_engine(network: Network, broken: Network, sort: str) -> None:
    """R33."""
    asked: dict[str, Any] = {"postcode": "6511", "sort": sort, "page_size": 50}
    by_engine, by_database = network.find(**asked).page.items, broken.find(**asked).page.items
    assert [what_counts(sort, one) for one in by_database] == [what_counts(sort, one) for one in by_engine]
    assert len(by_database) == 50


def test_an_index_that_cannot_be_read_is_as_good_as_none(world: World, tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    engine.rebuild(iter(()))
    offering_id = Network(world, engine).offer(add_provider(world))
    for file in tmp_path.rglob("meta.json"):
        file.write_text("{", encoding="ascii")
    found = Network(world, TantivyEngine(tmp_path)).find()
    assert (ids(found), found.degraded) == ([offering_id], True)


def test_fit_puts_what_the_cause_advises_first(broken: Network) -> None:
    codes = [one.offering.intervention for one in broken.find(cause=["M01"], sickness_year=1, page_size=50).page.items]
    advised = causes()["M01"].interventions_in(1)
    ranks = [advised.index(code) if code in advised else len(advised) for code in codes]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0


def test_reasons_are_given_without_an_index_too(broken: Network) -> None:
    """R33."""
    (first, *_others) = broken.find(cause=["M01"], postcode="3511", week=4).page.items
    assert {"fits_cause", "week_in_window", "distance"} & {reason.code.value for reason in first.reasons}


def test_a_text_without_a_word_is_no_filter(broken: Network) -> None:
    assert broken.find(q="% _").page.total == broken.find().page.total
