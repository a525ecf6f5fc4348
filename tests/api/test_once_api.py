"""An act whose answer got lost is not done twice: with the same key a client gets the first answer."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from core.clock import today
from core.database import Database
from tests.api.callers import Caller
from tests.billing.office import Office, Referred
from tests.cases.staff import Staff, staff_of
from tests.world import World
from worker.open_jobs import forget_answers

KEPT = "SELECT count(*) FROM {}.answered_act WHERE tenant_id = :tenant"


@pytest.fixture
def staff(world: World) -> Staff:
    return staff_of(world)


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def kept(world: World, schema: str) -> int:
    with world.database.owner.connect() as connection:
        found: int = connection.execute(text(KEPT.format(schema)), {"tenant": world.tenant_id}).scalar_one()
    return found


def filled(world: World, schema: str) -> int:
    with world.database.owner.connect() as connection:
        query = text(KEPT.format(schema) + " AND sealed <> ''")
        found: int = connection.execute(query, {"tenant": world.tenant_id}).scalar_one()
    return found


def session_body() -> dict[str, Any]:
    return {"day": str(today()), "units": 1, "outcome": "delivered"}


def test_a_repeat_gets_the_first_answer_and_does_nothing(referred: Referred, office: Office, call: Caller) -> None:
    provider, named = call(office.provider), key()
    path = f"/referrals/{referred.id}/sessions"
    first = provider.post(path, json=session_body(), headers=named)
    again = provider.post(path, json=session_body(), headers=named)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert len(provider.get(path).json()["results"]) == 1
    assert (kept(office.world, "medical"), kept(office.world, "identity")) == (1, 0)


def test_what_is_kept_is_not_to_be_read(referred: Referred, office: Office, call: Caller) -> None:
    answer = call(office.provider).post(f"/referrals/{referred.id}/sessions", json=session_body(), headers=key())
    with office.world.database.owner.connect() as connection:
        sealed = connection.execute(text("SELECT sealed FROM medical.answered_act")).scalars().all()
    assert answer.status_code == 201
    assert sealed
    assert all(str(referred.id).encode() not in each and b"delivered" not in each for each in sealed)


def test_two_at_once_are_one(staff: Staff, call: Caller, world: World) -> None:
    client, named = call(staff.physician), key()
    body = {"employer_id": str(staff.employer_id), "employee_ref": "P-7", "first_sick_day": str(today())}
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _n: client.post("/cases", json=body, headers=named), range(6)))
    assert {answer.status_code for answer in answers} == {201}  # without a key the second is 200: it came before
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 5
    assert kept(world, "identity") == 1


def test_a_key_belongs_to_one_act_of_one_account(staff: Staff, call: Caller) -> None:
    client, named = call(staff.physician), key()
    body = {"employer_id": str(staff.employer_id), "employee_ref": "P-8", "first_sick_day": str(today())}
    assert client.post("/cases", json=body, headers=named).status_code == 201
    other = client.post("/cases", json=body | {"employee_ref": "P-9"}, headers=named)
    assert (other.status_code, other.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
    colleague = call(staff.delegate).post("/cases", json=body | {"employee_ref": "P-9"}, headers=named)
    assert colleague.status_code == 201


def test_what_was_refused_can_be_tried_again(staff: Staff, call: Caller, world: World) -> None:
    client, named = call(staff.physician), key()
    body = {"employer_id": str(uuid4()), "employee_ref": "P-8", "first_sick_day": str(today())}
    assert client.post("/cases", json=body, headers=named).status_code == 404
    assert kept(world, "identity") == 0
    assert client.post("/cases", json=body | {"employer_id": str(staff.employer_id)}, headers=named).status_code == 201


@pytest.mark.parametrize("wrong", ["", "x" * 201, "een twee"])
def test_a_strange_key_is_refused(staff: Staff, call: Caller, wrong: str) -> None:
    body = {"employer_id": str(staff.employer_id), "employee_ref": "P-8", "first_sick_day": str(today())}
    answer = call(staff.physician).post("/cases", json=body, headers={"Idempotency-Key": wrong})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


@pytest.mark.parametrize("schema", ["identity", "medical"])
def test_answers_are_emptied_after_a_day_and_the_key_stays_used(
    staff: Staff, call: Caller, world: World, database: Database, schema: str
) -> None:
    client, named = call(staff.physician), key()
    body = {"employer_id": str(staff.employer_id), "employee_ref": "P-8", "first_sick_day": str(today())}
    client.post("/cases", json=body, headers=named)
    with database.owner.begin() as connection:
        if schema == "medical":
            connection.execute(text("INSERT INTO medical.answered_act SELECT * FROM identity.answered_act"))
        connection.execute(text(f"UPDATE {schema}.answered_act SET at = at - interval '23 hours'"))
    forget_answers(database)
    assert filled(world, schema) == 1
    with database.owner.begin() as connection:
        connection.execute(text(f"UPDATE {schema}.answered_act SET at = at - interval '2 hours'"))
    forget_answers(database)
    assert (filled(world, schema), kept(world, schema)) == (0, 1)
    if schema == "identity":
        assert client.post("/cases", json=body, headers=named).status_code == 422
