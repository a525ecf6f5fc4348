"""Mandates and requests of a case manager over JSON."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from core.clock import today
from network.tables import RegistrationKind
from tests.api.callers import Caller, faulty_fields
from tests.cases.staff import Staff, staff_of
from tests.network.offers import add_offering, add_provider
from tests.world import World


@pytest.fixture
def staff(world: World) -> Staff:
    return staff_of(world)


def mandate(staff: Staff, **changes: Any) -> dict[str, Any]:
    return {
        "account_email": staff.delegate.email,
        "employer_id": str(staff.employer_id),
        "interventions": ["ADO", "SP2"],
        "valid_from": str(today()),
        "valid_until": str(today() + timedelta(days=30)),
    } | changes


def test_signing_reading_and_revoking(staff: Staff, call: Caller) -> None:
    """R7."""
    client = call(staff.physician)
    first, second = (client.post("/mandates", json=mandate(staff)) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert (first.json()["holder_email"], first.json()["in_force"]) == (staff.delegate.email, True)
    assert call(staff.delegate).get("/mandates").json()["results"] == [first.json()]
    assert client.delete(f"/mandates/{first.json()['id']}").status_code == 204
    again = client.delete(f"/mandates/{first.json()['id']}")
    assert (again.status_code, again.json()["possible"]) == (409, ["sign"])
    assert client.get("/mandates", params={"in_force": True}).json()["total"] == 0
    assert client.get("/mandates", params={"in_force": False}).json()["total"] == 1


def test_every_fault_is_answered_at_once(staff: Staff, call: Caller) -> None:
    wrong = mandate(
        staff,
        account_email="niemand@example.test",
        interventions=["PSY"],
        valid_until=str(today() - timedelta(days=1)),
    )
    answer = call(staff.physician).post("/mandates", json=wrong)
    assert answer.status_code == 422
    assert faulty_fields(answer.json()) == ["account_email", "interventions.0", "valid_until"]
    assert call(staff.physician).post("/mandates", json=mandate(staff, employer_id=str(uuid4()))).status_code == 404
    late = mandate(staff, valid_until=str(today() + timedelta(days=800)))
    assert faulty_fields(call(staff.physician).post("/mandates", json=late).json()) == ["valid_until"]


def test_who_can_be_mandated_is_told(staff: Staff, call: Caller) -> None:
    client = call(staff.physician)
    found = client.get("/mandates/holders", params={"employer_id": str(staff.employer_id)}).json()
    assert found["total"] == 1
    (holder,) = found["results"]
    assert client.post("/mandates", json=mandate(staff, account_email=holder["email"])).status_code == 201
    assert client.get("/mandates/holders", params={"employer_id": str(uuid4())}).status_code == 404
    assert faulty_fields(client.get("/mandates/holders").json()) == ["employer_id"]
    assert call(staff.delegate).get("/mandates/holders", params={"employer_id": str(uuid4())}).status_code == 403


def test_only_a_physician_signs(staff: Staff, call: Caller) -> None:
    """R2."""
    given = call(staff.physician).post("/mandates", json=mandate(staff)).json()["id"]
    for actor, status in ((staff.delegate, 403), (staff.case_manager, 403), (staff.employer, 404)):
        client = call(actor)
        assert client.post("/mandates", json=mandate(staff)).status_code == status
        assert client.delete(f"/mandates/{given}").status_code == status
    assert call(staff.physician).delete(f"/mandates/{uuid4()}").status_code == 404


def offering(staff: Staff, intervention: str) -> str:
    provider_id = add_provider(staff.world, "Arbeidskundig", RegistrationKind.SRA, RegistrationKind.BIG)
    return str(add_offering(staff.world, provider_id, intervention=intervention))


def test_asking_for_an_open_intervention(staff: Staff, call: Caller) -> None:
    body = {"case_id": str(staff.case().id), "offering_id": offering(staff, "ADO"), "goal": "Wat kan nog wel?"}
    client = call(staff.case_manager)
    first, second = (client.post("/referral-requests", json=body) for _time in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json()
    assert (first.json()["state"], first.json()["intervention"]) == ("pending", "ADO")
    assert client.get("/referral-requests").json()["results"] == [first.json()]
    assert client.get(f"/referral-requests/{first.json()['id']}").json() == first.json()
    assert client.get(f"/referral-requests/{uuid4()}").status_code == 404
    for case_id, total in ((body["case_id"], 1), (str(uuid4()), 0)):
        assert client.get("/referral-requests", params={"case_id": case_id}).json()["total"] == total


def test_what_may_not_be_asked_for_is_refused_with_the_reason(staff: Staff, call: Caller) -> None:
    """R5."""
    body = {"case_id": str(staff.case().id), "offering_id": offering(staff, "PSY"), "goal": "Sneller"}
    answer = call(staff.case_manager).post("/referral-requests", json=body)
    assert answer.status_code == 403
    assert answer.json()["detail"]
    for changes in ({"offering_id": str(uuid4())}, {"case_id": str(uuid4())}):
        assert call(staff.case_manager).post("/referral-requests", json=body | changes).status_code == 404
    faulty = call(staff.case_manager).post("/referral-requests", json=body | {"goal": "x" * 501})
    assert (faulty.status_code, faulty_fields(faulty.json())) == (422, ["goal"])


def test_nobody_else_asks(staff: Staff, call: Caller) -> None:
    body = {"case_id": str(staff.case().id), "offering_id": offering(staff, "ADO"), "goal": "Wat kan nog wel?"}
    for actor, status in ((staff.physician, 403), (staff.delegate, 403), (staff.employer, 404)):
        assert call(actor).post("/referral-requests", json=body).status_code == status
        assert call(actor).get("/referral-requests").status_code == status
