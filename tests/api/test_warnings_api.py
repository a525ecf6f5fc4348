"""Warnings, and what goes on after recovery, over JSON."""

from core.clock import today
from identity.roles import Role
from tests.api.callers import Caller
from tests.medical.stage import set_stage
from tests.world import World


def test_each_side_gets_what_it_knows(call: Caller, world: World) -> None:
    """R66."""
    stage = set_stage(world, sick_for_days=44 * 7)
    expected = {"case_id": str(stage.case_id), "missing": "labour_expert", "interventions": ["ADO"], "last_week": 51}
    for actor, path in ((stage.case_manager, "/warnings"), (stage.physician, "/medical-warnings")):
        found = call(actor).get(path).json()
        assert found["total"] == 1
        assert expected.items() <= found["results"][0].items()
        assert found["results"][0]["late"] is False
    stage.issued("ADO")
    assert call(stage.physician).get("/medical-warnings").json()["total"] == 0
    assert call(stage.physician).get("/warnings").status_code == 403
    assert call(stage.case_manager).get("/medical-warnings").status_code == 403
    assert call(world.actor(Role.EMPLOYER, stage.employer_id)).get("/warnings").status_code == 404


def test_after_recovery_the_open_referrals_are_listed_and_taken_back(call: Caller, world: World) -> None:
    """R67."""
    stage = set_stage(world)
    referral_id = str(stage.issued("ADO").id)
    physician = call(stage.physician)
    assert physician.get("/recovered-referrals").json()["total"] == 0
    assert physician.post(f"/cases/{stage.case_id}/recovery", json={"recovered_on": str(today())}).status_code == 200
    (line,) = physician.get("/recovered-referrals").json()["results"]
    assert (line["id"], line["state"], line["case_id"]) == (referral_id, "issued", str(stage.case_id))
    assert physician.post(f"/referrals/{referral_id}/withdraw", json={"reason": "recovered"}).status_code == 200
    assert physician.get("/recovered-referrals").json()["total"] == 0
