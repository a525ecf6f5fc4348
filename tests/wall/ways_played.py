"""Plays every way in: referrals, specifications of an employer's own provider, and emergencies."""

from typing import Any

from sqlalchemy import text

from application import build
from core.database import Database
from demo.people import demo_id
from demo.stage import Stage
from tests.wall.ways_in import Ways, draft_and_return, refer_by_api, refer_by_portal

REFERENCE = "K-907"
CASE = (
    "SELECT c.id FROM cases.absence_case c JOIN cases.employee e ON e.id = c.employee_id"
    f" WHERE e.reference = '{REFERENCE}'"
)
OFFERING = "SELECT id FROM network.offering WHERE title = 'AAA Kanarieaanbod-qx76'"


def play_ways(database: Database, stage: Stage) -> dict[tuple[str, str], str]:
    """Play each by the API and by the portal, and return the canary of each field of each."""
    ways = Ways(build(database.settings, database), stage)
    with database.owner.connect() as connection:
        case_id, offering_id = (connection.execute(text(query)).scalar_one() for query in (CASE, OFFERING))
    refer_by_api(ways, case_id, offering_id)
    refer_by_portal(ways, case_id, offering_id)
    draft_and_return(ways, case_id, offering_id)
    _specify(ways)
    _break_the_glass(ways)
    return ways.words


def _specify(ways: Ways) -> None:
    """What a provider of an employer's own sends to the secretariat, is asked and answers."""
    own = ways.stage.actors["arbeidsdeskundige"].organisation_id
    with ways.stage.database.owner.connect() as connection:
        query = text("SELECT kvk FROM network.organisation_profile WHERE organisation_id = :id")
        kvk = connection.execute(query, {"id": own}).scalar_one()
    new = {"provider_name": "Praktijk van de werkgever", "kvk": kvk, "email": "praktijk@example.test"}
    contract = ways.call("werkgever", "POST contract", "direct-contracts", **new)["id"]
    place = f"direct-specifications/connections/{contract}"
    ways.call("secretariaat", "PUT connection", place, provider_id=str(own))
    facts = {"contract_id": contract, "invoice_reference": "F2026-91", "total_cents": 900_00}
    way = "POST /direct-specifications"
    sent = ways.call("arbeidsdeskundige", way, "direct-specifications", "specification", "employee_reference", **facts)
    one = f"direct-specifications/{sent['id']}"
    ways.call("secretariaat", "POST /judgement", f"{one}/judgement", "question", outcome="question")
    ways.call("arbeidsdeskundige", "POST /answer", f"{one}/answer", "words")
    _specify_by_portal(ways, contract)


def _specify_by_portal(ways: Ways, contract: str) -> None:
    provider, facts = "arbeidsdeskundige", {"contract_id": contract, "invoice_reference": "F2026-92"}
    words, amount = ("specification", "employee_reference"), {"total_cents": "900,00"}
    place = ways.form(provider, "form specification", "/provider/specificaties/nieuw", *words, **facts, **amount)
    one = place.partition("?")[0].rsplit("/", 1)[1]
    ways.form("secretariaat", "form judgement", f"/secretariaat/specificaties/{one}", "question", outcome="question")
    ways.form(provider, "form answer to it", f"/provider/specificaties/{one}", "words")


def _break_the_glass(ways: Ways) -> None:
    """Why a delegate of another employer opens a case; the first is looked at and judged, the second stays open."""
    why: dict[str, Any] = {
        "sought": REFERENCE,
        "employer_id": str(demo_id("organisation:zonneveld")),
        "reason": "cover",
    }
    opened = f"emergencies/{ways.call('cmtd2', 'POST /emergencies', 'emergencies', 'words', **why)['id']}"
    holder = ways.who("cmtd2")
    assert holder.client.get(f"/api/v1/{opened}/file", headers=holder.token).status_code == 200
    ways.call("cmtd2", "POST end", f"{opened}/end")
    ways.call("ba", "POST review", f"{opened}/review", verdict="unjustified")
    place = ways.form("cmtd2", "form emergency", "/arts/noodtoegang/nieuw", "words", **why).partition("?")[0]
    assert holder.client.get(f"{place}/dossier").status_code == 200
    seen = ways.who("ba").client.get(place).text
    assert ways.word("form emergency", "words") in seen
