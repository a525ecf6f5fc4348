"""The main job over the API alone, role by role, as somebody does it who has only read how."""

from functools import partial
from io import BytesIO
from typing import Any
from uuid import uuid4

from lxml import etree
from pypdf import PdfReader

from core.clock import today
from tests.journeys import given
from tests.journeys.caller import Caller, eventually
from tests.journeys.given import BAKERY, HAULIER, LABOUR_EXPERT, PSYCHOLOGIST, Case, Json
from tests.journeys.house import House
from tests.medical.test_provider_invoices_ubl import ubl

ROLES = {
    "ba": "physician",
    "cmtd": "delegate",
    "secretariaat": "secretary",
    "netwerk": "network_manager",
    "psycholoog": "provider",
    "cm": "case_manager",
    "werkgever": "employer",
    "verzekeraar": "insurer",
    "werknemer": "employee",
    "fg": "auditor",
}
DAILY_COST = 34_000
MONTH = f"{today():%Y-%m}"
EVERYDAY = "Interventie op advies van de bedrijfsarts"


def invoice_with(caller: Caller, reference: str) -> Json:
    """Return the invoice of the caller on which a line has `reference`."""
    for summary in caller.get("/invoices", page_size=100)["results"]:
        invoice: Json = caller.get(f"/invoices/{summary['id']}")
        if any(line["reference"] == reference for line in invoice["lines"]):
            return invoice
    raise AssertionError(f"no invoice mentions {reference}")


def amounts(invoice: Json, reference: str) -> dict[str, int]:
    """Return what the lines of an invoice with `reference` say, in cents."""
    return {line["description"]: line["net"]["cents"] for line in invoice["lines"] if line["reference"] == reference}


def spent(house: House, intervention: str) -> dict[str, int]:
    """Return what the bakery spent this month on an open intervention, in cents."""
    overview = house.caller("werkgever").get(f"/costs?from={MONTH}&to={MONTH}")
    costs = [each for each in overview["totals"]["open"] if each["intervention"] == intervention]
    parts = ("price", "insurer_share", "employer_share")
    return {part: sum(cost[part]["amount"]["cents"] for cost in costs) for part in parts}


def request_of(caller: Caller, case: Case, referral: Json) -> Json:
    """Return the request for co-financing that was prepared with a referral; it says nothing of the referral."""
    assert referral["state"] == "issued"
    found = caller.get("/cofinancing-requests", page_size=100)["results"]
    request: Json = next(each for each in found if each["case_id"] == case.id)
    return request


def charge(house: House) -> Json:
    """Let the secretariat run this month."""
    run: Json = house.caller("secretariaat").post("/charge-runs", {"month": MONTH}, 201)
    return run


def test_everybody_is_who_he_is(house: House) -> None:
    for name, role in ROLES.items():
        me = house.caller(name).get("/me")
        assert (me["email"], me["role"]) == (f"{name}@demo.test", role)
        assert me["organisation"]
        assert len(house.caller(name).get("/causes")) == len(house.caller(name).get("/interventions")) == 28


def test_from_an_absence_to_an_invoice_that_insurer_and_employer_share(house: House) -> None:
    """R51."""
    physician, provider, secretary = (house.caller(name) for name in ("ba", "arbeidsdeskundige", "secretariaat"))
    charge(house)  # what the demo has waiting goes out before
    before = spent(house, "ADO")

    # Given somebody of the bakery in his eleventh week, whose absence has no medical cause, and who consents
    case = given.open_case(house, BAKERY, days=70)
    given.judge(house, case, "X02", medical=False)
    given.consent(house, case, *given.SCOPES)
    assert physician.get(f"/cases/{case.id}")["sickness_week"] == 11
    assert {step["owner"] for step in physician.get(f"/cases/{case.id}/timeline")["steps"]} > {"physician"}

    # When the physician looks for a labour expert nearby and refers, asking the insurer to share
    offering = given.find(
        house, LABOUR_EXPERT, cause="X02", sickness_year=1, intervention="ADO", postcode="3811", sort="wait"
    )
    assert offering["reasons"]
    assert offering["distance_km"] < 20
    assert {"stated_days", "stated_on", "median_days", "p80_days", "n"} <= offering["wait"].keys()
    price = offering["price"]["cents"]
    referral = given.refer(house, case, offering, request_cofinancing=True)
    assert referral["state"] == "issued"

    # Then the case manager finds the request, and sends it with what a day costs
    manager, insurer = house.caller("cm"), house.caller("verzekeraar")
    prepared = request_of(manager, case, referral)
    assert prepared["price"]["cents"] == price
    sent = manager.post(f"/cofinancing-requests/{prepared['id']}/submit", {"daily_cost_cents": DAILY_COST})
    assert sent["cost_benefit"]["benefit"]["cents"] == 20 * DAILY_COST

    # And the insurer, who learns of no person and no provider, grants three quarters: it is before week 35
    asked = insurer.get(f"/cofinancing-requests/{prepared['id']}")
    assert (asked["case_id"], asked["percentage"]) == (None, 75)
    assert LABOUR_EXPERT not in str(asked)
    assert case.reference not in str(asked)
    decided = insurer.post(f"/cofinancing-requests/{prepared['id']}/decision", {"outcome": "approved"})
    granted = decided["decided"]["cents"]
    assert granted == price * 75 // 100

    # When the provider does what was asked, and the physician closes it
    given.run_through(house, referral, LABOUR_EXPERT)
    assert "complete" in physician.get(f"/referrals/{referral['id']}/actions")["possible"]
    result = {"goal_reached": "reached", "work_resumed": "partly", "hours_per_week": 24}
    assert physician.post(f"/referrals/{referral['id']}/complete", result)["state"] == "completed"

    # And invoices, and the secretariat finds it right, releases it and runs the month
    received = provider.post("/provider-invoices", given.invoice_of(referral, offering), 201)
    assert all(check["passed"] for check in received["checks"])
    assert secretary.get(f"/provider-invoices/{received['id']}")["state"] == "received"
    assert secretary.post(f"/provider-invoices/{received['id']}/approve")["state"] == "approved"
    run = charge(house)

    # Then the employer has an invoice that names the kind of work, his own reference, and the insurer's part
    employer = house.caller("werkgever")
    invoice = invoice_with(employer, case.reference)
    assert invoice["id"] in run["invoices"]
    assert amounts(invoice, case.reference) == {
        "Arbeidsdeskundig onderzoek": price,
        "Bijdrage verzekeraar": -granted,
    }
    assert LABOUR_EXPERT not in str(invoice)
    assert referral["number"] not in str(invoice)

    # And the insurer has one for its part: together they pay the price, no more and no less
    assert amounts(invoice_with(insurer, prepared["number"]), prepared["number"]) == {
        "Arbeidsdeskundig onderzoek": granted
    }
    after = spent(house, "ADO")
    assert {part: after[part] - before[part] for part in after} == {
        "price": price,
        "insurer_share": granted,
        "employer_share": price - granted,
    }
    assert insurer.get(f"/cofinancing-requests/{prepared['id']}")["final"] is True


def test_an_invoice_is_the_same_on_the_page_on_paper_and_for_a_machine(house: House) -> None:
    # Given an invoice of last month
    employer = house.caller("werkgever")
    oldest = employer.get("/invoices", page_size=100, open="true")["results"][-1]
    invoice = employer.get(f"/invoices/{oldest['id']}")

    # When the employer fetches the files
    pdf = employer.file(f"/invoices/{invoice['id']}.pdf")
    xml = employer.file(f"/invoices/{invoice['id']}.xml")

    # Then they say the same
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages)
    document = etree.fromstring(xml.content)
    assert pdf.headers["content-type"] == "application/pdf"
    assert invoice["number"] in pdf.headers["content-disposition"]
    assert invoice["number"] in words
    assert document.findtext("{*}ID") == invoice["number"]
    assert document.findtext("{*}LegalMonetaryTotal/{*}PayableAmount") == f"{invoice['total']['cents'] / 100:.2f}"
    assert sum(line["net"]["cents"] for line in invoice["lines"]) == invoice["net"]["cents"]

    # And it can be paid, once
    paying = employer.post(f"/invoices/{invoice['id']}/payments", None, 201)
    assert employer.post(f"/invoices/{invoice['id']}/payments", None, 200) == paying


def test_of_a_treatment_the_employer_learns_the_amount_and_nothing_else(house: House) -> None:
    # Given a medical cause, and an employee who consents that the employer knows that there is an intervention
    """R18."""
    case = given.open_case(house, HAULIER)
    given.judge(house, case, "M01", medical=True)
    given.consent(house, case, *given.SCOPES)
    offering = given.find(house, PSYCHOLOGIST, cause="M01", sickness_year=1, intervention="PSY")
    referral = given.refer(house, case, offering, units=6, goal="Klachten verminderen")
    given.run_through(house, referral, PSYCHOLOGIST, clinical="Slaapt weer door.")
    assert house.caller("ba").get(f"/referrals/{referral['id']}")["report"]["clinical"] == "Slaapt weer door."

    # When the psychologist sends his invoice as UBL, twice, and the secretariat releases it and runs the month
    psychologist, secretary = house.caller("psycholoog"), house.caller("secretariaat")
    document = ubl_of(psychologist, referral, offering, 6)
    received = psychologist.send("/provider-invoices", document, "application/xml", 201)
    assert [check["code"] for check in received["checks"] if not check["passed"]] == []
    assert psychologist.send("/provider-invoices", document, "application/xml", 200)["id"] == received["id"]
    outgoing = secretary.get(f"/provider-invoices/{received['id']}/outgoing")
    assert [line["description"] for line in outgoing["lines"]] == [EVERYDAY]
    secretary.post(f"/provider-invoices/{received['id']}/approve")
    run = charge(house)

    # Then the employer has one line with the constant words and the whole amount
    employer = house.caller("werkgever2")
    mine = [each["id"] for each in employer.get("/invoices", page_size=100)["results"] if each["id"] in run["invoices"]]
    total = 6 * offering["price"]["cents"]
    lines = [line for each in mine for line in employer.get(f"/invoices/{each}")["lines"]]
    assert total in [line["net"]["cents"] for line in lines if line["description"] == EVERYDAY]

    # And nothing that it reads tells of a psychologist, however it asks
    said = str([employer.get(f"/invoices/{each}") for each in mine]) + str(employer.get("/costs"))
    for secret in (PSYCHOLOGIST, "Psycholog", "PSY", referral["number"], received["invoice_number"], "Slaapt"):
        assert secret not in said
    for path in (f"/cases/{case.id}", f"/referrals/{referral['id']}", f"/provider-invoices/{received['id']}"):
        strange = employer.get(path.replace(path.split("/")[2], str(uuid4())), 404)
        assert employer.get(path, 404) == strange

    # And to the secretariat the clinical words stay closed too
    assert "Slaapt" not in str(secretary.get(f"/referrals/{referral['id']}"))


def ubl_of(provider: Caller, referral: Json, offering: Json, units: int) -> bytes:
    """Return the invoice of a provider as his own software would write it."""
    me = provider.get(f"/providers/{offering['provider']['id']}")
    net = units * offering["price"]["cents"]
    vat = net * offering["vat_rate"] // 100
    document = ubl(
        number=given.unique("U"),
        reference=referral["number"],
        buyer=provider.get("/provider-invoices/addressee")["kvk"],
        kvk=me["kvk"],
        vat_id=me["vat_id"],
        quantity=units,
        price=euros(offering["price"]["cents"]),
        net=euros(net),
        vat=euros(vat),
        gross=euros(net + vat),
    )
    if offering["vat_rate"] == 21:
        return document
    exempt = document.replace(b"<cbc:ID>S</cbc:ID><cbc:Percent>21<", b"<cbc:ID>E</cbc:ID><cbc:Percent>0<")
    assert offering["vat_rate"] == 0
    assert exempt != document
    return exempt


def euros(cents: int) -> str:
    """Return an amount as UBL writes it."""
    return f"{cents // 100}.{cents % 100:02d}"


def test_a_delegate_refers_under_a_mandate_and_no_further(house: House) -> None:
    """R1, R2."""
    physician, delegate = house.caller("ba"), house.caller("cmtd")
    # Given a mandate for the bakery, which does not cover the feasibility study
    mandate = {
        "account_email": "cmtd@demo.test",
        "employer_id": given.employer_id(house, BAKERY),
        "interventions": ["ADO", "WPO"],
        "valid_from": given.day(),
        "valid_until": given.day(-30),
    }
    signed = physician.post("/mandates", mandate, 201)
    assert signed["in_force"] is True
    case = given.ready_case(house)

    # When the delegate prepares and issues what the mandate covers
    offering = given.find(house, LABOUR_EXPERT, who="cmtd", intervention="ADO")
    draft = given.refer(house, case, offering, who="cmtd")
    assert draft["state"] == "draft"
    issued = delegate.post(f"/referrals/{draft['id']}/issue", {})

    # Then it goes out under the name of the physician
    assert issued["state"] == "issued"
    seen = house.caller("arbeidsdeskundige").get(f"/referrals/{draft['id']}")
    assert seen["physician"]["name"] == "Anna de Wit"
    assert "cause" not in seen

    # And what no mandate covers, and a medical cause, are refused with the reason
    other = given.find(house, LABOUR_EXPERT, who="cmtd", intervention="LWO")
    uncovered = given.refer(house, case, other, who="cmtd")
    assert "mandaat" in delegate.post(f"/referrals/{uncovered['id']}/issue", {}, 403)["detail"]
    given.judge(house, case, "M01", medical=True)
    again = given.refer(house, case, offering, who="cmtd", goal="Nog eens")
    assert delegate.post(f"/referrals/{again['id']}/issue", {}, 403)["detail"]
    delegate.put(f"/cases/{case.id}/assessment", {"cause": "X02", "medical": False}, 403)
    physician.delete(f"/mandates/{signed['id']}")


def test_a_case_manager_asks_for_a_labour_expert_and_the_physician_decides(house: House) -> None:
    """R5."""
    manager, physician = house.caller("cm"), house.caller("ba")
    # Given a case of which the case manager knows the weeks and not the cause
    case = given.ready_case(house)
    assert "X02" not in str(manager.get(f"/cases/{case.id}")) + str(manager.get(f"/cases/{case.id}/timeline"))
    offering = given.find(house, LABOUR_EXPERT, who="cm", intervention="ADO")
    listed = manager.get("/offerings", page_size=100)["results"]
    assert {each["disclosure"] for each in listed} == {"OPEN"}

    # When he asks for it, twice
    body = {"case_id": case.id, "offering_id": offering["id"], "goal": "Weten welk werk past"}
    asked = manager.post("/referral-requests", body, 202)
    assert manager.post("/referral-requests", body, 202)["id"] == asked["id"]

    # Then the physician finds one draft, and decides
    def drafted() -> Json | None:
        found = physician.get("/referrals", case_id=case.id)
        return found["results"][0] if found["total"] == 1 else None

    draft = eventually(drafted)
    assert draft["state"] == "draft"
    physician.post(f"/referrals/{draft['id']}/issue", {})
    assert manager.get(f"/referral-requests/{asked['id']}")["state"] == "granted"

    # And the case manager follows how far it is, and what is confidential he cannot ask for
    progress = eventually(lambda: manager.get(f"/cases/{case.id}/progress") or None)
    assert [(each["intervention"], each["state"]) for each in progress] == [("ADO", "requested")]
    secret = given.find(house, PSYCHOLOGIST, intervention="PSY")
    manager.post("/referral-requests", body | {"offering_id": secret["id"]}, 403)


def test_an_offering_is_found_once_the_network_manager_approved_it(house: House) -> None:
    """R29."""
    provider, manager = house.caller("arbeidsdeskundige"), house.caller("netwerk")
    # Given an offering that the provider wrote
    title = f"Werkplekonderzoek {given.unique('W')}"
    body: dict[str, Any] = {
        "title": title,
        "description": "Onderzoek van de werkplek met advies.",
        "intervention": "WPO",
        "causes": ["W02"],
        "sickness_years": [1, 2],
        "online": False,
        "nationwide": True,
        "radius_km": 25,
        "postcode": "3951",
        "vat_rate": 21,
        "price_valid_from": given.day(),
        "programme_weeks": 3,
        "evidence": "practice",
        "price": {"cents": 39_500, "currency": "EUR", "unit": "report"},
        "wait": {"stated_days": 5},
    }
    mine = provider.post("/offerings", body, 201)
    provider.post(f"/offerings/{mine['id']}/approve", None, 403)
    house.caller("ba").get(f"/offerings/{mine['id']}", 404)

    # When the network manager approves it
    assert manager.post(f"/offerings/{mine['id']}/approve")["state"] == "approved"

    # Then whoever may search finds it first by its name
    for name in ("ba", "cmtd", "cm", "werknemer"):
        assert eventually(partial(found_first, house.caller(name), title)) == mine["id"]


def found_first(caller: Caller, title: str) -> str | None:
    """Return the id of the first offering that is found by a name, when it is the one of that name."""
    results = caller.get("/offerings", q=title, page_size=1)["results"]
    return str(results[0]["id"]) if results and results[0]["title"] == title else None
