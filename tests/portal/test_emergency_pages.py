"""Emergency access on its pages and over the API: from the step-up to the verdict, and where others see it (R22)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.clock import now
from core.database import Database
from core.mail import folder_of
from identity.actor import Actor
from portal.open.employee.navigation import LOOKED
from tests.api.callers import callers
from tests.medical.stage import GOAL, Stage
from tests.medical.test_emergencies import WORDS, number_of
from tests.portal.visitors import SignIn
from worker.medical_jobs import emergency_opened

OPENED = re.compile(r"^/arts/noodtoegang/([0-9a-f-]{36})$")


@pytest.fixture
def outsider(stage: Stage) -> Actor:
    """A delegate of the same arbodienst who works for another employer."""
    stage.judge(medical=True)
    stage.issued()
    return stage.elsewhere().delegate


def test_from_the_reason_to_the_verdict(stage: Stage, outsider: Actor, sign_in: SignIn, database: Database) -> None:
    """R22."""
    visitor, told = sign_in(outsider), sign_in(stage.world.responsible)
    nowhere = visitor.send("/arts/noodtoegang/nieuw", sought="X-1", reason="cover", words=WORDS)
    assert (nowhere.status_code, "Uw poging is vastgelegd" in nowhere.text) == (404, True)
    done = visitor.send("/arts/noodtoegang/nieuw", sought=number_of(stage), reason="cover", words=WORDS)
    opened = OPENED.match(done.headers["location"])
    assert opened
    emergency_id = opened[1]
    file = visitor.get(f"/arts/noodtoegang/{emergency_id}/dossier")
    assert file.status_code == 200
    assert GOAL in file.text
    assert visitor.get(f"/arts/dossiers/{stage.case_id}").status_code == 404

    emergency_opened(database, emergency_id=emergency_id, tenant_id=str(stage.world.tenant_id))
    emergency_opened(database, emergency_id=emergency_id, tenant_id=str(stage.world.tenant_id))
    (mail,) = folder_of(database.settings).received_by(stage.world.responsible.email)
    assert f"/arts/noodtoegang/{emergency_id}" in mail.get_content()
    assert outsider.name not in mail.as_string()

    assert f"/arts/noodtoegang/{emergency_id}" in told.get("/arts").text
    page = told.get(f"/arts/noodtoegang/{emergency_id}")
    assert WORDS in page.text
    assert told.send(f"/arts/noodtoegang/{emergency_id}/beeindigen").status_code == 303
    assert visitor.get(f"/arts/noodtoegang/{emergency_id}/dossier").status_code == 409
    assert told.send(f"/arts/noodtoegang/{emergency_id}", verdict="unjustified").status_code == 303
    assert f"/arts/noodtoegang/{emergency_id}" not in told.get("/arts").text

    officer = sign_in(stage.auditor)
    for path in ("/toezicht", "/toezicht/noodtoegang"):
        assert "Het was niet nodig" in officer.get(path).text
        assert WORDS not in officer.get(path).text
    within = officer.get("/toezicht", emergency=emergency_id).text
    assert "medical:referral:read" in within
    assert "identity:" not in within.partition('id="found"')[2].partition("medical:")[0]
    looked = sign_in(stage.employee).get(LOOKED).text
    assert "las uw dossier in een noodgeval" in looked
    assert "Wat is noodtoegang?" in looked


def test_it_asks_for_the_second_factor_again(
    stage: Stage, outsider: Actor, sign_in: SignIn, database: Database
) -> None:
    visitor = sign_in(outsider)
    with database.owner.begin() as connection:
        aged = "UPDATE identity.web_session SET proved_at = :then WHERE membership_id = :me"
        connection.execute(text(aged), {"then": now() - timedelta(minutes=40), "me": outsider.membership_id})
    for answer in (
        visitor.get("/arts/noodtoegang/nieuw"),
        visitor.send("/arts/noodtoegang/nieuw", sought=number_of(stage), reason="cover", words=WORDS),
    ):
        assert answer.headers["location"].startswith("/account/tweede-stap")


def test_the_same_over_the_api(stage: Stage, outsider: Actor, database: Database) -> None:
    """R22."""
    caller = callers(database, stage.world)

    def call(actor: Actor, method: str, path: str, **body: str) -> tuple[int, dict[str, Any]]:
        answer = caller(actor).request(method, path, json=body or None)
        return answer.status_code, answer.json()

    status, problem = call(outsider, "POST", "/emergencies", sought="X-1", reason="cover", words=WORDS)
    assert (status, problem["code"]) == (404, "not_found")
    asked = {"sought": number_of(stage), "reason": "contact", "words": WORDS}
    status, made = call(outsider, "POST", "/emergencies", **asked)
    assert (status, made["is_open"]) == (201, True)
    path = f"/emergencies/{made['id']}"
    status, file = call(outsider, "GET", f"{path}/file")
    assert status == 200
    assert file["referrals"][0]["goal"] == GOAL
    assert call(stage.physician, "GET", f"{path}/file")[0] == 403
    assert call(stage.physician, "GET", path)[1]["words"] == WORDS
    assert call(outsider, "POST", f"{path}/end")[1]["is_open"] is False
    assert call(outsider, "POST", f"{path}/review", verdict="justified")[0] == 403
    assert call(stage.physician, "POST", f"{path}/review", verdict="justified")[1]["verdict"] == "justified"
    assert call(stage.auditor, "GET", "/audit/emergencies")[1]["total"] == 1
    assert call(stage.auditor, "GET", f"/audit/events?emergency_id={made['id']}")[1]["total"] != 0
    assert call(stage.secretary, "GET", "/emergencies")[0] == 403
