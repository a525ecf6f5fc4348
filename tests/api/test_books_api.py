"""The books over JSON: balance, entries, files, settings, reminders and statements of account."""

from uuid import uuid4

import pytest

from core.clock import standing_at
from identity.actor import Actor
from tests.api.callers import Caller, faulty_fields
from tests.billing.office import OPEN, Office
from tests.billing.test_dunning import after
from tests.billing.test_statements import charged


def test_the_balance_and_what_stands_behind_it(office: Office, call: Caller, employer: Actor) -> None:
    invoice_id = charged(office, employer, 1)
    secretary = call(office.secretary)
    accounts = secretary.get("/ledger/balance").json()["accounts"]
    assert sum(each["balance"]["cents"] for each in accounts) == 0
    asked = {"account": "receivable_employer"}
    (party,) = secretary.get("/ledger/parties", params=asked).json()["results"]
    assert (party["party_id"], party["balance"]["cents"]) == (str(employer.organisation_id), 121_00)
    (entry,) = secretary.get("/ledger/entries", params=asked | {"party_id": party["party_id"]}).json()["results"]
    assert (entry["invoice_id"], entry["amount"]["cents"]) == (str(invoice_id), 121_00)
    answer = secretary.get("/ledger/entries", params={"account": "none"})
    assert (answer.status_code, faulty_fields(answer.json())) == (422, ["account"])
    for name in ("entries.csv", "invoices.csv"):
        assert secretary.get(f"/ledger/{name}").headers["content-type"].startswith("text/csv")


def test_settings_are_read_and_set(office: Office, call: Caller) -> None:
    secretary = call(office.secretary)
    settings = secretary.get("/money-settings").json()
    assert secretary.put("/money-settings", json=settings | {"payment_days": 14}).json()["money_version"] == 2
    assert secretary.put("/money-settings", json=settings | {"payment_days": 15}).status_code == 409
    refused = secretary.put("/money-settings", json=settings | {"payment_days": 0, "suppression_k": 2})
    assert (refused.status_code, sorted(faulty_fields(refused.json()))) == (422, ["payment_days", "suppression_k"])


def test_reminders_are_held_and_resumed(office: Office, call: Caller, employer: Actor) -> None:
    invoice_id = charged(office, employer, 1)
    secretary = call(office.secretary)
    with standing_at(after(1)):
        (late,) = secretary.get("/reminders").json()["results"]
        assert (late["invoice_id"], late["open"]["cents"], late["next"]["step"]) == (str(invoice_id), 121_00, "first")
        wanted = {"invoice_id": str(invoice_id), "reason": "disputed"}
        held = secretary.post("/reminders/holds", json=wanted)
        assert held.status_code == 201
        assert secretary.post("/reminders/holds", json=wanted).status_code == 409
        assert secretary.get("/reminders", params={"held": True}).json()["total"] == 1
        assert secretary.delete(f"/reminders/holds/{held.json()['id']}").status_code == 204
        assert secretary.delete(f"/reminders/holds/{held.json()['id']}").status_code == 404
        assert secretary.post("/reminders/holds", json=wanted | {"invoice_id": str(uuid4())}).status_code == 404
        assert secretary.post("/reminders/holds", json=wanted | {"reason": "he is ill"}).status_code == 422


def test_a_statement_is_the_buyers_own(office: Office, call: Caller, employer: Actor) -> None:
    charged(office, employer, 1)
    mine = call(employer).get("/statement").json()
    assert (mine["owed"]["cents"], len(mine["open_items"]), len(mine["movements"])) == (121_00, 1, 1)
    assert call(office.secretary).get(f"/ledger/statements/{employer.organisation_id}").json() == mine
    assert call(office.secretary).get(f"/ledger/statements/{uuid4()}").status_code == 404
    files = {"statement.pdf": "application/pdf", "statement.csv": "text/csv", "invoice-lines.csv": "text/csv"}
    for name, media in files.items():
        assert call(employer).get(f"/{name}").headers["content-type"].startswith(media)


@pytest.mark.parametrize("path", ["/ledger/balance", "/money-settings", "/reminders", "/ledger/entries.csv"])
def test_they_are_the_secretariats(office: Office, call: Caller, employer: Actor, path: str) -> None:
    office.supplied(employer, intervention=OPEN)
    for actor, status in ((office.physician, 403), (office.provider, 403), (employer, 404)):
        assert call(actor).get(path).status_code == status
