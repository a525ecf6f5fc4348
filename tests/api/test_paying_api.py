"""Paying and receiving over JSON."""

from uuid import uuid4

from identity.actor import Actor
from identity.roles import Role
from tests.api.callers import Caller
from tests.billing.office import OPEN, Office


def test_a_second_person_agrees_over_json(office: Office, employer: Actor, call: Caller) -> None:
    """R42."""
    office.supplied(employer, intervention=OPEN, units=10)
    desk, second = call(office.secretary), call(office.world.actor(Role.SECRETARY))
    (waiting,) = desk.get("/payables", params={"show": "agree"}).json()["results"]
    assert waiting["amount"] == {"cents": 1210_00, "currency": "EUR"}
    assert desk.post(f"/payables/{waiting['id']}/agree").status_code == 403
    assert second.post(f"/payables/{waiting['id']}/agree").status_code == 204
    assert second.post(f"/payables/{waiting['id']}/agree").status_code == 409
    assert second.post(f"/payables/{uuid4()}/agree").status_code == 404
    assert desk.post("/payout-runs").json() == {"payouts": [], "without_account": 0, "carried_over": 0}
    assert desk.get("/payouts").json()["total"] == 0
    assert desk.post(f"/payouts/{uuid4()}/retry").status_code == 404
    own = call(office.provider).get("/own-payouts").json()["results"]
    assert [each["paid_at"] for each in own] == [None]
    assert call(office.provider).post("/payout-account").json()["url"].startswith("http")


def test_receipts_over_json(office: Office, employer: Actor, call: Caller) -> None:
    office.supplied(employer, intervention=OPEN)
    office.run()
    desk = call(office.secretary)
    number = call(employer).get("/invoices").json()["results"][0]["number"]
    receipt = {"invoice_number": number, "cents": 131_00, "statement": "A-1"}
    first, again = desk.post("/bank-receipts", json=receipt), desk.post("/bank-receipts", json=receipt)
    assert first.status_code == 201
    assert first.json() == again.json()
    for wrong in ({"cents": 0}, {"statement": ""}, {"invoice_number": "x"}, {"cents": 10**12}):
        assert desk.post("/bank-receipts", json=receipt | wrong).status_code == 422
    (over,) = desk.get("/overpaid-invoices").json()["results"]
    assert over["over"]["cents"] == 10_00
    assert len(desk.post(f"/overpaid-invoices/{over['invoice_id']}/refund").json()["refunds"]) == 1
    for empty in ("/gateway-messages", "/payment-differences"):
        assert desk.get(empty).json()["total"] == 0
    assert desk.post(f"/payment-differences/{uuid4()}/explain", json={"reason": "fee"}).status_code == 404
    assert desk.post(f"/gateway-messages/{uuid4()}/retry").status_code == 404


def test_others_are_turned_away(office: Office, employer: Actor, call: Caller) -> None:
    for caller, status in ((call(employer), 404), (call(office.physician), 403), (call(office.provider), 403)):
        for path in ("/payables", "/payouts", "/overpaid-invoices", "/gateway-messages", "/payment-differences"):
            assert caller.get(path).status_code == status
        for path in ("/payout-runs", f"/payables/{uuid4()}/agree"):
            assert caller.post(path).status_code == status
