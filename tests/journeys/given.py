"""What stands before a journey begins, brought about over the API by the people of the demo themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from core.clock import today
from tests.journeys.house import House

Json = Mapping[str, Any]

BAKERY, HAULIER = "Bakkerij Zonneveld", "Transport Duinwijk"
LABOUR_EXPERT, PSYCHOLOGIST = "Arbeidsdeskundig Bureau Kompas", "Praktijk De Heldere Lijn"
ACCOUNTS = {LABOUR_EXPERT: "arbeidsdeskundige", PSYCHOLOGIST: "psycholoog"}
GOAL = "Weten welk werk past"
QUESTION = "Past het eigen werk nog, en zo ja met welke aanpassingen?"
SCOPES = ("provider", "employer", "insurer", "report_back")


@dataclass(frozen=True)
class Case:
    """An absence case of this journey's own."""

    id: str
    reference: str


def unique(prefix: str) -> str:
    """Return a reference that no other journey uses."""
    return f"{prefix}-{uuid4().hex[:8].upper()}"


def day(days_ago: int = 0) -> str:
    """Return a day as the API writes it."""
    return (today() - timedelta(days=days_ago)).isoformat()


def employer_id(house: House, name: str = BAKERY) -> str:
    """Return the id of one of the employers for whom the physician works."""
    employers = house.caller("ba").get("/employers")["results"]
    return next(str(each["id"]) for each in employers if each["name"] == name)


def open_case(house: House, employer: str = BAKERY, days: int = 70) -> Case:
    """Let the physician open the case of somebody who fell sick some days ago."""
    reference = unique("P")
    body = {
        "employer_id": employer_id(house, employer),
        "employee_ref": reference,
        "first_sick_day": day(days),
        "postcode": "3811",
    }
    return Case(house.caller("ba").post("/cases", body, 201)["id"], reference)


def judge(house: House, case: Case, cause: str, medical: bool) -> None:
    """Let the physician judge the cause."""
    house.caller("ba").put(f"/cases/{case.id}/assessment", {"cause": cause, "medical": medical})


def consent(house: House, case: Case, *scopes: str) -> dict[str, str]:
    """Let the physician record consents; return their ids by scope."""
    path, facts = f"/cases/{case.id}/consents", {"form": "written", "given_on": day()}
    return {scope: house.caller("ba").post(path, {"scope": scope, **facts}, 201)["id"] for scope in scopes}


def find(house: House, provider: str, who: str = "ba", **query: Any) -> Json:
    """Search, and choose the offering of `provider` among the results."""
    found = house.caller(who).get("/offerings", page_size=100, **query)["results"]
    return next(each for each in found if each["provider"]["name"] == provider)


def refer(house: House, case: Case, offering: Json, who: str = "ba", **changes: Any) -> Json:
    """Refer: issued by the physician, a draft by the delegate."""
    body = {
        "case_id": case.id,
        "offering_id": offering["id"],
        "goal": GOAL,
        "question": QUESTION,
        "units": 1,
        "expected_days_saved": 20,
    }
    outcome: Json = house.caller(who).post("/referrals", body | changes, 201)
    return outcome


def run_through(house: House, referral: Json, provider: str, clinical: str | None = None) -> None:
    """Let the provider do his part, from accepting to reporting."""
    caller, path = house.caller(ACCOUNTS[provider]), f"/referrals/{referral['id']}"
    caller.post(f"{path}/accept", {})
    caller.post(f"{path}/schedule", {"date": day()})
    caller.post(f"{path}/start", {})
    report = {"clinical": clinical, "functional": "Kan vier ochtenden werken.", "goal_reached": "reached"}
    assert caller.post(f"{path}/report", report)["state"] == "reported"


def invoice_of(referral: Json, offering: Json, units: int = 1) -> dict[str, Any]:
    """Return the invoice that a provider sends for a referral, at the agreed price."""
    line = {
        "description": "Uitgevoerd volgens verwijzing",
        "date": day(),
        "quantity": units,
        "unit_price_cents": offering["price"]["cents"],
        "vat_rate": offering["vat_rate"],
    }
    return {
        "referral_number": referral["number"],
        "invoice_number": unique("F"),
        "invoice_date": day(),
        "lines": [line],
    }


def ready_case(house: House, employer: str = BAKERY, days: int = 70) -> Case:
    """Return a case that was judged as not medical, with every consent."""
    case = open_case(house, employer, days)
    judge(house, case, "X02", medical=False)
    consent(house, case, *SCOPES)
    return case
