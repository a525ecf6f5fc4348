"""Cases, employers and the Poortwachter timeline over JSON, as DESIGN names them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.clock import today
from identity.roles import OrganisationKind, Role
from tests.api.callers import Caller, faulty_fields
from tests.cases.staff import Staff, staff_of
from tests.world import World


@pytest.fixture
def staff(world: World) -> Staff:
    return staff_of(world)


def report(staff: Staff, **changes: Any) -> dict[str, Any]:
    """A report of sickness as DESIGN names its fields, with whatever a test changes."""
    facts = {"employer_id": staff.employer_id, "employee_ref": "P-100", "first_sick_day": today()} | changes
    return {name: str(value) if isinstance(value, UUID | date) else value for name, value in facts.items()}


@pytest.mark.parametrize("role", ["physician", "delegate", "case_manager"])
def test_reporting_sickness(staff: Staff, call: Caller, role: str) -> None:
    begin = today() - timedelta(days=70)
    client = call(getattr(staff, role))
    answer = client.post("/cases", json=report(staff, first_sick_day=begin, postcode="3511AB"))
    case = answer.json()
    assert answer.status_code == 201
    assert (case["sickness_week"], case["sickness_year"], case["closed"]) == (11, 1, False)
    assert case["employer"] == {"id": str(staff.employer_id), "name": "Bakkerij Van Dam"}
    assert (case["employee_ref"], case["postcode"], case["first_sick_day"]) == ("P-100", "3511", str(begin))
    assert client.get(f"/cases/{case['id']}").json() == case
    weeks = {deadline["week"] for deadline in case["deadlines"]}
    assert {42, 52, 58, 67, 88, 91, 93, 95, 101, 104} <= weeks
    dates = [deadline["date"] for deadline in case["deadlines"]]
    assert dates == sorted(dates)
    assert case["next_deadline"] == case["deadlines"][0]


def test_the_same_report_again_is_answered_with_200(staff: Staff, call: Caller) -> None:
    client = call(staff.delegate)
    first, second = (client.post("/cases", json=report(staff)) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


def test_every_fault_is_answered_at_once(staff: Staff, call: Caller) -> None:
    wrong = {
        "employer_id": "geen",
        "employee_ref": " ",
        "first_sick_day": today() + timedelta(days=1),
        "postcode": "0000",
        "x": 1,
    }
    answer = call(staff.physician).post("/cases", json=report(staff, **wrong))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert sorted(faulty_fields(answer.json())) == ["employee_ref", "employer_id", "first_sick_day", "postcode", "x"]
    assert all(error["message"] for error in answer.json()["errors"])
    assert call(staff.physician).get("/cases").json()["total"] == 0


@pytest.mark.parametrize("day", ["1989-12-31", "2026-02-30", "gisteren", None, "", 20260101.5])
def test_impossible_days_are_refused(staff: Staff, call: Caller, day: object) -> None:
    answer = call(staff.physician).post("/cases", json=report(staff) | {"first_sick_day": day})
    assert answer.status_code == 422
    assert faulty_fields(answer.json()) == ["first_sick_day"]


def test_malformed_json_is_refused(staff: Staff, call: Caller) -> None:
    headers = {"content-type": "application/json"}
    answer = call(staff.physician).post("/cases", content='{"employer_id":', headers=headers)
    assert answer.status_code == 422


def test_unknown_and_foreign_employers_are_not_found(staff: Staff, call: Caller) -> None:
    for employer_id in (uuid4(), World(staff.world.database).tenant_id):
        answer = call(staff.physician).post("/cases", json=report(staff, employer_id=employer_id))
        assert answer.status_code == 404
    answer = call(staff.delegate).post("/cases", json=report(staff, employer_id=staff.other_employer_id))
    assert answer.status_code == 404


def test_a_running_case_answers_with_what_is_possible(staff: Staff, call: Caller) -> None:
    client = call(staff.delegate)
    client.post("/cases", json=report(staff, first_sick_day=today() - timedelta(days=9)))
    answer = client.post("/cases", json=report(staff))
    assert (answer.status_code, answer.json()["possible"]) == (409, ["recovery"])


def test_recovery_and_a_relapse(staff: Staff, call: Caller) -> None:
    """R64."""
    client = call(staff.case_manager)
    begin = today() - timedelta(days=60)
    case = client.post("/cases", json=report(staff, first_sick_day=begin)).json()
    recovered = {"recovered_on": str(today() - timedelta(days=20))}
    answer = client.post(f"/cases/{case['id']}/recovery", json=recovered)
    assert answer.status_code == 200
    closed = answer.json()
    assert (closed["closed"], closed["recovered_on"], closed["deadlines"]) == (True, recovered["recovered_on"], [])
    assert closed["aftercare_until"] == str(today())
    assert client.post(f"/cases/{case['id']}/recovery", json=recovered).status_code == 200
    other_day = {"recovered_on": str(today() - timedelta(days=19))}
    assert client.post(f"/cases/{case['id']}/recovery", json=other_day).status_code == 409
    again = client.post("/cases", json=report(staff))
    assert (again.status_code, again.json()["id"], again.json()["sickness_week"]) == (201, case["id"], 40 // 7 + 1)
    before = {"recovered_on": str(today() - timedelta(days=30))}
    answer = client.post(f"/cases/{case['id']}/recovery", json=before)
    assert (answer.status_code, faulty_fields(answer.json())) == (422, ["recovered_on"])


def test_lists_are_paged_and_filtered(staff: Staff, call: Caller) -> None:
    for number in range(3):
        staff.case(f"P-{number}", days_ago=number)
    staff.case("Q-9", days_ago=365)
    client = call(staff.physician)
    page = client.get("/cases", params={"page_size": 2, "page": 2, "q": "p-", "year": 1, "closed": False}).json()
    assert (page["total"], page["page"], page["page_size"], len(page["results"])) == (3, 2, 2, 1)
    only = client.get("/cases", params={"year": 2, "employer_id": str(staff.employer_id)}).json()["results"]
    assert [(case["employee_ref"], case["sickness_year"]) for case in only] == [("Q-9", 2)]
    assert only[0]["overdue"] > 0
    assert only[0]["next_deadline"]["date"] >= str(today())


@pytest.mark.parametrize("query", ["page=0", "page_size=101", "year=3", "q=" + "x" * 41, "closed=misschien", "sort=x"])
def test_queries_out_of_bounds_are_refused(staff: Staff, call: Caller, query: str) -> None:
    answer = call(staff.physician).get(f"/cases?{query}")
    assert (answer.status_code, faulty_fields(answer.json())) == (422, [query.partition("=")[0]])


@pytest.mark.parametrize("role", list(set(Role) - {Role.SYSTEM}))
def test_who_may_enter(staff: Staff, call: Caller, role: Role) -> None:
    case = staff.case()
    keepers = {Role.PHYSICIAN, Role.DELEGATE, Role.CASE_MANAGER}
    actor = getattr(staff, role.value) if role in keepers else staff.world.actor(role, staff.employer_id)
    refused = 404 if role in (Role.EMPLOYER, Role.INSURER) else 403
    expected = 200 if role in keepers else refused
    client = call(actor)
    for path in ("/employers", "/cases", f"/cases/{case.id}", f"/cases/{case.id}/timeline"):
        assert client.get(path).status_code == expected, path
    if role not in keepers:
        assert client.post("/cases", json=report(staff)).status_code == refused
        assert client.post(f"/cases/{case.id}/steps/18").status_code == refused
        assert client.post(f"/cases/{case.id}/recovery", json={"recovered_on": str(today())}).status_code == refused


def test_cases_of_others_are_not_found(staff: Staff, call: Caller) -> None:
    case = staff.case()
    others = (
        staff.world.actor(Role.DELEGATE, employers=(staff.other_employer_id,)),
        staff.world.actor(Role.CASE_MANAGER, employers=(staff.other_employer_id,)),
    )
    for actor in others:
        client = call(actor)
        unknown = client.get(f"/cases/{uuid4()}")
        for path in (f"/cases/{case.id}", f"/cases/{case.id}/timeline", f"/cases/{case.id}/consents"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()) == (404, unknown.json())
        assert client.post(f"/cases/{case.id}/steps/18").status_code == 404
    assert call(staff.physician).get("/cases/geen-id").status_code == 422


def test_employers(staff: Staff, call: Caller) -> None:
    everybody = call(staff.physician).get("/employers").json()
    assert [employer["name"] for employer in everybody["results"]] == ["Bakkerij Van Dam", "Drukkerij De Pers"]
    mine = call(staff.case_manager).get("/employers").json()
    assert (mine["total"], mine["results"][0]["id"]) == (1, str(staff.employer_id))
    assert call(staff.physician).get("/employers", params={"q": "pers"}).json()["total"] == 1


def test_the_timeline_on_both_sides(staff: Staff, call: Caller) -> None:
    """R65."""
    case = staff.case(days_ago=100)
    medical = call(staff.physician).get(f"/cases/{case.id}/timeline").json()
    managing = call(staff.case_manager).get(f"/cases/{case.id}/timeline").json()
    assert {step["nr"] for step in medical["steps"]} == set(range(1, 55))
    assert not {step["nr"] for step in managing["steps"]} & {3, 5, 6, 8, 9, 10, 12, 13, 14, 28, 42}
    assert {step["condition"] for step in managing["steps"]} == {None}
    assert {"psychological", "durable_none"} <= {step["condition"] for step in medical["steps"]}
    (analysis,) = [step for step in managing["steps"] if step["nr"] == 15]
    assert (analysis["week"], analysis["owner"], analysis["done"], analysis["overdue"]) == (6, "physician", False, True)
    assert analysis["date"] == str(case.first_sick_day + timedelta(days=41))
    assert (medical["sickness_week"], medical["sickness_year"]) == (15, 1)
    assert medical["next_deadline"]["date"] >= str(today())


def test_titles_follow_the_language_that_is_asked_for(staff: Staff, call: Caller) -> None:
    case = staff.case()
    client = call(staff.physician)
    titles = [
        client.get(f"/cases/{case.id}/timeline", headers={"Accept-Language": language}).json()["steps"][0]["title"]
        for language in ("nl", "en")
    ]
    assert titles == [
        "Ziekmelding doorgeven aan de arbodienst",
        "Report the absence to the occupational health service",
    ]


def test_marking_a_step(staff: Staff, call: Caller) -> None:
    case = staff.case(days_ago=60)
    client = call(staff.case_manager)
    day = str(today() - timedelta(days=5))
    answer = client.post(f"/cases/{case.id}/steps/18", json={"done_on": day})
    (step,) = [step for step in answer.json()["steps"] if step["nr"] == 18]
    assert (answer.status_code, step["done"], step["done_on"]) == (200, True, day)
    assert (step["done"], step["clearable"]) == (True, True)
    for _time in range(2):
        cleared = client.delete(f"/cases/{case.id}/steps/18/{step['week']}")
        assert cleared.status_code == 200
        assert [each["done"] for each in cleared.json()["steps"] if each["nr"] == 18] == [False]
    for unknown in ("18/99", "18/99999999999999999999", "99/6", "14/6"):
        assert client.delete(f"/cases/{case.id}/steps/{unknown}").status_code == 404
    assert client.delete(f"/cases/{case.id}/steps/18/zes").status_code == 422
    assert client.post(f"/cases/{case.id}/steps/17").status_code == 200
    assert client.post(f"/cases/{case.id}/steps/14").status_code == 404
    assert client.post(f"/cases/{case.id}/steps/99").status_code == 404
    assert call(staff.physician).post(f"/cases/{case.id}/steps/25").status_code == 403
    assert call(staff.delegate).post(f"/cases/{case.id}/steps/9").status_code == 403
    late = client.post(f"/cases/{case.id}/steps/18", json={"done_on": str(today() + timedelta(days=1))})
    assert (late.status_code, faulty_fields(late.json())) == (422, ["done_on"])


def test_progress_is_there_for_the_case_manager(staff: Staff, call: Caller) -> None:
    case = staff.case()
    assert call(staff.case_manager).get(f"/cases/{case.id}/progress").json() == []
    insurer = staff.world.actor(Role.INSURER, staff.world.organisation(OrganisationKind.INSURER, "Polis"))
    assert call(insurer).get(f"/cases/{case.id}/progress").status_code == 404
