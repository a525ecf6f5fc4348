"""How long a file is kept, in the portal: the end of an employment, and holding a file for a reason (R71)."""

from datetime import date

from cases.cases_recovery import record_recovery
from core.clock import today
from core.database import Door
from identity.retention_tables import Kept
from portal.open.employee.navigation import LOOKED
from tests.identity.test_retention import absences, aged, ago, employed_until
from tests.medical.stage import Stage
from tests.portal.open_pages import words_of
from tests.portal.visitors import SignIn

NOBODY_YET = "Nog niet bekend"


def recover(stage: Stage) -> None:
    with stage.world.acting(Door.OPEN, stage.case_manager) as session:
        record_recovery(session, stage.case_manager, stage.case_id, today())


def test_the_end_of_an_employment_is_written_down_on_both_sides(stage: Stage, sign_in: SignIn) -> None:
    """R71."""
    stage.judge(medical=True)
    ended = date(2024, 2, 29)
    for actor, page, act in (
        (stage.case_manager, f"/regie/dossiers/{stage.case_id}/dienstverband", ""),
        (stage.delegate, f"/arts/dossiers/{stage.case_id}/bewaren", "/dienstverband"),
    ):
        visitor = sign_in(actor)
        assert f'href="{page}"' in visitor.get(page.rpartition("/")[0]).text
        if not act:
            assert "Het verzuim loopt nog." in visitor.get(page).text
            refused = visitor.send(page, employed_until=ended, own_risk="none")
            assert (refused.status_code, "Leg eerst het herstel vast" in refused.text) == (409, True)
            recover(stage)
        assert NOBODY_YET in visitor.get(page).text
        for wrong in ({"employed_until": ended}, {"employed_until": "ooit", "own_risk": "none"}, {"own_risk": "x"}):
            assert visitor.send(f"{page}{act}", **wrong).status_code == 422
        assert visitor.send(f"{page}{act}", employed_until=ended, own_risk="zw").headers["location"] == page
        said = words_of(visitor.get(page).text)
        assert "Laatste dag in dienst 29 februari 2024" in said
        assert "Niet vóór 1 maart 2029" in said
        assert 'value="2024-02-29"' in visitor.get(page).text
        assert visitor.send(f"{page}{act}", employed_until="", own_risk="none").status_code == 303
        assert NOBODY_YET in visitor.get(page).text


def test_a_physician_holds_a_file_and_lets_it_go(stage: Stage, sign_in: SignIn) -> None:
    """R71."""
    stage.judge(medical=True)
    page = f"/arts/dossiers/{stage.case_id}/bewaren"
    visitor, delegate = sign_in(stage.physician), sign_in(stage.delegate)
    assert "Langer bewaren" in visitor.get(page).text
    assert visitor.send(page).status_code == 422
    assert visitor.get(f"{page}/einde").status_code == 404
    assert visitor.send(page, reason="dispute").headers["location"] == page
    said = words_of(visitor.get(page).text)
    assert "Dit dossier wordt langer bewaard" in said
    assert f"Vastgelegd door {stage.physician.name}" in said
    assert "Er loopt een geschil of een rechtszaak" in words_of(visitor.get(f"{page}/einde").text)
    aged(stage, ago(21))
    employed_until(stage, 21)
    assert absences(stage) == 0
    for path in (page, f"{page}/einde"):
        assert delegate.send(path, reason="dispute").status_code == 403
    assert "Langer bewaren" not in delegate.get(page).text
    assert visitor.send(f"{page}/einde").headers["location"] == page
    assert "Dit dossier wordt langer bewaard" not in words_of(visitor.get(page).text)
    assert absences(stage, Kept.ABSENCE) == 1
    assert "laat uw dossier langer bewaren" in sign_in(stage.employee).get(LOOKED).text


def test_what_is_kept_after_an_absence_left_can_still_be_opened(stage: Stage, sign_in: SignIn) -> None:
    """R71: the head of a case without its spells is no reason for an error, on the pages of who may see it."""
    stage.judge(medical=True)
    aged(stage, ago(3))
    employed_until(stage, 3)
    assert absences(stage) == 1
    physician = sign_in(stage.physician)
    case = f"/arts/dossiers/{stage.case_id}"
    for path in ("/arts", "/arts/dossiers", case, f"{case}/bewaren", f"{case}/toen"):
        assert physician.get(path).status_code == 200, path
    assert sign_in(stage.employee).get("/werknemer").status_code == 200
    manager = sign_in(stage.case_manager)
    assert manager.get(f"/regie/dossiers/{stage.case_id}").status_code == 404
    assert manager.get("/regie/dossiers").status_code == 200
