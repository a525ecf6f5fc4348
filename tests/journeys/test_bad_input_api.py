"""What bad input gets over the API: a clear refusal with the field or the reason, and nothing half-written."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from core.clock import today
from core.http import LARGEST_BODY
from tests.journeys import given
from tests.journeys.caller import fields_of
from tests.journeys.given import LABOUR_EXPERT, Case, Json
from tests.journeys.house import House

NOWHERE = "00000000-0000-4000-8000-000000000000"
TOO_EARLY = "1989-12-31"
TOO_LATE = (today() + timedelta(days=3 * 366)).isoformat()
MONTH = f"{today():%Y-%m}"


@pytest.fixture(scope="session")
def case(house: House) -> Case:
    """A case that may be referred."""
    return given.ready_case(house)


@pytest.fixture(scope="session")
def offering(house: House) -> Json:
    """An open offering of the labour expert."""
    return given.find(house, LABOUR_EXPERT, intervention="ADO")


@pytest.fixture(scope="session")
def referral(house: House, case: Case, offering: Json) -> Json:
    """A referral that the provider has accepted and nothing more."""
    made = given.refer(house, case, offering)
    house.caller("arbeidsdeskundige").post(f"/referrals/{made['id']}/accept", {})
    return made


def asked(case: Case, offering: Json, **changes: Any) -> dict[str, Any]:
    """Return a referral as it is asked for, with whatever a test changes."""
    body = {
        "case_id": case.id,
        "offering_id": offering["id"],
        "goal": given.GOAL,
        "question": given.QUESTION,
        "units": 1,
        "expected_days_saved": 20,
    }
    return body | changes


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("ba", "/cases"),
        ("ba", "/mandates"),
        ("ba", "/referrals"),
        ("cm", "/referral-requests"),
        ("arbeidsdeskundige", "/offerings"),
        ("arbeidsdeskundige", "/provider-invoices"),
        ("secretariaat", "/charge-runs"),
    ],
)
@pytest.mark.parametrize("body", ["{", "", "[]", "null", '"x"', '{"a": NaN', "\ufeff{", "{" * 2_000])
def test_what_is_no_json_object_is_a_problem_and_no_fault(house: House, who: str, path: str, body: str) -> None:
    problem = house.caller(who).send(path, body.encode(), "application/json", 422)
    assert problem["errors"]
    assert problem["title"]
    assert problem["status"] == 422


def test_every_error_comes_at_once_with_its_field(house: House) -> None:
    body = {
        "employer_id": "bakery",
        "employee_ref": "111222333",
        "first_sick_day": TOO_EARLY,
        "postcode": "0000",
        "diagnosis": "x",
    }
    problem = house.caller("ba").post("/cases", body, 422)
    assert fields_of(problem) == set(body)
    assert all(error["message"] for error in problem["errors"])


def test_fields_within_lines_are_named(house: House) -> None:
    line = {"description": "", "date": TOO_LATE, "quantity": -1, "unit_price_cents": 0.5, "vat_rate": 19}
    body = {"referral_number": "V-1", "invoice_number": "", "invoice_date": "gisteren", "lines": [line]}
    problem = house.caller("psycholoog").post("/provider-invoices", body, 422)
    assert fields_of(problem) == {"invoice_number", "invoice_date", *(f"lines.0.{name}" for name in line)}


def test_missing_fields_are_named_and_nothing_is_written(house: House) -> None:
    before = house.caller("ba").get("/referrals", page_size=1)["total"]
    problem = house.caller("ba").post("/referrals", {"goal": "x"}, 422)
    assert fields_of(problem) == {"case_id", "offering_id", "question", "units", "expected_days_saved"}
    assert house.caller("ba").get("/referrals", page_size=1)["total"] == before


def test_refusals_speak_the_language_of_the_person(house: House) -> None:
    client = house.caller("ba").client
    texts = {
        language: client.post("/cases", json={}, headers={"Accept-Language": language}).json()["errors"][0]["message"]
        for language in ("nl", "en")
    }
    assert texts["nl"] != texts["en"]


@pytest.mark.parametrize("day", [TOO_EARLY, TOO_LATE, "2026-02-30", "", "20-11-2026", 0, None])
def test_days_that_cannot_be_are_refused(house: House, case: Case, referral: Json, day: object) -> None:
    provider = house.caller("arbeidsdeskundige")
    assert fields_of(provider.post(f"/referrals/{referral['id']}/schedule", {"date": day}, 422)) == {"date"}
    consent = {"scope": "provider", "form": "oral", "given_on": day}
    assert fields_of(house.caller("ba").post(f"/cases/{case.id}/consents", consent, 422)) == {"given_on"}
    mandate = {
        "account_email": "cmtd@demo.test",
        "employer_id": given.employer_id(house),
        "interventions": ["ADO"],
        "valid_from": day,
        "valid_until": day,
    }
    problem = house.caller("ba").post("/mandates", mandate, 422)
    assert fields_of(problem) == {"valid_from", "valid_until"}


@pytest.mark.parametrize("text", ["x" * 2_001, "", "   ", "hallo\x00daar", 7])
def test_text_has_a_limit_and_can_be_read(house: House, case: Case, offering: Json, text: object) -> None:
    body = asked(case, offering, goal=text, question=text)
    assert fields_of(house.caller("ba").post("/referrals", body, 422)) == {"goal", "question"}
    request = {"case_id": case.id, "offering_id": offering["id"], "goal": text}
    assert fields_of(house.caller("cm").post("/referral-requests", request, 422)) == {"goal"}


@pytest.mark.parametrize("units", [0, -1, 201, 2**70, 1.5, "veel", None])
def test_numbers_are_whole_and_within_bounds(house: House, case: Case, offering: Json, units: object) -> None:
    problem = house.caller("ba").post("/referrals", asked(case, offering, units=units), 422)
    assert fields_of(problem) == {"units"}


@pytest.mark.parametrize("query", ["page=0", "page_size=101", "sort=paid", "radius_km=-1", "sickness_year=3", "rank=1"])
def test_a_search_that_makes_no_sense_is_refused(house: House, query: str) -> None:
    problem = house.caller("ba").get(f"/offerings?{query}", 422)
    assert fields_of(problem) == {query.partition("=")[0]}


def test_a_month_is_a_month_that_has_begun(house: House) -> None:
    for month in ("2026-13", "november", f"{today().year + 1}-01", "1980-01", ""):
        problem = house.caller("secretariaat").post("/charge-runs", {"month": month}, 422)
        assert fields_of(problem) == {"month"}


UNKNOWN = [
    ("ba", "GET", "/cases/{id}", None),
    ("ba", "GET", "/cases/{id}/timeline", None),
    ("ba", "GET", "/cases/{id}/consents", None),
    ("ba", "PUT", "/cases/{id}/assessment", {"cause": "X02", "medical": False}),
    ("ba", "POST", "/cases/{id}/consents", {"scope": "provider", "form": "oral", "given_on": given.day()}),
    ("ba", "DELETE", "/consents/{id}", None),
    ("ba", "DELETE", "/mandates/{id}", None),
    ("ba", "GET", "/referrals/{id}", None),
    ("ba", "GET", "/referrals/{id}/actions", None),
    ("ba", "POST", "/referrals/{id}/issue", {}),
    ("ba", "GET", "/offerings/{id}", None),
    ("arbeidsdeskundige", "POST", "/referrals/{id}/accept", {}),
    ("arbeidsdeskundige", "GET", "/provider-invoices/{id}", None),
    ("secretariaat", "POST", "/provider-invoices/{id}/approve", None),
    ("secretariaat", "POST", "/provider-invoices/{id}/dispute", {"reason": "other"}),
    ("secretariaat", "GET", "/invoices/{id}", None),
    ("netwerk", "POST", "/offerings/{id}/approve", None),
    ("cm", "GET", "/cases/{id}", None),
    ("cm", "GET", "/referral-requests/{id}", None),
    ("cm", "POST", "/cofinancing-requests/{id}/submit", {"daily_cost_cents": 1}),
    ("verzekeraar", "POST", "/cofinancing-requests/{id}/decision", {"outcome": "approved"}),
    ("werkgever", "GET", "/invoices/{id}", None),
    ("werkgever", "GET", "/invoices/{id}.pdf", None),
    ("werkgever", "GET", "/invoices/{id}.xml", None),
    ("werknemer", "GET", "/referrals/{id}", None),
]


@pytest.mark.parametrize(("who", "method", "path", "body"), UNKNOWN)
def test_what_is_not_there_is_not_found(house: House, who: str, method: str, path: str, body: object) -> None:
    response = house.caller(who).client.request(method, path.replace("{id}", NOWHERE), json=body)
    assert response.status_code == 404, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"]


def test_what_is_of_others_is_not_found_either(house: House, case: Case, referral: Json) -> None:
    for who, path in (
        ("ba2", f"/cases/{case.id}"),
        ("ba2", f"/referrals/{referral['id']}"),
        ("psycholoog", f"/referrals/{referral['id']}"),
        ("werknemer", f"/referrals/{referral['id']}"),
    ):
        caller = house.caller(who)
        assert caller.get(path, 404) == caller.get(path.replace(path.split("/")[2], NOWHERE), 404)
    own = house.caller("werkgever").get("/invoices")["results"][0]["id"]
    for suffix in ("", ".pdf", ".xml"):
        house.caller("werkgever2").get(f"/invoices/{own}{suffix}", 404)
    offering = house.caller("arbeidsdeskundige").get("/offerings")["results"][0]["id"]
    house.caller("psycholoog").post(f"/offerings/{offering}/withdraw", None, 404)


def test_a_new_case_for_an_employer_of_others_is_refused(house: House) -> None:
    body = {"employer_id": given.employer_id(house), "employee_ref": "P-1", "first_sick_day": given.day(3)}
    house.caller("ba2").post("/cases", body, 404)


FORBIDDEN = [
    ("cmtd", "PUT", "/cases/{case}/assessment", {"cause": "X02", "medical": False}),
    ("cm", "GET", "/referrals", None),
    ("cm", "GET", "/cases/{case}/assessment", None),
    ("cm", "POST", "/referrals", {}),
    ("secretariaat", "POST", "/referrals/{referral}/withdraw", {"reason": "mistake"}),
    ("arbeidsdeskundige", "POST", "/referrals/{referral}/withdraw", {"reason": "mistake"}),
    ("ba", "POST", "/referrals/{referral}/start", {}),
    ("ba", "POST", "/charge-runs", {"month": MONTH}),
    ("netwerk", "GET", "/cases", None),
    ("werknemer", "GET", "/cases", None),
    ("fg", "GET", "/invoices", None),
    ("ba", "GET", "/audit/events", None),
]


@pytest.mark.parametrize(("who", "method", "path", "body"), FORBIDDEN)
def test_what_is_known_and_forbidden_says_why(
    house: House, case: Case, referral: Json, who: str, method: str, path: str, body: object
) -> None:
    path = path.format(case=case.id, referral=referral["id"])
    response = house.caller(who).client.request(method, path, json=body)
    assert response.status_code == 403, response.text
    assert response.json()["detail"]


@pytest.mark.parametrize("who", ["werkgever", "verzekeraar"])
def test_to_who_pays_forbidden_and_unknown_are_one_answer(house: House, case: Case, referral: Json, who: str) -> None:
    """R70."""
    caller = house.caller(who)
    paths = [f"/cases/{case.id}", f"/cases/{case.id}/timeline", f"/referrals/{referral['id']}", "/referrals", "/cases"]
    answers = {json.dumps(caller.get(path, 404), sort_keys=True) for path in paths}
    assert answers == {json.dumps(caller.get(f"/invoices/{NOWHERE}", 404), sort_keys=True)}


def test_nobody_gets_in_without_a_token(house: House) -> None:
    nobody = house.caller("")
    for path in ("/me", "/cases", f"/cases/{NOWHERE}", "/offerings"):
        problem = nobody.get(path, 401)
        assert problem["status"] == 401
    for scheme in ("Bearer x", "Bearer", "Basic YTpi", f"Bearer {'x' * 5_000}"):
        assert nobody.client.get("/me", headers={"Authorization": scheme}).status_code == 401


def test_an_impossible_step_says_what_is_possible_now(house: House, referral: Json) -> None:
    provider, path = house.caller("arbeidsdeskundige"), f"/referrals/{referral['id']}"
    problem = provider.post(f"{path}/start", {}, 409)
    assert problem["possible"] == ["schedule", "ask"] == provider.get(f"{path}/actions")["possible"]
    assert provider.post(f"{path}/accept", {}, 409)["possible"] == ["schedule", "ask"]
    problem = house.caller("ba").post(
        f"{path}/complete", {"goal_reached": "reached", "work_resumed": "partly", "hours_per_week": 24}, 409
    )
    assert set(problem["possible"]) == {"withdraw", "redirect"}
    assert problem["detail"]


def test_an_act_on_what_somebody_else_changed_is_refused(house: House, case: Case, offering: Json) -> None:
    made = given.refer(house, case, offering, goal="Twee tegelijk")
    provider, path = house.caller("arbeidsdeskundige"), f"/referrals/{made['id']}"
    seen = provider.client.get(path).headers["etag"]
    house.caller("ba").post(f"{path}/withdraw", {"reason": "mistake"})
    response = provider.client.post(f"{path}/accept", json={}, headers={"If-Match": seen})
    assert response.status_code == 409
    assert response.json()["possible"] == []


def test_without_consent_nothing_confidential_goes_out(house: House) -> None:
    """R23."""
    case = given.open_case(house)
    given.judge(house, case, "M01", medical=True)
    offering = given.find(house, given.PSYCHOLOGIST, intervention="PSY")
    problem = house.caller("ba").post("/referrals", asked(case, offering), 409)
    assert problem["code"] == "consent_missing"
    assert house.caller("ba").get("/referrals", case_id=case.id)["total"] == 0


def test_a_second_report_of_sickness_is_the_same_case(house: House) -> None:
    body = {"employer_id": given.employer_id(house), "employee_ref": given.unique("P"), "first_sick_day": given.day(9)}
    first = house.caller("ba").post("/cases", body, 201)
    assert house.caller("ba").post("/cases", body, 200)["id"] == first["id"]
    assert house.caller("ba").get("/cases", q=body["employee_ref"])["total"] == 1
    problem = house.caller("ba").post("/cases", body | {"first_sick_day": given.day(5)}, 409)
    assert problem["possible"] == ["recovery"]


def test_a_second_click_is_not_a_second_referral(house: House, offering: Json) -> None:
    case = given.ready_case(house)
    first = house.caller("ba").post("/referrals", asked(case, offering), 201)
    assert house.caller("ba").post("/referrals", asked(case, offering), 200)["id"] == first["id"]
    assert house.caller("ba").get("/referrals", case_id=case.id)["total"] == 1


def test_an_invoice_is_known_by_its_number(house: House, referral: Json, offering: Json) -> None:
    """R40."""
    provider, invoice = house.caller("arbeidsdeskundige"), given.invoice_of(referral, offering)
    first = provider.post("/provider-invoices", invoice, 201)
    assert provider.post("/provider-invoices", invoice, 200)["id"] == first["id"]
    dearer = {**invoice["lines"][0], "unit_price_cents": 100}
    problem = provider.post("/provider-invoices", invoice | {"lines": [dearer]}, 409)
    assert problem["code"] == "duplicate_invoice"
    # Another number for the same work asks for more than was agreed: kept, and never charged on.
    again = provider.post("/provider-invoices", invoice | {"invoice_number": given.unique("F")}, 201)
    assert again["state"] == "exception"
    assert "units_left" in {check["code"] for check in again["checks"] if not check["passed"]}
    problem = house.caller("secretariaat").post(f"/provider-invoices/{again['id']}/approve", None, 409)
    assert problem["possible"] == ["dispute"]


def test_a_month_is_charged_once(house: House) -> None:
    secretary = house.caller("secretariaat")
    secretary.post("/charge-runs", {"month": MONTH}, 201)
    before = secretary.get("/invoices", page_size=1)["total"]
    assert secretary.post("/charge-runs", {"month": MONTH}, 201)["invoices"] == []
    assert secretary.get("/invoices", page_size=1)["total"] == before


def test_a_decision_is_taken_once(house: House, offering: Json) -> None:
    case = given.ready_case(house)
    given.refer(house, case, offering, request_cofinancing=True)
    listed = house.caller("cm").get("/cofinancing-requests", page_size=100)["results"]
    path = next(f"/cofinancing-requests/{each['id']}" for each in listed if each["case_id"] == case.id)
    insurer = house.caller("verzekeraar")
    insurer.post(f"{path}/decision", {"outcome": "approved"}, 404)
    house.caller("cm").post(f"{path}/submit", {"daily_cost_cents": 30_000})
    asked_for = insurer.get(path)["requested"]["cents"]
    for body, field in (
        ({"outcome": "partial"}, "amount_cents"),
        ({"outcome": "partial", "amount_cents": asked_for + 1}, "amount_cents"),
        ({"outcome": "declined"}, "reason"),
        ({"outcome": "maybe"}, "outcome"),
    ):
        assert fields_of(insurer.post(f"{path}/decision", body, 422)) == {field}
    insurer.post(f"{path}/decision", {"outcome": "partial", "amount_cents": 1_000, "reason": "budget_spent"})
    insurer.post(f"{path}/decision", {"outcome": "approved"}, 409)
    assert house.caller("cm").get(path)["decided"]["cents"] == 1_000


@pytest.mark.parametrize("path", ["/cases", "/provider-invoices", "/nothing-at-all"])
def test_a_body_that_says_to_be_too_large_is_refused_unread(house: House, path: str) -> None:
    response = house.caller("arbeidsdeskundige").client.post(
        path, content=b" " * (LARGEST_BODY + 1), headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 413
    assert response.json()["status"] == 413


@pytest.mark.parametrize("path", ["/referrals", "/provider-invoices"])
@pytest.mark.parametrize("kind", ["application/json", "application/xml"])
def test_a_body_that_grows_too_large_on_the_way_is_refused(house: House, path: str, kind: str) -> None:
    def pieces() -> Iterator[bytes]:
        for _piece in range(LARGEST_BODY // 2**20 + 2):
            yield b" " * 2**20

    response = house.caller("psycholoog").client.post(path, content=pieces(), headers={"Content-Type": kind})
    assert response.status_code == 413
    assert response.json()["status"] == 413


@pytest.mark.parametrize(
    "document",
    [b"", b"<Invoice", b"<a/>", b'<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>', b"{}", b"\xff\xfe\x00", b"<a>" * 50_000],
)
def test_what_is_no_invoice_is_refused_with_a_reason(house: House, document: bytes) -> None:
    problem = house.caller("psycholoog").send("/provider-invoices", document, "application/xml", 422)
    assert problem["errors"]


def test_unknown_paths_methods_and_identifiers_are_problems_too(house: House) -> None:
    client = house.caller("ba").client
    assert client.get(f"/{uuid4()}").json()["status"] == 404
    assert client.patch("/cases").json()["status"] == 405
    problem = client.get("/cases/not-an-id")
    assert problem.status_code in (404, 422)
    assert problem.json()["status"] == problem.status_code
