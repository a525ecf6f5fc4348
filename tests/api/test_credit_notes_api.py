"""Giving invoices back and the services of a month, over JSON."""

from typing import Any
from uuid import uuid4

import pytest

from core.clock import today
from identity.actor import Actor
from tests.api.callers import Caller, faulty_fields
from tests.billing.office import OPEN, Office


def body(invoice_id: object, **changes: Any) -> dict[str, Any]:
    return {"invoice_id": str(invoice_id), "reason": "not_owed", "charge_anew": False} | changes


def test_it_is_issued_and_read_where_invoices_are(office: Office, employer: Actor, call: Caller) -> None:
    """R50."""
    office.supplied(employer, intervention=OPEN)
    (invoice_id,) = office.run().invoices
    desk, buyer = call(office.secretary), call(employer)
    answer = desk.post("/credit-notes", json=body(invoice_id))
    assert answer.status_code == 201
    note = answer.json()
    assert (note["corrects"], note["total"]["cents"]) == (str(invoice_id), 121_00)
    assert desk.post("/credit-notes", json=body(invoice_id)).status_code == 409
    seen = buyer.get(f"/invoices/{note['id']}").json()
    assert (seen["kind"], seen["corrects"]) == ("credit_note", str(invoice_id))
    original = buyer.get(f"/invoices/{invoice_id}").json()
    assert (original["open"]["cents"], original["credited"]["cents"]) == (0, 121_00)
    assert b"CreditNote" in buyer.get(f"/invoices/{note['id']}.xml").content
    assert buyer.get(f"/invoices/{note['id']}.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"reason": "provider_credit"}, "reason"), ({"reason": "x"}, "reason"), ({"note": "x"}, "note")],
)
def test_what_cannot_be_is_refused(
    office: Office, employer: Actor, call: Caller, changes: dict[str, Any], field: str
) -> None:
    office.supplied(employer, intervention=OPEN)
    (invoice_id,) = office.run().invoices
    answer = call(office.secretary).post("/credit-notes", json=body(invoice_id, **changes))
    assert answer.status_code == 422
    assert faulty_fields(answer.json()) == [field]


def test_a_buyer_gives_nothing_back_to_itself(office: Office, employer: Actor, call: Caller) -> None:
    """R70."""
    office.supplied(employer, intervention=OPEN)
    (invoice_id,) = office.run().invoices
    buyer = call(employer)
    answers = [buyer.post("/credit-notes", json=body(each)) for each in (invoice_id, uuid4())]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert call(office.physician).post("/credit-notes", json=body(invoice_id)).status_code == 403


def test_services_are_kept_and_replaced_until_they_are_charged(office: Office, employer: Actor, call: Caller) -> None:
    desk, month = call(office.secretary), f"{today():%Y-%m}"
    amount = {"employer_id": str(employer.organisation_id), "basis": "by_use", "net_cents": 750_00}
    assert desk.put("/services", json={"month": month, "amounts": [amount]}).json() == {"month": month, "kept": 1}
    changed = amount | {"basis": "fixed", "net_cents": 800_00}
    assert desk.put("/services", json={"month": month, "amounts": [changed]}).status_code == 200
    (listed,) = desk.get("/services", params={"month": month}).json()["results"]
    assert (listed["basis"], listed["net"]["cents"], listed["charged"]) == ("fixed", 800_00, False)
    twice = desk.put("/services", json={"month": month, "amounts": [amount, amount]})
    assert (twice.status_code, faulty_fields(twice.json())) == (422, ["amounts.1.employer_id"])
    strange = desk.put("/services", json={"month": month, "amounts": [amount | {"employer_id": str(uuid4())}]})
    assert faulty_fields(strange.json()) == ["amounts.0.employer_id"]
    assert call(employer).get("/services", params={"month": month}).status_code == 404
