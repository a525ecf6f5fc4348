"""The doctor whom an employer authorises, over JSON: named and ended by the case manager, seen by who keeps cases."""

from tests.api.callers import Caller, faulty_fields
from tests.medical.stage import Stage


def test_named_seen_and_ended(stage: Stage, call: Caller) -> None:
    """R16."""
    manager, physician = call(stage.case_manager), call(stage.physician)
    path = f"/cases/{stage.case_id}/authorised-doctors"
    made = manager.post(path, json={"name": "A. Bos", "register_number": "19065432101"})
    assert made.status_code == 201
    assert [each["name"] for each in physician.get(path).json()["results"]] == ["A. Bos"]
    assert physician.post(path, json={"name": "A. Bos", "register_number": "19065432101"}).status_code == 403
    assert manager.post(f"{path}/myself").status_code == 403
    wrong = manager.post(path, json={"name": "", "register_number": "1"})
    assert (wrong.status_code, set(faulty_fields(wrong.json()))) == (422, {"name", "register_number"})
    assert manager.delete(f"{path}/{made.json()['id']}").json()["ended_at"] is not None
    assert manager.delete(f"{path}/{made.json()['id']}").status_code == 409
    assert physician.get(path).json()["results"] == []
