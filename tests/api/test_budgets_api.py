"""The employer's budget over JSON."""

from core.clock import now, today
from tests.api.callers import Caller, faulty_fields
from tests.billing.office import OPEN, Office
from tests.medical.test_release_budget import Purse


def test_from_a_budget_to_an_answer(office: Office, call: Caller) -> None:
    """R12, R56."""
    purse = Purse(office)
    employer, physician, manager = call(purse.employer), call(office.physician), call(purse.manager)
    said = employer.post("/budget", json={"per_case_cents": 50000, "valid_from": today().isoformat()})
    assert (said.status_code, said.json()["per_case"]["cents"]) == (201, 50000)
    sick = purse.sick()
    body = {
        "case_id": str(sick.case_id),
        "offering_id": str(office.offering(OPEN)),
        "goal": "doel",
        "question": "vraag",
        "units": 10,
        "expected_days_saved": 20,
    }
    made = physician.post("/referrals", json=body).json()
    assert made["state"] == "draft"
    path = f"/referrals/{made['id']}"
    refused = physician.post(f"{path}/issue", json={})
    assert refused.status_code == 409
    assert refused.json()["possible"] == ["budget_request"]
    (asked,) = physician.get(f"{path}/budget-requests").json()["results"]
    assert physician.post(f"{path}/budget-requests").json()["id"] == asked["id"]
    (seen,) = employer.get("/budget-requests").json()["results"]
    assert (seen["price"]["cents"], seen["expected_weeks"], seen["intervention"]) == (1_000_00, 4, OPEN)
    answer = f"/budget-requests/{seen['id']}/answer"
    assert faulty_fields(employer.post(answer, json={"agrees": False}).json()) == ["reason"]
    assert manager.post(answer, json={"agrees": True}).status_code == 403
    assert employer.post(answer, json={"agrees": False, "reason": "not_now"}).json()["state"] == "refused"
    past = physician.get(f"/cases/{sick.case_id}/as-of", params={"at": now().isoformat()}).json()
    assert [each["reason"] for each in past["not_followed"]] == ["not_now"]
    again = physician.post(f"{path}/budget-requests").json()
    employer.post(f"/budget-requests/{again['id']}/answer", json={"agrees": True})
    assert physician.post(f"{path}/issue", json={}).json()["state"] == "issued"
    assert manager.get("/budget-requests", params={"state": "agreed"}).json()["total"] == 1
    left = employer.get("/budget").json()
    assert (left["left_at_most"], left["suppressed"], len(left["history"])) == (None, False, 1)
