"""Sessions, answers and credit notes over JSON."""

from uuid import uuid4

from core.clock import today
from tests.api.callers import Caller, faulty_fields
from tests.api.invoicing import approved, body
from tests.billing.office import PRICE, Office, Referred

TODAY = today().isoformat()


class TestSessions:
    def test_the_road_from_sessions_to_an_invoice(self, office: Office, call: Caller, referred: Referred) -> None:
        provider, path = call(office.provider), f"/referrals/{referred.id}/sessions"
        made = provider.post(path, json={"day": TODAY, "units": "1.5"})
        assert made.status_code == 201
        assert (made.json()["units"], made.json()["outcome"], made.json()["invoice_id"]) == ("1.5", "delivered", None)
        mistake = provider.post(path, json={"day": TODAY, "outcome": "no_show"}).json()
        assert provider.delete(f"/sessions/{mistake['id']}").status_code == 204
        found = provider.get(path).json()
        assert [each["id"] for each in found["results"]] == [made.json()["id"]]
        assert found["proposal"]["net"]["cents"] == PRICE * 3 // 2
        sent = provider.post(f"{path}/invoice", json={"invoice_number": "S-1"})
        assert sent.status_code == 201
        assert (sent.json()["state"], sent.json()["invoice_number"]) == ("received", "S-1")
        assert provider.get(path).json()["results"][0]["invoice_id"] == sent.json()["id"]
        assert provider.post(f"{path}/invoice", json={}).status_code == 409

    def test_bad_input_and_strangers(self, office: Office, call: Caller, referred: Referred) -> None:
        path = f"/referrals/{referred.id}/sessions"
        bad = call(office.provider).post(path, json={"day": "gisteren", "units": 0, "outcome": "dronken"})
        assert sorted(faulty_fields(bad.json())) == ["day", "outcome", "units"]
        assert call(office.provider).get(f"/referrals/{uuid4()}/sessions").status_code == 404
        for actor in (office.secretary, office.physician):
            assert call(actor).get(path).status_code == 403


class TestCreditNotes:
    def test_a_credit_note_and_what_leaves_of_it(self, office: Office, call: Caller, referred: Referred) -> None:
        provider, secretary = call(office.provider), call(office.secretary)
        first = provider.post("/provider-invoices", json=body(referred)).json()
        approved(secretary, first["id"])
        note = body(referred, kind="credit_note", corrects="F-1", invoice_number="C-1", line={"quantity": 1})
        sent = provider.post("/provider-invoices", json=note)
        assert sent.status_code == 201
        assert (sent.json()["kind"], sent.json()["corrects"], sent.json()["state"]) == (
            "credit_note",
            "F-1",
            "received",
        )
        outgoing = secretary.get(f"/provider-invoices/{sent.json()['id']}/outgoing").json()
        assert (outgoing["leaves"], outgoing["kind"], outgoing["given_back"]["cents"]) == (True, "netted", PRICE)
        approved(secretary, sent.json()["id"])

    def test_a_credit_note_without_its_invoice_is_refused(
        self, office: Office, call: Caller, referred: Referred
    ) -> None:
        refused = call(office.provider).post("/provider-invoices", json=body(referred, kind="credit_note"))
        assert refused.status_code == 422
        assert "corrects" in faulty_fields(refused.json())

    def test_a_talk_in_codes(self, office: Office, call: Caller, referred: Referred) -> None:
        provider, secretary = call(office.provider), call(office.secretary)
        invoice_id = provider.post("/provider-invoices", json=body(referred)).json()["id"]
        path = f"/provider-invoices/{invoice_id}"
        assert secretary.post(f"{path}/take").json()["owner_id"] == str(office.secretary.account)
        assert secretary.post(f"{path}/leave").json()["owner_id"] is None
        secretary.post(f"{path}/dispute", json={"reason": "not_delivered"})
        assert provider.get(path).json()["answers"] == ["delivered", "as_agreed", "withdrawn"]
        assert provider.post(f"{path}/answer", json={"answer": "omdat"}).status_code == 422
        answered = provider.post(f"{path}/answer", json={"answer": "as_agreed"}).json()
        assert answered["state"] == "contested"
        assert [(word["kind"], word["role"]) for word in answered["talk"]] == [
            ("disputed", "secretary"),
            ("answered", "provider"),
        ]
        approved(secretary, invoice_id)
        assert secretary.post(f"{path}/ask-credit", json={"reason": "price"}).status_code == 200

    def test_to_whom_an_invoice_is_written(self, office: Office, call: Caller) -> None:
        """R38."""
        found = call(office.provider).get("/provider-invoices/addressee").json()
        assert found["name"]
        assert found["kvk"] == "12345678"
