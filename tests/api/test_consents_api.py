"""Consents over JSON."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from core.clock import today
from identity.roles import Role
from tests.api.callers import Caller, faulty_fields
from tests.cases.staff import Staff, staff_of
from tests.world import World


@pytest.fixture
def staff(world: World) -> Staff:
    return staff_of(world)


def consent(scope: str = "provider", **changes: Any) -> dict[str, Any]:
    return {"scope": scope, "form": "written", "given_on": str(today())} | changes


@pytest.mark.parametrize("scope", ["provider", "employer", "insurer", "report_back"])
def test_the_fields_of_the_design_are_enough(staff: Staff, call: Caller, scope: str) -> None:
    case = staff.case()
    for client in (call(staff.physician), call(staff.delegate), call(staff.employee(case))):
        answer = client.post(f"/cases/{case.id}/consents", json=consent(scope))
        assert answer.status_code in (200, 201)
        assert (answer.json()["scope"], answer.json()["in_force"]) == (scope, True)
    assert call(staff.physician).get(f"/cases/{case.id}/consents").json()["total"] == 1


def test_giving_twice_withdrawing_and_giving_again(staff: Staff, call: Caller) -> None:
    """R24."""
    case = staff.case()
    client = call(staff.employee(case))
    first, second = (client.post(f"/cases/{case.id}/consents", json=consent()) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    for _time in range(2):
        gone = client.delete(f"/consents/{first.json()['id']}")
        assert (gone.status_code, gone.content) == (204, b"")
    listed = call(staff.physician).get(f"/cases/{case.id}/consents").json()["results"]
    assert [each["in_force"] for each in listed] == [False]
    again = client.post(f"/cases/{case.id}/consents", json=consent())
    assert (again.status_code, again.json()["id"] == first.json()["id"]) == (201, False)


def test_an_employee_who_was_not_told_of_forwarding_has_not_consented(staff: Staff, call: Caller) -> None:
    """R26."""
    case = staff.case()
    body = consent("employer", told_of_forwarding=False)
    answer = call(staff.physician).post(f"/cases/{case.id}/consents", json=body)
    assert (answer.status_code, faulty_fields(answer.json())) == (422, ["told_of_forwarding"])


def test_every_fault_is_answered_at_once(staff: Staff, call: Caller) -> None:
    case = staff.case()
    body = consent("huisarts", form="gebaar", given_on=str(today() + timedelta(days=1)), reason="griep")
    answer = call(staff.physician).post(f"/cases/{case.id}/consents", json=body)
    assert answer.status_code == 422
    assert sorted(faulty_fields(answer.json())) == ["form", "given_on", "reason", "scope"]


def test_whoever_pays_or_manages_neither_gives_nor_withdraws(staff: Staff, call: Caller) -> None:
    case = staff.case()
    given = call(staff.physician).post(f"/cases/{case.id}/consents", json=consent()).json()["id"]
    for actor, status in ((staff.case_manager, 403), (staff.employer, 404)):
        client = call(actor)
        assert client.post(f"/cases/{case.id}/consents", json=consent()).status_code == status
        assert client.delete(f"/consents/{given}").status_code == status
    listed = call(staff.case_manager).get(f"/cases/{case.id}/consents")
    assert (listed.status_code, listed.json()["total"]) == (200, 0)
    assert call(staff.employer).get(f"/cases/{case.id}/consents").status_code == 404


def test_consents_of_others_are_not_found(staff: Staff, call: Caller) -> None:
    case, other = staff.case(), staff.case("P-2")
    given = call(staff.physician).post(f"/cases/{case.id}/consents", json=consent()).json()["id"]
    stranger = staff.world.actor(Role.DELEGATE, employers=(staff.other_employer_id,))
    for actor in (stranger, staff.employee(other)):
        client = call(actor)
        assert client.delete(f"/consents/{given}").status_code == 404
        assert client.post(f"/cases/{case.id}/consents", json=consent()).status_code == 404
    assert call(staff.physician).delete(f"/consents/{uuid4()}").status_code == 404
