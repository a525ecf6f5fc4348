"""Over JSON: a draft that goes back, a question and its answer, an interruption, and a result that is demanded."""

from datetime import timedelta
from typing import Any

import pytest

from core.clock import today
from medical.tables import ReferralState
from tests.api.callers import Caller, faulty_fields
from tests.medical.stage import MEDICAL, OPEN, Stage


def test_a_draft_goes_back_is_changed_and_signed(stage: Stage, call: Caller) -> None:
    """R6."""
    physician, delegate = call(stage.physician), call(stage.delegate)
    stage.consent()
    path = f"/referrals/{stage.draft(MEDICAL).id}"
    assert physician.get(path).json()["unseen"] is None
    back = {"reason": "unclear", "words": "Schrijf het doel in uren.", "version": 1}
    answer = physician.post(f"{path}/return", json=back)
    assert (answer.json()["state"], answer.json()["owner"]) == ("returned", "delegate")
    replayed = physician.post(f"{path}/return", json=back)
    assert (replayed.status_code, replayed.json()["possible"]) == (409, ["revise", "withdraw"])
    assert "Iemand was u voor" in replayed.json()["detail"]
    (task,) = delegate.get("/referrals/worklist").json()["results"]
    assert task["todo"].startswith("Teruggestuurd")
    (message,) = delegate.get(path).json()["messages"]
    assert (message["kind"], message["words"]) == ("return", "Schrijf het doel in uren.")
    revision = {"goal": "Zes uur", "question": "Hoe?", "units": 8, "expected_days_saved": 30}
    assert delegate.post(f"{path}/revise", json=revision).json()["state"] == "draft"
    found = physician.get(path).json()
    assert [change["field"] for change in found["unseen"]["changes"]] == ["goal", "question"]
    assert [version["version"] for version in found["versions"]] == [1, 3]
    signed = physician.post(f"{path}/issue", json={"version": found["version"]})
    assert signed.json()["state"] == "issued"


def test_a_question_and_its_answer(stage: Stage, call: Caller) -> None:
    physician, provider = call(stage.physician), call(stage.provider)
    path = f"/referrals/{stage.issued(OPEN).id}"
    asked = provider.post(f"{path}/ask", json={"words": "Mag hij tillen?"})
    assert (asked.json()["state"], asked.json()["owner"]) == ("issued", "physician")
    assert provider.get("/referrals/worklist").json()["total"] == 0
    (task,) = physician.get("/referrals/worklist").json()["results"]
    assert (task["todo"], task["referral"]["asked_on"]) == ("Vraag van de provider beantwoorden", str(today()))
    answered = physician.post(f"{path}/answer", json={"words": "Tot tien kilo."})
    assert answered.json()["owner"] == "provider"
    assert [message["kind"] for message in provider.get(path).json()["messages"]] == ["question", "answer"]
    assert provider.post(f"{path}/answer", json={"words": "Ja"}).status_code == 403


def test_an_interruption_and_a_result(stage: Stage, call: Caller) -> None:
    """R75."""
    physician, provider = call(stage.physician), call(stage.provider)
    path = f"/referrals/{stage.in_state(ReferralState.RUNNING, OPEN)}"
    until = str(today() + timedelta(days=14))
    stopped = provider.post(f"{path}/interrupt", json={"reason": "employee_away", "until": until})
    assert stopped.json()["state"] == "interrupted"
    assert provider.get(path).json()["interrupted_until"] == until
    assert provider.post(f"{path}/report", json={"functional": "x", "goal_reached": "partly"}).status_code == 409
    assert physician.post(f"{path}/resume").json()["state"] == "running"
    assert provider.post(f"{path}/report", json={"functional": "x", "goal_reached": "partly"}).status_code == 200
    without = physician.post(f"{path}/complete", json={})
    assert (without.status_code, set(faulty_fields(without.json()))) == (422, {"goal_reached", "work_resumed"})
    result = {"goal_reached": "partly", "work_resumed": "partly"}
    no_hours = physician.post(f"{path}/complete", json=result)
    assert (no_hours.status_code, faulty_fields(no_hours.json())) == (422, ["hours_per_week"])
    done = physician.post(f"{path}/complete", json=result | {"hours_per_week": 16})
    assert done.json()["state"] == "completed"
    found = physician.get(path).json()["result"]
    assert (found["helped"], found["hours_per_week"]) == (True, 16)
    assert "result" not in provider.get(path).json()


@pytest.mark.parametrize(
    ("act", "body", "faults"),
    [
        ("return", {}, {"reason", "words"}),
        ("return", {"reason": "because", "words": " "}, {"reason", "words"}),
        ("ask", {"words": "x" * 2001}, {"words"}),
        ("answer", {"words": "\x00"}, {"words"}),
        ("interrupt", {"reason": "other", "until": "2030-02-30"}, {"until"}),
        (
            "complete",
            {"goal_reached": "yes", "work_resumed": "fully", "hours_per_week": 61},
            {"goal_reached", "hours_per_week"},
        ),
        ("complete", {"goal_reached": "reached", "work_resumed": "fully", "diagnosis": "M54"}, {"diagnosis"}),
    ],
)
def test_bad_input_is_named_field_by_field(
    stage: Stage, call: Caller, act: str, body: dict[str, Any], faults: set[str]
) -> None:
    answer = call(stage.physician).post(f"/referrals/{stage.draft(OPEN).id}/{act}", json=body)
    assert (answer.status_code, set(faulty_fields(answer.json()))) == (422, faults)
