"""The proof of the audit trail, holds and the end of an employment, over JSON."""

from sqlalchemy import text

from core.clock import today
from core.database import Door
from core.signing import Signer
from identity.actor import system
from identity.audit_anchors import anchor_chain
from tests.api.callers import Caller
from tests.conftest import ANCHOR_KEY
from tests.identity.test_audit_chain import as_superuser, seal_all, write_events
from tests.medical.stage import Stage


def test_anchors_are_fetched_and_brought_back(stage: Stage, call: Caller) -> None:
    """R68."""
    write_events(stage.world, 3)
    seal_all(stage.world)
    actor = system(stage.world.tenant_id)
    with stage.world.acting(Door.OPEN, actor) as session:
        anchor_chain(session, actor, Signer((ANCHOR_KEY,)))
    auditor = call(stage.auditor)
    fetched = auditor.get("/audit/anchors").json()
    assert (fetched["total"], len(fetched["public_keys"])) == (1, 1)
    kept = {"anchors": fetched["results"]}
    answer = auditor.post("/audit/verify", json=kept).json()
    assert (answer["whole"], answer["anchors"]) == (True, 2)
    as_superuser(stage.world, "DELETE FROM identity.audit_link WHERE tenant_id = :tenant AND position = 3")
    as_superuser(stage.world, "DELETE FROM identity.audit_anchor WHERE tenant_id = :tenant")
    assert auditor.get("/audit/verify").json()["whole"] is True
    answer = auditor.post("/audit/verify", json=kept).json()
    assert (answer["whole"], answer["fault"]) == (False, "chain_shorter")
    wrong = {"anchors": [fetched["results"][0] | {"signature": "?"}]}
    assert auditor.post("/audit/verify", json=wrong).status_code == 422
    assert call(stage.case_manager).get("/audit/anchors").status_code == 403
    assert auditor.get("/audit/certificates").json()["total"] == 0


def test_a_file_is_held_and_let_go(stage: Stage, call: Caller) -> None:
    """R71."""
    physician = call(stage.physician)
    path = f"/cases/{stage.case_id}/hold"
    held = physician.put(path, json={"reason": "dispute"})
    assert held.status_code == 200
    assert physician.put(path, json={"reason": "dispute"}).json() == held.json()
    assert physician.put(path, json={"reason": "because"}).status_code == 422
    assert physician.delete(path).status_code == 204
    assert physician.delete(path).status_code == 404
    assert call(stage.delegate).put(path, json={"reason": "dispute"}).status_code == 403


def test_the_end_of_an_employment_waits_for_recovery(stage: Stage, call: Caller) -> None:
    """R71."""
    manager, path = call(stage.case_manager), f"/cases/{stage.case_id}/employment"
    ended = {"employed_until": today().isoformat(), "own_risk": "wga"}
    assert manager.put(path, json=ended).json()["code"] == "case_open"
    with stage.world.database.owner.begin() as connection:
        statement = text("UPDATE cases.absence_case SET closed_at = now() WHERE id = :case")
        connection.execute(statement, {"case": stage.case_id})
    assert manager.put(path, json=ended).status_code == 200
