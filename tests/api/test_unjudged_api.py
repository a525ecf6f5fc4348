"""The cases without a judgement over JSON, for physician and delegate (R3)."""

import pytest

from core.clock import today
from identity.actor import Actor
from tests.api.callers import Caller
from tests.medical.stage import Stage


def test_the_physician_is_told_which_cases_he_has_not_judged(stage: Stage, call: Caller) -> None:
    """R3."""
    other = stage.elsewhere()
    client = call(stage.physician)
    first = client.get("/unjudged-cases", params={"page_size": 1}).json()
    assert (first["total"], first["page"], first["page_size"], len(first["results"])) == (2, 1, 1, 1)
    second = client.get("/unjudged-cases", params={"page_size": 1, "page": 2}).json()
    found = {each["id"]: each for page in (first, second) for each in page["results"]}
    assert set(found) == {str(stage.case_id), str(other.case_id)}
    one = found[str(stage.case_id)]
    assert one["employer"] == {"id": str(stage.employer_id), "name": "Bouwbedrijf Van Dam"}
    assert (one["employee_name"], one["sickness_week"], one["opened_on"]) == ("J. de Wit", 9, str(today()))
    assert client.put(f"/cases/{stage.case_id}/assessment", json={"cause": "M01", "medical": True}).status_code == 200
    assert [each["id"] for each in client.get("/unjudged-cases").json()["results"]] == [str(other.case_id)]


def test_the_delegate_is_told_of_his_own_employers(stage: Stage, call: Caller) -> None:
    stage.elsewhere()
    found = call(stage.delegate).get("/unjudged-cases").json()
    assert [each["id"] for each in found["results"]] == [str(stage.case_id)]


@pytest.mark.parametrize("name", ["provider", "secretary", "employee", "case_manager"])
def test_nobody_else_is_told(stage: Stage, call: Caller, name: str) -> None:
    actor: Actor = getattr(stage, name)
    assert call(actor).get("/unjudged-cases").status_code == 403


def test_a_question_that_is_none_is_refused(stage: Stage, call: Caller) -> None:
    answer = call(stage.physician).get("/unjudged-cases", params={"page_size": 101, "cause": "M01"})
    assert answer.status_code == 422
