"""Comparing, favourites and saved searches over JSON."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from core.database import Database
from identity.actor import Actor
from identity.roles import Role
from search.engines import engine_for
from tests.api.callers import Caller, callers, faulty_fields
from tests.network.offers import add_offering, add_provider
from tests.world import World
from worker.open_jobs import rebuild_index

NOT_KEEPERS = sorted(set(Role) - {Role.PHYSICIAN, Role.DELEGATE, Role.SYSTEM})


@pytest.fixture(scope="module")
def database(database_apart: Database) -> Database:
    """Of this module alone: an index that is built goes past everything that other tests made as well."""
    return database_apart


@pytest.fixture
def call(database: Database, world: World) -> Caller:
    return callers(database, world)


@pytest.fixture
def physician(world: World) -> Actor:
    return world.actor(Role.PHYSICIAN)


@pytest.fixture
def offering_ids(world: World) -> list[str]:
    """Four offerings that can be found, at prices that rise."""
    provider_id = add_provider(world)
    made = [add_offering(world, provider_id, price_cents=cents) for cents in (9_000, 10_000, 11_000, 20_000)]
    rebuild_index(world.database, engine_for(world.database.settings))
    return [str(offering_id) for offering_id in made]


def found_by(client: TestClient, **asked: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get("/offerings", params=asked).json()["results"]
    return rows


def test_up_to_three_side_by_side(call: Caller, physician: Actor, offering_ids: list[str]) -> None:
    client = call(physician)
    asked: dict[str, Any] = {
        "offering": [offering_ids[3], offering_ids[0]],
        "cause": "M01",
        "sickness_year": 1,
        "postcode": "3812",
    }
    body = client.get("/offerings/compare", params=asked).json()
    dear, cheap = body["offerings"]
    assert ([dear["id"], cheap["id"]], body["gone"]) == ([offering_ids[3], offering_ids[0]], 0)
    assert dear["median_price"] == {"cents": 10_500, "currency": "EUR"}
    assert (dear["price_percent"], cheap["price_percent"]) == (90, -14)
    assert (dear["marks"], dear["favourite"], dear["own_organisation"]) == (["big"], False, False)
    assert 10 < dear["distance_km"] < 30
    assert "Past bij de oorzaak in ziektejaar 1" in dear["reasons"]
    fourth = client.get("/offerings/compare", params={"offering": offering_ids})
    assert (fourth.status_code, faulty_fields(fourth.json())) == (422, ["offering"])
    assert "3 aanbiedingen" in fourth.json()["errors"][0]["message"]
    assert client.get("/offerings/compare").status_code == 422
    assert client.get("/offerings/compare", params={"offering": "x"}).status_code == 422
    assert client.get("/offerings/compare", params={"offering": str(uuid4())}).status_code == 404


def test_favourites_are_the_callers_own(world: World, call: Caller, physician: Actor, offering_ids: list[str]) -> None:
    client, colleague = call(physician), call(world.actor(Role.DELEGATE))
    before = [row["id"] for row in found_by(client)]
    last = before[-1]
    assert client.put(f"/favourites/{last}").status_code == 204
    assert client.put(f"/favourites/{last}").status_code == 204
    (kept,) = client.get("/favourites").json()["results"]
    assert (kept["id"], kept["findable"]) == (last, True)
    assert {row["id"]: row["favourite"] for row in found_by(client)} == {one: one == last for one in before}
    assert [row["id"] for row in found_by(colleague)] == before
    assert not any(row["favourite"] for row in found_by(colleague))
    assert colleague.get("/favourites").json()["total"] == 0
    assert client.delete(f"/favourites/{last}").status_code == 204
    assert client.get("/favourites").json()["total"] == 0
    assert client.put(f"/favourites/{uuid4()}").status_code == 404


def test_a_search_is_saved_renamed_looked_at_and_removed(
    world: World, call: Caller, physician: Actor, offering_ids: list[str]
) -> None:
    client, colleague = call(physician), call(world.actor(Role.PHYSICIAN))
    asked = {"q": "emdr", "cause": ["M01"], "week": 12, "sort": "wait", "page": 2}
    made = client.post("/saved-searches", json={"name": "Trauma", "warns": True, "filters": asked})
    assert made.status_code == 201
    assert made.json()["filters"] == {"q": "emdr", "cause": ["M01"], "sort": "wait"}
    assert (made.json()["warns"], made.json()["has_news"]) == (True, False)
    path = f"/saved-searches/{made.json()['id']}"
    assert client.get(path).json() == made.json()
    assert client.put(path, json={"name": "EMDR"}).json()["name"] == "EMDR"
    assert client.post(f"{path}/look").json()["has_news"] is False
    assert [one["name"] for one in client.get("/saved-searches").json()["results"]] == ["EMDR"]
    assert colleague.get("/saved-searches").json()["total"] == 0
    answers = [
        colleague.get(path),
        colleague.put(path, json={"name": "x"}),
        colleague.post(f"{path}/look"),
        colleague.delete(path),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert client.delete(path).status_code == 204
    assert (client.get(path).status_code, client.delete(path).status_code) == (404, 404)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "", "filters": {}}, "name"),
        ({"name": "x" * 81, "filters": {}}, "name"),
        ({"name": "a\nb", "filters": {}}, "name"),
        ({"name": "x", "filters": {"cause": ["ZZZ"]}}, "filters.cause.0"),
        ({"name": "x", "filters": {"case_id": str(UUID(int=1))}}, "filters.case_id"),
        ({"name": "x", "filters": {}, "case_id": str(UUID(int=1))}, "case_id"),
        ({"name": "x"}, "filters"),
    ],
)
def test_what_is_wrong_with_a_search_is_named(call: Caller, physician: Actor, body: dict[str, Any], field: str) -> None:
    answer = call(physician).post("/saved-searches", json=body)
    assert (answer.status_code, faulty_fields(answer.json())) == (422, [field])


@pytest.mark.parametrize("role", NOT_KEEPERS)
def test_others_keep_nothing(world: World, call: Caller, role: Role) -> None:
    client = call(world.actor(role))
    expected = 404 if role in (Role.EMPLOYER, Role.INSURER) else 403
    answers = [
        client.get("/favourites"),
        client.put(f"/favourites/{uuid4()}"),
        client.delete(f"/favourites/{uuid4()}"),
        client.get("/saved-searches"),
        client.post("/saved-searches", json={"name": "x", "filters": {}}),
        client.delete(f"/saved-searches/{uuid4()}"),
    ]
    assert [answer.status_code for answer in answers] == [expected] * len(answers)
