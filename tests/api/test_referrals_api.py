"""Judging and referring over JSON: the main road as the design names it, and what bad input gets."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from core.clock import today
from identity.roles import OrganisationKind, Role
from tests.api.callers import Caller, faulty_fields
from tests.medical.flaws import nothing
from tests.medical.stage import GOAL, MEDICAL, OPEN, QUESTION, Stage, set_stage
from tests.network.offers import add_offering, add_provider
from tests.world import World

REPORT = {"clinical": "Gaat beter.", "functional": "Kan halve dagen werken.", "goal_reached": "partly"}


def form(stage: Stage, intervention: str = OPEN, **changes: Any) -> dict[str, Any]:
    return {
        "case_id": str(stage.case_id),
        "offering_id": str(stage.offering(intervention)),
        "goal": GOAL,
        "question": QUESTION,
        "units": 8,
        "expected_days_saved": 30,
    } | changes


def refer(client: TestClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/referrals", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_main_road(stage: Stage, call: Caller) -> None:
    physician, provider = call(stage.physician), call(stage.provider)
    judged = physician.put(f"/cases/{stage.case_id}/assessment", json={"cause": "M01", "medical": True})
    assert (judged.status_code, judged.json()["medical"]) == (200, True)
    given = {"scope": "provider", "form": "oral", "given_on": str(today())}
    assert physician.post(f"/cases/{stage.case_id}/consents", json=given).status_code == 201
    made = refer(physician, form(stage, MEDICAL))
    assert made["state"] == "issued"
    assert made["number"].startswith("V-")
    path = f"/referrals/{made['id']}"
    for action, body in (
        ("accept", {}),
        ("schedule", {"date": str(today() + timedelta(days=3))}),
        ("start", {}),
        ("report", REPORT),
    ):
        answer = provider.post(f"{path}/{action}", json=body)
        assert answer.status_code == 200, answer.text
    assert "niet bewaard" in answer.json()["notices"][0]  # nobody consented to reporting back
    done = physician.post(
        f"{path}/complete", json={"goal_reached": "reached", "work_resumed": "partly", "hours_per_week": 24}
    )
    assert (done.json()["state"], done.json()["possible"], done.json()["owner"]) == ("completed", [], None)
    found = physician.get(path).json()
    assert [event["action"] for event in found["events"]] == [
        "issue",
        "accept",
        "schedule",
        "start",
        "report",
        "complete",
    ]
    assert found["report"]["clinical"] == ""


def test_a_delegate_makes_drafts_and_is_told_why_he_may_not_issue(stage: Stage, call: Caller) -> None:
    """R6."""
    delegate = call(stage.delegate)
    made = refer(delegate, form(stage))
    assert made["state"] == "draft"
    path = f"/referrals/{made['id']}"
    assert "issue" not in delegate.get(f"{path}/actions").json()["possible"]
    refused = delegate.post(f"{path}/issue", json={})
    assert refused.status_code == 403
    assert "nog niet beoordeeld" in refused.json()["detail"]
    nothing(stage)
    assert "issue" in delegate.get(f"{path}/actions").json()["possible"]
    assert delegate.post(f"{path}/issue").json()["state"] == "issued"


def test_the_same_form_twice_is_one_referral(stage: Stage, call: Caller) -> None:
    client = call(stage.physician)
    first, second = (client.post("/referrals", json=form(stage)) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert client.get("/referrals").json()["total"] == 1


class TestBadInput:
    def test_every_fault_is_told_at_once(self, stage: Stage, call: Caller) -> None:
        """R9."""
        body = form(stage, goal="", units=0, expected_days_saved="veel", diagnosis="M54.5", case_id="1")
        del body["question"]
        answer = call(stage.physician).post("/referrals", json=body)
        assert answer.status_code == 422
        assert set(faulty_fields(answer.json())) == {
            "goal",
            "units",
            "expected_days_saved",
            "diagnosis",
            "case_id",
            "question",
        }

    @pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'"x"'])
    def test_no_json_or_no_object(self, stage: Stage, call: Caller, body: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        answer = call(stage.physician).post("/referrals", content=body, headers=headers)
        assert answer.status_code == 422

    @pytest.mark.parametrize("field", ["case_id", "offering_id"])
    def test_unknown_and_foreign_ids_are_not_there(self, stage: Stage, call: Caller, field: str) -> None:
        other = World(stage.world.database)
        foreign = set_stage(other)
        ids = {
            "case_id": (uuid4(), foreign.case_id),
            "offering_id": (uuid4(), foreign.offering(OPEN)),
        }
        for unknown in ids[field]:
            answer = call(stage.physician).post("/referrals", json=form(stage, **{field: str(unknown)}))
            assert answer.status_code == 404

    @pytest.mark.parametrize(
        ("body", "fields"),
        [
            ({}, ["cause", "medical"]),
            ({"cause": "M01", "medical": "yes"}, ["medical"]),
            ({"cause": "M01", "medical": 1}, ["medical"]),
            ({"cause": "M01", "medical": None}, ["medical"]),
            ({"cause": "ZZ9", "medical": True}, ["cause"]),
            ({"cause": "M01", "medical": True, "diagnosis": "F43"}, ["diagnosis"]),
        ],
    )
    def test_a_judgement_says_both_things_and_no_more(
        self, stage: Stage, call: Caller, body: dict[str, Any], fields: list[str]
    ) -> None:
        """R3."""
        answer = call(stage.physician).put(f"/cases/{stage.case_id}/assessment", json=body)
        assert (answer.status_code, faulty_fields(answer.json())) == (422, fields)

    @pytest.mark.parametrize(
        ("action", "body", "fields"),
        [
            ("decline", {}, ["reason"]),
            ("decline", {"reason": "geen zin"}, ["reason"]),
            ("accept", {"version": 0}, ["version"]),
            ("accept", {"extra": 1}, ["extra"]),
            ("schedule", {"date": "morgen"}, ["date"]),
            ("schedule", {"date": "1989-12-31"}, ["date"]),
            ("schedule", {"date": "2999-01-01"}, ["date"]),
            ("report", {"clinical": "x"}, ["functional", "goal_reached"]),
            ("withdraw", {"reason": "x" * 500}, ["reason"]),
            ("redirect", {"units": 0}, ["offering_id", "units"]),
        ],
    )
    def test_each_act_has_a_body_of_its_own(
        self, stage: Stage, call: Caller, action: str, body: dict[str, Any], fields: list[str]
    ) -> None:
        made = refer(call(stage.physician), form(stage))
        answer = call(stage.provider).post(f"/referrals/{made['id']}/{action}", json=body)
        assert answer.status_code == 422
        assert sorted(faulty_fields(answer.json())) == fields

    @pytest.mark.parametrize("action", ["expire", "draft", "delete", "ISSUE"])
    def test_an_unknown_act_is_not_there(self, stage: Stage, call: Caller, action: str) -> None:
        made = refer(call(stage.physician), form(stage))
        assert call(stage.physician).post(f"/referrals/{made['id']}/{action}", json={}).status_code == 404

    @pytest.mark.parametrize(
        "query", ["state=lost", "page=0", "page_size=101", "case_id=1", "order=price", "q=" + "x" * 101]
    )
    def test_a_list_knows_its_filters(self, stage: Stage, call: Caller, query: str) -> None:
        assert call(stage.physician).get(f"/referrals?{query}").status_code == 422

    def test_nothing_is_half_written(self, stage: Stage, call: Caller) -> None:
        client = call(stage.physician)
        assert client.post("/referrals", json=form(stage, MEDICAL)).status_code == 409  # no consent
        assert client.get("/referrals").json()["total"] == 0


class TestOutOfTurn:
    def test_it_says_which_acts_are_possible(self, stage: Stage, call: Caller) -> None:
        made = refer(call(stage.physician), form(stage))
        provider = call(stage.provider)
        path = f"/referrals/{made['id']}"
        assert provider.post(f"{path}/accept").status_code == 200
        again = provider.post(f"{path}/accept")
        assert again.status_code == 409
        assert again.headers["content-type"] == "application/problem+json"
        assert again.json()["possible"] == ["schedule", "ask"]
        assert "aangenomen (door de provider" in again.json()["detail"]

    def test_what_is_missing_has_a_code(self, stage: Stage, call: Caller) -> None:
        answer = call(stage.physician).post("/referrals", json=form(stage, MEDICAL))
        assert (answer.status_code, answer.json()["code"]) == (409, "consent_missing")

    @pytest.mark.parametrize("way", ["body", "header"])
    def test_an_older_version_is_refused(self, stage: Stage, call: Caller, way: str) -> None:
        physician, provider = call(stage.physician), call(stage.provider)
        made = refer(physician, form(stage))
        path = f"/referrals/{made['id']}"
        tag = provider.get(path).headers["etag"]
        assert tag == f'"{made["version"]}"'
        assert physician.post(f"{path}/withdraw", json={"reason": "mistake"}).status_code == 200
        stale: dict[str, Any] = (
            {"json": {"version": made["version"]}} if way == "body" else {"headers": {"If-Match": tag}}
        )
        answer = provider.post(f"{path}/accept", **stale)
        assert (answer.status_code, answer.json()["code"]) == (409, "overtaken")

    @pytest.mark.parametrize(("tag", "status"), [("*", 200), ('W/"1"', 200), ('"x"', 422), ('"0"', 422)])
    def test_versions_as_headers(self, stage: Stage, call: Caller, tag: str, status: int) -> None:
        made = refer(call(stage.physician), form(stage))
        answer = call(stage.provider).post(f"/referrals/{made['id']}/accept", headers={"If-Match": tag})
        assert answer.status_code == status


class TestWhoSeesWhat:
    def test_each_role_gets_a_shape_of_its_own(self, stage: Stage, call: Caller) -> None:
        """R21."""
        stage.judge(medical=True)
        stage.consent()
        made = refer(call(stage.physician), form(stage, MEDICAL))
        path = f"/referrals/{made['id']}"
        seen = {
            name: set(call(getattr(stage, name)).get(path).json())
            for name in ("physician", "delegate", "provider", "secretary", "employee")
        }
        assert seen["physician"] == seen["delegate"]
        assert {"cause", "medical", "expected_days_saved", "mandate_id"} <= seen["physician"]
        assert {"cause", "medical", "expected_days_saved", "referral_class"}.isdisjoint(seen["provider"])
        assert {"goal", "question", "postcode", "possible"} <= seen["provider"]
        assert {"goal", "question", "events", "report", "cause"}.isdisjoint(seen["secretary"])
        assert {"number", "units", "price", "vat_rate", "provider"} <= seen["secretary"]
        assert {"goal", "cause", "medical", "report"} <= seen["employee"]

    @pytest.mark.parametrize(
        ("role", "status"),
        [
            (Role.CASE_MANAGER, 403),
            (Role.NETWORK_MANAGER, 403),
            (Role.AUDITOR, 403),
            (Role.EMPLOYER, 404),
            (Role.INSURER, 404),
        ],
    )
    def test_the_open_side_is_turned_away(self, stage: Stage, call: Caller, role: Role, status: int) -> None:
        """R4."""
        made = refer(call(stage.physician), form(stage))
        client = call(stage.world.actor(role, stage.employer_id))
        for path in ("", "/worklist", f"/{made['id']}", f"/{made['id']}/actions", f"/{uuid4()}"):
            assert client.get(f"/referrals{path}").status_code == status
        assert client.post("/referrals", json=form(stage)).status_code == status
        assert client.post(f"/referrals/{made['id']}/withdraw", json={"reason": "other"}).status_code == status
        body = {"cause": "M01", "medical": False}
        assert client.put(f"/cases/{stage.case_id}/assessment", json=body).status_code == status

    def test_another_provider_and_another_employee_find_nothing(self, stage: Stage, call: Caller) -> None:
        """R20."""
        made = refer(call(stage.physician), form(stage))
        stranger = stage.world.actor(Role.PROVIDER, stage.world.organisation(OrganisationKind.PROVIDER, "Elders"))
        for somebody in (stranger, stage.elsewhere().employee, stage.elsewhere().delegate):
            client = call(somebody)
            assert client.get(f"/referrals/{made['id']}").status_code == 404
            assert client.get("/referrals").json()["total"] == 0

    def test_nobody_without_a_token(self, stage: Stage, call: Caller) -> None:
        client = call(stage.physician)
        client.headers.pop("Authorization")
        assert client.get("/referrals").status_code == 401


def test_redirecting_names_the_new_referral(stage: Stage, call: Caller) -> None:
    """R11."""
    physician = call(stage.physician)
    made = refer(physician, form(stage))
    other = add_offering(stage.world, add_provider(stage.world, "Een ander"), intervention=OPEN)
    answer = physician.post(f"/referrals/{made['id']}/redirect", json={"offering_id": str(other)})
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
    new = physician.get(f"/referrals/{answer.json()['replaced_by']}").json()
    assert (new["state"], new["replaces_id"], new["offering"]["id"]) == ("issued", made["id"], str(other))


def test_revising_a_draft(stage: Stage, call: Caller) -> None:
    made = refer(call(stage.delegate), form(stage))
    asked = {"goal": "Nieuw", "question": "Nieuw?", "units": 2, "expected_days_saved": 1}
    physician = call(stage.physician)
    answer = physician.post(f"/referrals/{made['id']}/revise", json=asked | {"version": made["version"]})
    assert (answer.status_code, answer.json()["version"]) == (200, made["version"] + 1)
    assert physician.get(f"/referrals/{made['id']}").json()["goal"] == "Nieuw"


def test_the_worklist_and_its_term(stage: Stage, call: Caller) -> None:
    made = refer(call(stage.physician), form(stage))
    (task,) = call(stage.provider).get("/referrals/worklist").json()["results"]
    assert (task["referral"]["id"], task["referral"]["due_on"], task["todo"]) == (
        made["id"],
        made["due_on"],
        "Aannemen of afwijzen",
    )


def test_the_judgement_in_force_and_those_before(stage: Stage, call: Caller) -> None:
    physician, path = call(stage.physician), f"/cases/{stage.case_id}"
    assert physician.get(f"{path}/assessment").status_code == 404
    for cause in ("M01", "W03"):
        assert physician.put(f"{path}/assessment", json={"cause": cause, "medical": cause == "M01"}).status_code == 200
    assert physician.get(f"{path}/assessment").json()["cause"] == "W03"
    assert [each["cause"] for each in call(stage.delegate).get(f"{path}/assessments").json()] == ["W03", "M01"]
    refused = call(stage.delegate).put(f"{path}/assessment", json={"cause": "M01", "medical": False})
    assert refused.status_code == 403
