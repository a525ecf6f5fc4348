"""Provider invoices over JSON and as UBL, and what bad input gets."""

from uuid import uuid4

import pytest

from identity.actor import Actor
from identity.roles import Role
from tests.api.callers import Caller, faulty_fields
from tests.api.invoicing import XML, approved, body
from tests.billing.office import PRICE, Office, Referred
from tests.medical.test_provider_invoices_ubl import ubl


class TestProviderInvoices:
    def test_the_road_of_one_invoice(self, office: Office, call: Caller, referred: Referred) -> None:
        provider, secretary = call(office.provider), call(office.secretary)
        sent = provider.post("/provider-invoices", json=body(referred))
        assert sent.status_code == 201
        made = sent.json()
        assert made["state"] == "received"
        assert made["total"] == {"cents": 242_00, "currency": "EUR"}
        assert all(check["passed"] and check["detail"] for check in made["checks"])
        assert (made["possible"], made["lines"][0]["quantity"]) == ([], "2")
        queue = secretary.get("/provider-invoices", params={"state": "received"}).json()
        assert [each["id"] for each in queue["results"]] == [made["id"]]
        seen = secretary.get(f"/provider-invoices/{made['id']}").json()
        assert seen["possible"] == ["approve", "dispute"]
        assert seen["referral"]["number"] == referred.number
        outgoing = secretary.get(f"/provider-invoices/{made['id']}/outgoing").json()
        assert (outgoing["kind"], outgoing["lines"][0]["net"]["cents"]) == ("open", 200_00)
        approved(secretary, made["id"])
        again = secretary.post(f"/provider-invoices/{made['id']}/approve")
        assert (again.status_code, again.json()["possible"]) == (409, ["ask_credit"])
        assert call(office.physician).get(f"/provider-invoices/{made['id']}").json()["state"] == "approved"

    def test_twice_the_same_is_one(self, office: Office, call: Caller, referred: Referred) -> None:
        """R40."""
        provider = call(office.provider)
        first, again = (provider.post("/provider-invoices", json=body(referred)) for _each in range(2))
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json()["id"] == again.json()["id"]
        other = provider.post("/provider-invoices", json=body(referred, line={"quantity": 1}))
        assert (other.status_code, other.json()["code"]) == (409, "duplicate_invoice")
        assert provider.get("/provider-invoices").json()["total"] == 1

    def test_ubl_is_an_invoice_too(self, office: Office, call: Caller, referred: Referred) -> None:
        provider = call(office.provider)
        content = ubl(reference=referred.number)
        first = provider.post("/provider-invoices", content=content, headers=XML)
        assert (first.status_code, first.json()["state"]) == (201, "received")
        again = provider.post(
            "/provider-invoices", content=content, headers={"Content-Type": "text/xml; charset=utf-8"}
        )
        assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])

    def test_a_mismatch_is_kept_and_can_only_go_back(self, office: Office, call: Caller, referred: Referred) -> None:
        """R39."""
        provider, secretary = call(office.provider), call(office.secretary)
        sent = provider.post("/provider-invoices", json=body(referred, line={"unit_price_cents": PRICE + 1}))
        assert (sent.status_code, sent.json()["state"]) == (201, "exception")
        failed = [check for check in sent.json()["checks"] if not check["passed"]]
        assert [check["code"] for check in failed] == ["agreed_price"]
        assert "100,01" in failed[0]["detail"]
        refused = secretary.post(f"/provider-invoices/{sent.json()['id']}/approve")
        assert (refused.status_code, refused.json()["possible"]) == (409, ["dispute"])
        dispute = secretary.post(f"/provider-invoices/{sent.json()['id']}/dispute", json={"reason": "price"})
        assert (dispute.json()["state"], dispute.json()["dispute_reason"]) == ("disputed", "price")
        assert provider.get(f"/provider-invoices/{sent.json()['id']}").json()["dispute_reason"] == "price"

    def test_every_fault_is_told_at_once(self, office: Office, call: Caller, referred: Referred) -> None:
        bad = body(referred, invoice_date="1989-12-31", invoice_number="", surprise=1)
        bad["lines"] = [
            {"description": "x" * 501, "date": "2031-01-01", "quantity": 0, "unit_price_cents": -1, "vat_rate": 6}
        ]
        answer = call(office.provider).post("/provider-invoices", json=bad)
        assert answer.status_code == 422
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert set(faulty_fields(answer.json())) == {
            "invoice_date",
            "invoice_number",
            "surprise",
            "lines.0.description",
            "lines.0.date",
            "lines.0.quantity",
            "lines.0.unit_price_cents",
            "lines.0.vat_rate",
        }

    @pytest.mark.parametrize(
        "content", [b"", b"{", b"[]", b"null", b'{"lines": "x"}', b"\xff\xfe", b'{"referral_number": NaN}']
    )
    def test_what_is_no_invoice_is_refused(self, office: Office, call: Caller, content: bytes) -> None:
        answer = call(office.provider).post(
            "/provider-invoices", content=content, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 422
        assert answer.json()["errors"]

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"no xml",
            b"<a/>",
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"),
        ],
    )
    def test_hostile_xml_is_refused(self, office: Office, call: Caller, content: bytes) -> None:
        answer = call(office.provider).post("/provider-invoices", content=content, headers=XML)
        assert answer.status_code == 422
        assert "root:" not in answer.text

    def test_too_much_money_or_too_many_lines_is_refused(
        self, office: Office, call: Caller, referred: Referred
    ) -> None:
        provider = call(office.provider)
        dear = body(referred, line={"unit_price_cents": 100_000_000, "quantity": 10_000})
        assert provider.post("/provider-invoices", json=dear).status_code == 422
        long = body(referred) | {"lines": body(referred)["lines"] * 501}
        assert faulty_fields(provider.post("/provider-invoices", json=long).json()) == ["lines"]

    @pytest.mark.parametrize(
        ("role", "status"),
        [
            (Role.SECRETARY, 403),
            (Role.PHYSICIAN, 403),
            (Role.CASE_MANAGER, 403),
            (Role.EMPLOYER, 404),
            (Role.INSURER, 404),
        ],
    )
    def test_only_a_provider_sends(
        self, office: Office, call: Caller, employer: Actor, referred: Referred, role: Role, status: int
    ) -> None:
        people = {Role.EMPLOYER: employer, Role.INSURER: office.insurer(employer)}
        actor = people.get(role) or office.world.actor(role)
        assert call(actor).post("/provider-invoices", json=body(referred)).status_code == status

    def test_what_is_not_there_is_not_there(self, office: Office, call: Caller) -> None:
        for path in ("", "/outgoing"):
            assert call(office.secretary).get(f"/provider-invoices/{uuid4()}{path}").status_code == 404
        assert call(office.secretary).post(f"/provider-invoices/{uuid4()}/approve").status_code == 404
