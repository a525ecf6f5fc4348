"""Providers, contracts and registrations over JSON."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from core.clock import today
from identity.roles import Role
from tests.api.callers import Caller, faulty_fields
from tests.network.offers import BIG, add_offering, add_provider
from tests.world import World

PROVIDER: dict[str, Any] = {
    "name": "Mediation Midden",
    "kvk": "12345678",
    "iban": "NL91ABNA0417164300",
    "street": "Oudegracht 1",
    "postcode": "3511 AB",
    "city": "Utrecht",
    "email": "post@mediation-midden.test",
    "name_reveals_care": False,
}


def day(days: int) -> str:
    """Return the date so many days from now."""
    return str(today() + timedelta(days=days))


def test_admitted_listed_and_changed(world: World, call: Caller) -> None:
    client = call(world.actor(Role.NETWORK_MANAGER))
    first, second = (client.post("/providers", json=PROVIDER | {"starts_on": day(0)}) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert (first.json()["under_contract"], first.json()["offerings"]) == (True, 0)
    path = f"/providers/{first.json()['id']}"
    changed = client.put(path, json=PROVIDER | {"city": "Zeist"})
    assert (changed.status_code, client.get(path).json()["city"]) == (200, "Zeist")
    assert client.get("/providers", params={"q": "zeist"}).json()["total"] == 1
    assert client.get("/providers", params={"q": "nergens"}).json()["results"] == []
    conflict = client.post("/providers", json=PROVIDER | {"starts_on": day(0)})
    assert (conflict.status_code, conflict.json()["possible"]) == (409, ["change"])


def test_every_fault_is_answered_at_once(world: World, call: Caller) -> None:
    answer = call(world.actor(Role.NETWORK_MANAGER)).post(
        "/providers", json={"name": "A\x00b", "kvk": "1", "iban": "x", "starts_on": day(10), "ends_on": day(9)}
    )
    assert answer.status_code == 422
    assert set(faulty_fields(answer.json())) == {
        *("name", "kvk", "iban", "ends_on"),
        *("street", "postcode", "city", "email", "name_reveals_care"),
    }


def test_signs_that_no_text_holds_are_refused_in_a_search(world: World, call: Caller) -> None:
    answer = call(world.actor(Role.NETWORK_MANAGER)).get("/providers", params={"q": "a\x00b"})
    assert (answer.status_code, faulty_fields(answer.json())) == (422, ["q"])


def test_a_contract_from_agreed_to_ended(world: World, call: Caller) -> None:
    client = call(world.actor(Role.NETWORK_MANAGER))
    path = f"/providers/{add_provider(world)}/contracts"
    (running,) = client.get(path).json()["results"]
    assert client.post(path, json={"starts_on": day(5)}).status_code == 409
    assert client.post(f"/contracts/{running['id']}/end", json={"ends_on": day(4)}).json()["is_running"] is True
    first, second = (client.post(path, json={"starts_on": day(5), "ends_on": day(100)}) for _time in range(2))
    assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())
    assert client.get(path).json()["total"] == 2
    assert client.post(f"/contracts/{running['id']}/suspend").json()["is_running"] is False
    again = client.post(f"/contracts/{running['id']}/suspend")
    assert (again.status_code, again.json()["possible"]) == (409, ["resume"])
    assert client.post(f"/contracts/{running['id']}/resume").json()["suspended_at"] is None
    assert client.post(f"/contracts/{uuid4()}/resume").status_code == 404


def test_registrations_are_filed_renewed_and_watched(world: World, call: Caller) -> None:
    """R30."""
    client, provider_id = call(world.actor(Role.NETWORK_MANAGER)), add_provider(world)
    path = f"/providers/{provider_id}/registrations"
    entry = {"kind": "agb", "number": "90101901", "valid_until": day(20)}
    filed = client.post(path, json=entry)
    assert (filed.status_code, filed.json()["is_valid"], filed.json()["holder"]) == (201, True, "")
    assert client.post(path, json=entry).json() == filed.json()
    wrong = client.post(path, json={"kind": "big", "number": "123", "valid_until": "2060-01-01"})
    assert set(faulty_fields(wrong.json())) == {"number", "valid_until"}
    assert [one["id"] for one in client.get("/registrations").json()["results"]] == [filed.json()["id"]]
    renew = f"/registrations/{filed.json()['id']}/renew"
    assert faulty_fields(client.post(renew, json={"valid_until": day(20)}).json()) == ["valid_until"]
    assert client.post(renew, json={"valid_until": day(500)}).json()["valid_until"] == day(500)
    assert client.get("/registrations").json()["total"] == 0
    assert {one["number"] for one in client.get(path).json()["results"]} == {BIG, "90101901"}


def test_a_provider_reads_its_own_and_changes_nothing(world: World, call: Caller) -> None:
    mine, theirs = add_provider(world, "Mijn"), add_provider(world, "Hun")
    client = call(world.actor(Role.PROVIDER, mine))
    for part in ("", "/contracts", "/registrations"):
        assert client.get(f"/providers/{mine}{part}").status_code == 200
        assert client.get(f"/providers/{theirs}{part}").status_code == 404
    assert client.get("/providers").status_code == 403
    assert client.put(f"/providers/{mine}", json=PROVIDER).status_code == 403
    entry = {"kind": "big", "number": BIG, "valid_until": day(20)}
    assert client.post(f"/providers/{mine}/registrations", json=entry).status_code == 403


@pytest.mark.parametrize(("role", "status"), [(Role.EMPLOYER, 404), (Role.INSURER, 404), (Role.PHYSICIAN, 403)])
def test_others_do_not_read_the_network(world: World, call: Caller, role: Role, status: int) -> None:
    provider_id = add_provider(world)
    add_offering(world, provider_id)
    client = call(world.actor(role))
    for path in ("/providers", f"/providers/{provider_id}", f"/providers/{provider_id}/contracts", "/registrations"):
        assert client.get(path).status_code == status
