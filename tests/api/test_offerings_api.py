"""Offerings over JSON: published, approved and found; what is wrong, and what is none of the caller's business."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from core.clock import today
from core.database import Database
from identity.actor import Actor
from identity.roles import Role
from network.tables import OfferingState, RegistrationKind
from search.engines import engine_for
from tests.api.callers import Caller, callers, faulty_fields
from tests.network.offers import add_offering, add_provider
from tests.search.indexed import work_off
from tests.world import World
from worker.open_jobs import rebuild_index

OFFERING: dict[str, Any] = {
    "title": "Behandeling bij spanningsklachten",
    "description": "Acht gesprekken, werkgericht.",
    "intervention": "PSY",
    "causes": ["M01"],
    "sickness_years": [1, 2],
    "postcode": "3511 AB",
    "price": {"cents": 10_500, "currency": "EUR", "unit": "session"},
    "vat_rate": 0,
    "wait": {"stated_days": 10},
}


@pytest.fixture(scope="module")
def database(database_apart: Database) -> Database:
    """Of this module alone: an index that is built goes past everything that other tests made as well."""
    return database_apart


@pytest.fixture
def call(database: Database, world: World) -> Caller:
    """Somebody who calls the application."""
    return callers(database, world)


@pytest.fixture
def provider(world: World) -> Actor:
    """Somebody of a provider that has everything in order."""
    return world.actor(Role.PROVIDER, add_provider(world))


def found_by(client: TestClient, **asked: Any) -> dict[str, Any]:
    """Return what a caller finds."""
    answer = client.get("/offerings", params=asked)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_published_approved_and_found(world: World, call: Caller, provider: Actor) -> None:
    """R28, R29."""
    publisher, manager, physician = (
        call(provider),
        call(world.actor(Role.NETWORK_MANAGER)),
        call(world.actor(Role.PHYSICIAN)),
    )
    published = publisher.post("/offerings", json=OFFERING)
    assert (published.status_code, published.json()["state"]) == (201, "submitted")
    assert published.json()["possible"] == ["change", "wait", "withdraw"]
    assert [one["code"] for one in published.json()["obstacles"]] == ["not_approved"]
    offering_id = published.json()["id"]
    work_off(world)
    assert found_by(physician)["total"] == 0
    assert physician.get(f"/offerings/{offering_id}").status_code == 404
    approved = manager.post(f"/offerings/{offering_id}/approve")
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    work_off(world)
    body = found_by(physician, cause="M01", sickness_year=1, week=4, postcode="3812")
    assert (body["total"], body["page"], body["page_size"], body["sort"]) == (1, 1, 20, "fit")
    assert (body["degraded"], body["facets"]["intervention"]) == (False, {"PSY": 1})
    (row,) = body["results"]
    assert row["id"] == offering_id
    assert row["provider"] == {"id": str(provider.organisation_id), "name": "Praktijk De Brug"}
    assert row["price"] == {"cents": 10_500, "currency": "EUR", "unit": "session"}
    assert row["wait"] == {
        "stated_days": 10,
        "stated_on": str(today()),
        "stale": False,
        "median_days": None,
        "p80_days": None,
        "n": None,
    }
    assert 10 < row["distance_km"] < 30
    assert "Past bij de oorzaak in ziektejaar 1" in row["reasons"]
    assert physician.get(f"/offerings/{offering_id}").json()["description"] == "Acht gesprekken, werkgericht."


def test_reasons_come_in_the_language_of_the_caller(world: World, call: Caller, provider: Actor) -> None:
    """R33."""
    add_offering(world, provider.organisation_id, online=True)
    manager = call(world.actor(Role.NETWORK_MANAGER))
    assert "Kan online" in found_by(manager)["results"][0]["reasons"]


def test_publishing_twice_makes_one(call: Caller, provider: Actor) -> None:
    client = call(provider)
    first, second = (client.post("/offerings", json=OFFERING) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    other = client.post("/offerings", json=OFFERING | {"vat_rate": 21})
    assert (other.status_code, other.json()["code"]) == (409, "double")


def test_every_fault_is_answered_at_once(call: Caller, provider: Actor) -> None:
    wrong = {
        "title": "x" * 161,
        "description": "",
        "intervention": "NOPE",
        "causes": [],
        "sickness_years": [1, 7],
        "postcode": "12",
        "price": {"cents": -1, "currency": "USD", "unit": "week", "tip": 1},
        "vat_rate": 19,
        "price_valid_until": "1989-01-01",
        "wait": {"stated_days": "soon"},
        "diagnosis": "burn-out",
    }
    answer = call(provider).post("/offerings", json=wrong)
    assert answer.status_code == 422
    assert set(faulty_fields(answer.json())) == {
        "title",
        "description",
        "intervention",
        "causes",
        "sickness_years.1",
        "postcode",
        "price.cents",
        "price.currency",
        "price.unit",
        "price.tip",
        "vat_rate",
        "price_valid_until",
        "wait.stated_days",
        "diagnosis",
    }


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"cause": "Z9"}, "cause.0"),
        ({"sickness_year": 3}, "sickness_year"),
        ({"radius_km": 10}, "radius_km"),
        ({"postcode": "99"}, "postcode"),
        ({"page_size": 101}, "page_size"),
        ({"page": 0}, "page"),
        ({"sort": "paid"}, "sort"),
        ({"sort": "distance"}, "sort"),
        ({"bsn": "1"}, "bsn"),
        ({"state": "submitted"}, "state"),
        ({"q": "x" * 2_001}, "q"),
    ],
)
def test_a_question_that_cannot_be_answered_names_its_field(
    world: World, call: Caller, asked: dict[str, Any], field: str
) -> None:
    answer = call(world.actor(Role.PHYSICIAN)).get("/offerings", params=asked)
    assert (answer.status_code, faulty_fields(answer.json())) == (422, [field])


def test_filters_may_be_chosen_more_than_once(world: World, call: Caller, provider: Actor) -> None:
    """R28."""
    for intervention in ("PSY", "COA", "FYS"):
        add_offering(world, provider.organisation_id, intervention=intervention)
    manager = call(world.actor(Role.NETWORK_MANAGER))
    assert found_by(manager, intervention=["PSY", "COA"])["total"] == 2
    assert found_by(manager, q="", cause="", postcode="")["total"] == 3


def test_each_role_finds_its_own_part(world: World, call: Caller, provider: Actor) -> None:
    other = add_provider(world, "Een ander", RegistrationKind.MFN)
    mine = add_offering(world, provider.organisation_id, state=OfferingState.SUBMITTED)
    theirs = add_offering(world, other, intervention="MED", causes=["V01"])
    rebuild_index(world.database, engine_for(world.database.settings))
    expected: dict[Role, set[UUID]] = {
        Role.PROVIDER: {mine},
        Role.NETWORK_MANAGER: {mine, theirs},
        Role.PHYSICIAN: {theirs},
        Role.EMPLOYEE: {theirs},
        Role.CASE_MANAGER: {theirs},
    }
    for role, ids in expected.items():
        actor = provider if role is Role.PROVIDER else world.actor(role)
        assert {UUID(row["id"]) for row in found_by(call(actor))["results"]} == ids, role


@pytest.mark.parametrize(("role", "status"), [(Role.EMPLOYER, 404), (Role.INSURER, 404), (Role.SECRETARY, 403)])
def test_others_find_nothing_and_learn_nothing(world: World, call: Caller, role: Role, status: int) -> None:
    offering_id = add_offering(world, add_provider(world))
    client = call(world.actor(role))
    for answer in (
        client.get("/offerings"),
        client.get(f"/offerings/{offering_id}"),
        client.get(f"/offerings/{uuid4()}"),
    ):
        assert answer.status_code == status


def test_a_wait_is_stated_confirmed_and_bounded(world: World, call: Caller, provider: Actor) -> None:
    """R32."""
    offering_id = add_offering(world, provider.organisation_id, stated_on=today() - timedelta(days=50))
    client = call(provider)
    assert client.get(f"/offerings/{offering_id}").json()["wait"]["stale"] is True
    confirmed = client.post(f"/offerings/{offering_id}/wait").json()["wait"]
    assert (confirmed["stated_days"], confirmed["stale"]) == (10, False)
    stated = client.post(f"/offerings/{offering_id}/wait", json={"stated_days": 3}).json()
    assert (stated["wait"]["stated_days"], stated["state"]) == (3, "approved")
    assert faulty_fields(client.post(f"/offerings/{offering_id}/wait", json={"stated_days": 731}).json()) == [
        "stated_days"
    ]


def test_a_change_asks_for_approval_again_and_overwrites_nobody(world: World, call: Caller, provider: Actor) -> None:
    client = call(provider)
    offering = client.post("/offerings", json=OFFERING).json()
    path = f"/offerings/{offering['id']}"
    change = OFFERING | {"price": {"cents": 9_900, "unit": "session"}, "version": offering["version"]}
    changed = client.put(path, json=change)
    assert (changed.status_code, changed.json()["price"]["cents"]) == (200, 9_900)
    again = client.put(path, json=change)
    assert (again.status_code, again.json()["code"]) == (409, "overtaken")


def test_a_rejection_needs_a_known_reason_and_tells_it(world: World, call: Caller, provider: Actor) -> None:
    manager, client = call(world.actor(Role.NETWORK_MANAGER)), call(provider)
    path = f"/offerings/{client.post('/offerings', json=OFFERING).json()['id']}"
    assert faulty_fields(manager.post(f"{path}/reject", json={"reason": "ugly"}).json()) == ["reason"]
    assert manager.post(f"{path}/reject", json={"reason": "price"}).status_code == 200
    assert client.get(path).json()["rejection_reason"] == "price"
    withdrawn = client.post(f"{path}/withdraw")
    assert (withdrawn.json()["state"], withdrawn.json()["possible"]) == ("withdrawn", ["change"])
    again = client.post(f"{path}/withdraw")
    assert (again.status_code, again.json()["possible"]) == (409, ["change"])


def test_approval_may_choose_other_causes_and_knows_the_version(world: World, call: Caller, provider: Actor) -> None:
    """R37."""
    manager = call(world.actor(Role.NETWORK_MANAGER))
    offering = call(provider).post("/offerings", json=OFFERING).json()
    path = f"/offerings/{offering['id']}/approve"
    assert manager.post(path, json={"version": offering["version"] + 1}).status_code == 409
    assert faulty_fields(manager.post(path, json={"causes": ["Z99"]}).json()) == ["causes"]
    approved = manager.post(path, json={"version": offering["version"], "causes": ["M02", "M01"]})
    assert approved.json()["causes"] == ["M01", "M02"]


def test_writing_is_for_providers_and_deciding_for_the_manager(world: World, call: Caller, provider: Actor) -> None:
    offering_id = add_offering(world, provider.organisation_id, state=OfferingState.SUBMITTED)
    physician, publisher = call(world.actor(Role.PHYSICIAN)), call(provider)
    assert physician.post("/offerings", json=OFFERING).status_code == 403
    assert publisher.post(f"/offerings/{offering_id}/approve").status_code == 403
    stranger = call(world.actor(Role.PROVIDER, add_provider(world, "Vreemd")))
    assert stranger.put(f"/offerings/{offering_id}", json=OFFERING).status_code == 404
    assert stranger.get(f"/offerings/{offering_id}").status_code == 404
