"""One month of money: twelve invoices of providers, two employers, two insurers, a credit note and a failed payment."""

from dataclasses import dataclass, field
from typing import Any

from tests.journeys import given
from tests.journeys.conftest import Tabs
from tests.journeys.given import ACCOUNTS, BAKERY, HAULIER, LABOUR_EXPERT, PSYCHOLOGIST, Case, Json
from tests.journeys.house import House
from tests.journeys.test_main_job_api import DAILY_COST, EVERYDAY, MONTH, charge, request_of, ubl_of

K = 5
EMPLOYERS = {BAKERY: "werkgever", HAULIER: "werkgever2"}
OVERCHARGED = 100  # cents above the agreed price


Known = tuple[Case, Json, Json]
"""A case, its referral and the offering."""


@dataclass(frozen=True)
class Sent:
    """An invoice of a provider, whose employee it is about, and what a unit costs."""

    id: str
    number: str
    case: Case
    referral: Json
    price: int


@dataclass
class Month:
    """The month as it comes about; `sent` counts the invoices of providers."""

    house: House
    sent: list[Sent] = field(default_factory=list)

    def referred(self, employer: str, provider: str, *scopes: str, units: int = 1, **asked: Any) -> Known:
        """Let somebody of `employer` be referred to `provider`, who takes it and begins."""
        medical = provider == PSYCHOLOGIST
        cause, kind = ("M01", "PSY") if medical else ("X02", "ADO")
        case = given.open_case(self.house, employer)
        given.judge(self.house, case, cause, medical=medical)
        given.consent(self.house, case, "provider", *scopes)
        offering = given.find(self.house, provider, cause=cause, sickness_year=1, intervention=kind)
        referral = given.refer(self.house, case, offering, units=units, **asked)
        path, caller = f"/referrals/{referral['id']}", self.house.caller(ACCOUNTS[provider])
        caller.post(f"{path}/accept", {})
        caller.post(f"{path}/schedule", {"date": given.day()})
        caller.post(f"{path}/start", {})
        return case, referral, offering

    def billed(self, case: Case, referral: Json, offering: Json, over: int = 0, **changes: Any) -> Sent:
        """Let the provider send his invoice as JSON, at the agreed price or `over` it."""
        invoice = given.invoice_of(referral, offering) | changes
        invoice["lines"][0]["unit_price_cents"] += over
        received = self._provider(offering).post("/provider-invoices", invoice, 201)
        return self._kept(received, case, referral, offering)

    def billed_as_ubl(self, case: Case, referral: Json, offering: Json) -> Sent:
        """Let the provider send his invoice as his own software writes it."""
        provider = self._provider(offering)
        document = ubl_of(provider, referral, offering, units=1)
        received = provider.send("/provider-invoices", document, "application/xml", 201)
        return self._kept(received, case, referral, offering)

    def billed_sessions(self, case: Case, referral: Json, offering: Json) -> Sent:
        """Let the provider register two sessions, of which the employee missed one, and bill them with one call."""
        provider, path = self._provider(offering), f"/referrals/{referral['id']}/sessions"
        provider.post(path, {"day": given.day(), "outcome": "delivered"}, 201)
        provider.post(path, {"day": given.day(), "outcome": "no_show"}, 201)
        proposal = provider.get(path)["proposal"]
        assert len(proposal["left_out"]) == 1, "the contract pays nothing for who does not come"
        received = provider.post(f"{path}/invoice", {"invoice_number": given.unique("S")}, 201)
        return self._kept(received, case, referral, offering)

    def approved(self, sent: Sent) -> Sent:
        """Let the secretariat approve it."""
        secretary = self.house.caller("secretariaat")
        assert secretary.post(f"/provider-invoices/{sent.id}/approve")["state"] == "approved"
        return sent

    def credited(self, sent: Sent, offering: Json) -> None:
        """Let the provider give an invoice back whole, and the secretariat approve that."""
        note = given.invoice_of(sent.referral, offering) | {"kind": "credit_note", "corrects": sent.number}
        received = self._provider(offering).post("/provider-invoices", note, 201)
        assert received["state"] == "received", received["checks"]
        self.house.caller("secretariaat").post(f"/provider-invoices/{received['id']}/approve")

    def documents(self, run: Json, employer: str) -> list[Json]:
        """Return the documents of a run that an employer can read."""
        caller = self.house.caller(EMPLOYERS[employer])
        mine = {each["id"] for each in caller.get("/invoices", page_size=100)["results"]}
        return [caller.get(f"/invoices/{each}") for each in run["invoices"] if each in mine]

    def _provider(self, offering: Json) -> Any:
        return self.house.caller(ACCOUNTS[offering["provider"]["name"]])

    def _kept(self, received: Json, case: Case, referral: Json, offering: Json) -> Sent:
        sent = Sent(received["id"], received["invoice_number"], case, referral, offering["price"]["cents"])
        self.sent.append(sent)
        return sent


def shared(month: Month) -> tuple[Sent, dict[str, int]]:
    """Let two insurers share in one assessment, one after the other; return it and what each grants."""
    house = month.house
    case, referral, offering = month.referred(BAKERY, LABOUR_EXPERT, "employer", "insurer", request_cofinancing=True)
    price, manager = offering["price"]["cents"], house.caller("cm")
    first = request_of(manager, case, referral)
    manager.post(f"/cofinancing-requests/{first['id']}/submit", {"daily_cost_cents": DAILY_COST})
    half = {"outcome": "partial", "amount_cents": price // 2, "reason": "budget_spent"}
    house.caller("verzekeraar").post(f"/cofinancing-requests/{first['id']}/decision", half)
    ways = manager.get(f"/cofinancing-requests/{first['id']}/insurers")["results"]
    other = next(each for each in ways if each["insurer"]["name"] == "Duinrand Inkomen")
    following = manager.post(f"/cofinancing-requests/{first['id']}/next", {"policy_id": other["policy_id"]}, 201)
    decided = house.caller("verzekeraar2").post(
        f"/cofinancing-requests/{following['id']}/decision", {"outcome": "approved"}
    )
    granted = {"verzekeraar": price // 2, "verzekeraar2": decided["decided"]["cents"]}
    assert 0 < granted["verzekeraar2"] <= price * 30 // 100
    return month.approved(month.billed(case, referral, offering)), granted


def corrected(month: Month) -> Sent:
    """Let a provider ask too much, hear why that goes back, and send another invoice in its place."""
    known = month.referred(HAULIER, PSYCHOLOGIST)
    wrong = month.billed(*known, over=OVERCHARGED)
    secretary = month.house.caller("secretariaat")
    assert secretary.get(f"/provider-invoices/{wrong.id}")["state"] == "exception"
    refused = secretary.post(f"/provider-invoices/{wrong.id}/approve", status=409)
    assert refused["possible"] == ["dispute"]
    secretary.post(f"/provider-invoices/{wrong.id}/dispute", {"reason": "price"})
    return month.approved(month.billed(*known, corrects=wrong.number))


def lines_of(documents: list[Json], reference: str | None, description: str = "") -> list[int]:
    """Return the amounts of the lines with a reference, and perhaps a description; cents without VAT."""
    lines = [line for document in documents for line in document["lines"] if line["reference"] == reference]
    return sorted(line["net"]["cents"] for line in lines if description in line["description"])


def test_a_month(house: House, tabs: Tabs) -> None:
    """R46, R49, R50, R51."""
    month = Month(house)
    charge(house)  # what the demo has waiting is not of this month's walk

    # Given twelve invoices: two of them for the bakery without a word to spare, seven hidden ones of the haulier
    open_one, granted = shared(month)
    told = month.referred(BAKERY, PSYCHOLOGIST, "employer")
    own_line = month.approved(month.billed(*told))
    alone = month.approved(month.billed(*month.referred(BAKERY, PSYCHOLOGIST)))
    plain = month.approved(month.billed_as_ubl(*month.referred(HAULIER, LABOUR_EXPERT, "employer")))
    hidden = [month.approved(month.billed(*month.referred(HAULIER, PSYCHOLOGIST))) for _nth in range(K)]
    hidden += [corrected(month), month.approved(month.billed_sessions(*month.referred(HAULIER, PSYCHOLOGIST, units=2)))]
    assert len(month.sent) == 12

    # When the month is charged
    run = charge(house)
    bakery, haulier = month.documents(run, BAKERY), month.documents(run, HAULIER)

    # Then the bakery reads the open one with what two insurers pay, its own line, and nothing of who did not agree
    assert lines_of(bakery, open_one.case.reference) == sorted([open_one.price, -sum(granted.values())])
    assert own_line.price in lines_of(bakery, None, EVERYDAY)
    assert run["carried_over"] >= 1
    for insurer, cents in granted.items():
        theirs = [house.caller(insurer).get(f"/invoices/{each['id']}") for each in newest(house, insurer)]
        assert cents in [line["net"]["cents"] for document in theirs for line in document["lines"]]

    # And the haulier reads one sum for all who are hidden
    assert lines_of(haulier, plain.case.reference) == [plain.price]
    assert lines_of(haulier, None, EVERYDAY) == [sum(each.price for each in hidden)]
    for document in (*bakery, *haulier):
        for word in (PSYCHOLOGIST, LABOUR_EXPERT, alone.case.reference, *(each.number for each in month.sent)):
            assert word not in str(document)

    # When the psychologist gives the invoice of who agreed back, the next run gives it back to the bakery
    month.credited(own_line, told[2])
    notes = [each for each in month.documents(charge(house), BAKERY) if each["kind"] == "credit_note"]
    assert [(note["corrects"], note["net"]["cents"]) for note in notes] == [(bakery[0]["id"], own_line.price)]

    # And the haulier's payment fails, and succeeds the second time
    pays(house, tabs, haulier[0])
    adds_up(house)


def newest(house: House, who: str) -> list[Json]:
    """Return the latest invoices of a buyer."""
    found: list[Json] = house.caller(who).get("/invoices", page_size=5)["results"]
    return found


def pays(house: House, tabs: Tabs, invoice: Json) -> None:
    """Let the haulier pay an invoice on the page of the payment provider, at the second try."""
    caller, tab = house.caller("werkgever2"), tabs("werkgever2")
    for button, paid, tone in (("Betaling mislukt", False, "Let op"), ("Betaal €", True, "Gelukt")):
        opened = caller.post(f"/invoices/{invoice['id']}/payments", status=201)
        tab.open(opened["url"].removeprefix(house.address))
        tab.press(button)
        tab.says(tone)
        now = caller.get(f"/invoices/{invoice['id']}")
        assert (now["paid"], now["open"]["cents"]) == (paid, 0 if paid else invoice["total"]["cents"])


def adds_up(house: House) -> None:
    """Expect books that balance, receivables that are what is open, and a series of numbers without a gap."""
    secretary = house.caller("secretariaat")
    accounts = {each["account"]: each["balance"]["cents"] for each in secretary.get("/ledger/balance")["accounts"]}
    assert sum(accounts.values()) == 0
    found: list[Json] = []
    page = 1
    while len(listed := secretary.get("/invoices", page=page, page_size=100)["results"]) > 0:
        found, page = found + listed, page + 1
    owed = sum(each["open"]["cents"] - each["give_back"]["cents"] for each in found)
    assert accounts["receivable_employer"] + accounts["receivable_insurer"] == owed
    numbers = sorted(int(each["number"].partition("-")[2]) for each in found if each["number"].startswith(MONTH[:4]))
    assert numbers == list(range(1, len(numbers) + 1))
