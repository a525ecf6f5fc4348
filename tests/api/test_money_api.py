"""The money over JSON: the month from a provider's invoice to a paid one, and what bad input gets."""

import json
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from billing.documents import CONFIDENTIAL_TEXT
from cases.tables import ConsentScope
from core.clock import today
from core.database import Database
from identity.actor import Actor
from identity.roles import Role
from tests.api.callers import Caller, callers, faulty_fields
from tests.billing.office import CONF, DESCRIPTION, OPEN, PRICE, PROVIDER_NAME, Office, Referred
from tests.medical.test_provider_invoices_ubl import ubl
from tests.world import World

MONTH = f"{today():%Y-%m}"
XML = {"Content-Type": "application/xml"}


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


@pytest.fixture
def client(database: Database, world: World) -> Caller:
    return callers(database, world)


@pytest.fixture
def employer(office: Office) -> Actor:
    return office.employer()


@pytest.fixture
def referred(office: Office, employer: Actor) -> Referred:
    return office.referred(office.sick(employer), OPEN)


def body(referred: Referred, **changes: Any) -> dict[str, Any]:
    line = {
        "description": DESCRIPTION,
        "date": today().isoformat(),
        "quantity": 2,
        "unit_price_cents": PRICE,
        "vat_rate": 21,
    }
    facts = {
        "referral_number": referred.number,
        "invoice_number": "F-1",
        "invoice_date": today().isoformat(),
        "lines": [line | changes.pop("line", {})],
    }
    return facts | changes


def approved(caller: TestClient, invoice_id: str) -> None:
    assert caller.post(f"/provider-invoices/{invoice_id}/approve").status_code == 200


class TestProviderInvoices:
    def test_the_road_of_one_invoice(self, office: Office, client: Caller, referred: Referred) -> None:
        provider, secretary = client(office.provider), client(office.secretary)
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
        assert (again.status_code, again.json()["possible"]) == (409, [])
        assert client(office.physician).get(f"/provider-invoices/{made['id']}").json()["state"] == "approved"

    def test_twice_the_same_is_one(self, office: Office, client: Caller, referred: Referred) -> None:
        """R40."""
        provider = client(office.provider)
        first, again = (provider.post("/provider-invoices", json=body(referred)) for _each in range(2))
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json()["id"] == again.json()["id"]
        other = provider.post("/provider-invoices", json=body(referred, line={"quantity": 1}))
        assert (other.status_code, other.json()["code"]) == (409, "duplicate_invoice")
        assert provider.get("/provider-invoices").json()["total"] == 1

    def test_ubl_is_an_invoice_too(self, office: Office, client: Caller, referred: Referred) -> None:
        provider = client(office.provider)
        content = ubl(reference=referred.number)
        first = provider.post("/provider-invoices", content=content, headers=XML)
        assert (first.status_code, first.json()["state"]) == (201, "received")
        again = provider.post(
            "/provider-invoices", content=content, headers={"Content-Type": "text/xml; charset=utf-8"}
        )
        assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])

    def test_a_mismatch_is_kept_and_can_only_go_back(self, office: Office, client: Caller, referred: Referred) -> None:
        """R39."""
        provider, secretary = client(office.provider), client(office.secretary)
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

    def test_every_fault_is_told_at_once(self, office: Office, client: Caller, referred: Referred) -> None:
        bad = body(referred, invoice_date="1989-12-31", invoice_number="", surprise=1)
        bad["lines"] = [
            {"description": "x" * 501, "date": "2031-01-01", "quantity": 0, "unit_price_cents": -1, "vat_rate": 6}
        ]
        answer = client(office.provider).post("/provider-invoices", json=bad)
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
    def test_what_is_no_invoice_is_refused(self, office: Office, client: Caller, content: bytes) -> None:
        answer = client(office.provider).post(
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
    def test_hostile_xml_is_refused(self, office: Office, client: Caller, content: bytes) -> None:
        answer = client(office.provider).post("/provider-invoices", content=content, headers=XML)
        assert answer.status_code == 422
        assert "root:" not in answer.text

    def test_too_much_money_or_too_many_lines_is_refused(
        self, office: Office, client: Caller, referred: Referred
    ) -> None:
        provider = client(office.provider)
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
        self, office: Office, client: Caller, employer: Actor, referred: Referred, role: Role, status: int
    ) -> None:
        people = {Role.EMPLOYER: employer, Role.INSURER: office.insurer(employer)}
        actor = people.get(role) or office.world.actor(role)
        assert client(actor).post("/provider-invoices", json=body(referred)).status_code == status

    def test_what_is_not_there_is_not_there(self, office: Office, client: Caller) -> None:
        for path in ("", "/outgoing"):
            assert client(office.secretary).get(f"/provider-invoices/{uuid4()}{path}").status_code == 404
        assert client(office.secretary).post(f"/provider-invoices/{uuid4()}/approve").status_code == 404


class TestChargeRuns:
    def test_a_month_is_previewed_and_run(self, office: Office, client: Caller, employer: Actor) -> None:
        secretary = client(office.secretary)
        office.supplied(employer, intervention=OPEN)
        office.supplied(employer)
        preview = secretary.get("/charge-runs/preview", params={"month": MONTH}).json()
        assert (preview["k"], preview["carried_over"], preview["employers"][0]["net"]["cents"]) == (5, 1, 100_00)
        waits = preview["employers"][0]["carried_over"][0]
        assert (waits["reason"], waits["overdue"]) == ("pool", False)
        run = secretary.post("/charge-runs", json={"month": MONTH})
        assert (run.status_code, len(run.json()["invoices"]), run.json()["carried_over"]) == (201, 1, 1)
        again = secretary.post("/charge-runs", json={"month": MONTH}).json()
        assert (again["invoices"], again["carried_over"]) == ([], 1)

    @pytest.mark.parametrize("month", ["2026-13", "2026-1", "1989-12", "2026-11-01", "2099-01", 202611, None, ""])
    def test_what_is_no_month_or_has_not_begun_is_refused(self, office: Office, client: Caller, month: object) -> None:
        answer = client(office.secretary).post("/charge-runs", json={"month": month})
        assert (answer.status_code, faulty_fields(answer.json())) == (422, ["month"])

    def test_next_month_is_refused(self, office: Office, client: Caller) -> None:
        year, month = (today().year, today().month + 1) if today().month < 12 else (today().year + 1, 1)
        answer = client(office.secretary).post("/charge-runs", json={"month": f"{year}-{month:02}"})
        assert (answer.status_code, faulty_fields(answer.json())) == (422, ["month"])

    def test_it_is_the_secretariats(self, office: Office, client: Caller, employer: Actor) -> None:
        for actor, status in ((office.physician, 403), (office.provider, 403), (employer, 404)):
            assert client(actor).post("/charge-runs", json={"month": MONTH}).status_code == status


class TestInvoices:
    @pytest.fixture
    def invoice_id(self, office: Office, employer: Actor) -> str:
        """One own line and a pool of five, of a month in which nobody's session is told."""
        office.supplied(employer, ConsentScope.EMPLOYER, units=8)
        for _person in range(5):
            office.supplied(employer, units=3)
        return str(office.run().invoices[0])

    def test_every_form_is_clean(self, office: Office, client: Caller, employer: Actor, invoice_id: str) -> None:
        """R43: also in what stands around it, headers and file names."""
        caller = client(employer)
        listed = caller.get("/invoices").json()
        assert [each["id"] for each in listed["results"]] == [invoice_id]
        whole = caller.get(f"/invoices/{invoice_id}")
        assert {(line["description"], line["reference"]) for line in whole.json()["lines"]} == {
            (CONFIDENTIAL_TEXT, None)
        }
        assert whole.json()["total"]["cents"] == 2_300_00 * 121 // 100
        answers = [caller.get("/invoices"), whole] + [
            caller.get(f"/invoices/{invoice_id}.{kind}") for kind in ("pdf", "xml")
        ]
        for answer in answers:
            assert answer.status_code == 200
            told = f"{answer.headers} {answer.text}".lower()
            for secret in (PROVIDER_NAME, DESCRIPTION, "psycholog", "kanarie", f'"{CONF}"', "session"):
                assert secret.lower() not in told
        names = [answer.headers["content-disposition"] for answer in answers[2:]]
        assert names == [f'attachment; filename="factuur-{today().year}-000001.{kind}"' for kind in ("pdf", "xml")]
        assert answers[2].content.startswith(b"%PDF")
        assert answers[2].headers["content-type"] == "application/pdf"

    def test_another_employers_invoice_and_none_are_one_answer(
        self, office: Office, client: Caller, invoice_id: str
    ) -> None:
        """R70: the same status, the same words, the same headers."""
        stranger = client(office.employer("Andere firma"))
        for suffix in ("", ".pdf", ".xml"):
            theirs, none = (stranger.get(f"/invoices/{each}{suffix}") for each in (invoice_id, uuid4()))
            assert theirs.status_code == none.status_code == 404
            assert theirs.content == none.content
            assert set(theirs.headers) == set(none.headers)
        theirs, none = (stranger.post(f"/invoices/{each}/payments") for each in (invoice_id, uuid4()))
        assert (theirs.status_code, theirs.content) == (404, none.content)

    def test_the_secretariat_reads_and_does_not_pay(self, office: Office, client: Caller, invoice_id: str) -> None:
        caller = client(office.secretary)
        assert caller.get(f"/invoices/{invoice_id}").status_code == 200
        assert caller.post(f"/invoices/{invoice_id}/payments").status_code == 403

    def test_paying_opens_one_page(self, client: Caller, employer: Actor, invoice_id: str) -> None:
        caller = client(employer)
        first, again = (caller.post(f"/invoices/{invoice_id}/payments") for _each in range(2))
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json()
        assert first.json()["url"].endswith(f"/betalen/{first.json()['id']}")

    def test_members_of_the_open_side_without_invoices_are_told_so(
        self, office: Office, client: Caller, invoice_id: str
    ) -> None:
        assert client(office.world.actor(Role.CASE_MANAGER)).get(f"/invoices/{invoice_id}").status_code == 403


class TestCosts:
    def test_the_overview_hides_what_is_small(self, office: Office, client: Caller, employer: Actor) -> None:
        """R47."""
        office.supplied(employer, intervention=OPEN, units=2)
        office.supplied(employer, ConsentScope.EMPLOYER)
        office.run()
        found = client(employer).get("/costs", params={"from": MONTH, "to": MONTH}).json()
        assert (found["from"], found["to"], found["k"], found["reason_code"]) == (MONTH, MONTH, 5, "fewer_than_k")
        assert found["reason"]
        month = found["months"][0]
        assert month["open"][0]["price"] == {"amount": {"cents": 200_00, "currency": "EUR"}, "suppressed": False}
        hidden = {"amount": None, "suppressed": True}
        assert [month["confidential"]["price"], month["total"]["price"], found["totals"]["total"]["price"]] == [
            hidden
        ] * 3
        assert "10000" not in json.dumps(found)
        assert month["confidential"]["label"] == CONFIDENTIAL_TEXT

    def test_dates_name_their_months(self, client: Caller, employer: Actor) -> None:
        found = client(employer).get("/costs", params={"from": "2026-01-15", "to": "2026-03-02"}).json()
        assert [each["month"] for each in found["months"]] == ["2026-01", "2026-02", "2026-03"]

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"from": "x"}, "from"),
            ({"from": "1989-12-01"}, "from"),
            ({"from": "2026-02-30"}, "from"),
            ({"from": "2026-05", "to": "2026-04"}, "to"),
            ({"from": "2019-01", "to": "2026-04"}, "to"),
            ({"year": "2026"}, "year"),
        ],
    )
    def test_a_period_that_is_none_is_refused(
        self, client: Caller, employer: Actor, query: dict[str, str], field: str
    ) -> None:
        answer = client(employer).get("/costs", params=query)
        assert (answer.status_code, faulty_fields(answer.json())) == (422, [field])

    def test_it_is_the_employers(self, office: Office, client: Caller, employer: Actor) -> None:
        assert client(office.insurer(employer)).get("/costs").status_code == 404
        assert client(office.secretary).get("/costs").status_code == 403


class TestCofinancing:
    @pytest.fixture
    def request_id(self, office: Office, employer: Actor) -> str:
        office.insurer(employer)
        sick = office.sick(employer, ConsentScope.EMPLOYER, ConsentScope.INSURER)
        request = office.request_of(office.referred(sick, cofinancing=True))
        assert request is not None
        return str(request.id)

    def test_from_the_case_manager_to_the_insurers_decision(
        self, office: Office, client: Caller, employer: Actor, request_id: str
    ) -> None:
        manager = client(office.case_manager(employer))
        insurer = client(next(iter(office.insurers.values())))
        assert insurer.get("/cofinancing-requests").json()["total"] == 0
        assert insurer.get(f"/cofinancing-requests/{request_id}").status_code == 404
        sent = manager.post(f"/cofinancing-requests/{request_id}/submit", json={"daily_cost_cents": 10_00})
        assert sent.status_code == 200
        assert (sent.json()["state"], sent.json()["warning"] is not None) == ("submitted", True)
        assert sent.json()["cost_benefit"]["net"]["cents"] == 200_00 - 1_000_00
        (seen,) = insurer.get("/cofinancing-requests", params={"state": "submitted"}).json()["results"]
        assert (seen["description"], seen["intervention"], seen["case_id"]) == (CONFIDENTIAL_TEXT, None, None)
        assert seen["requested"]["cents"] == 500_00
        too_much = insurer.post(
            f"/cofinancing-requests/{request_id}/decision", json={"outcome": "partial", "amount_cents": 500_01}
        )
        assert (too_much.status_code, faulty_fields(too_much.json())) == (422, ["amount_cents"])
        decision = insurer.post(
            f"/cofinancing-requests/{request_id}/decision", json={"outcome": "partial", "amount_cents": 400_00}
        )
        assert (decision.status_code, decision.json()["decided"]["cents"]) == (200, 400_00)
        again = insurer.post(f"/cofinancing-requests/{request_id}/decision", json={"outcome": "approved"})
        assert again.status_code == 409
        assert (
            manager.post(f"/cofinancing-requests/{request_id}/submit", json={"daily_cost_cents": 1}).status_code == 409
        )

    def test_a_case_manager_finds_those_of_one_case_and_an_insurer_knows_of_no_cases(
        self, office: Office, client: Caller, employer: Actor, request_id: str
    ) -> None:
        """R58."""
        manager = client(office.case_manager(employer))
        insurer_id, insurer = next(iter(office.insurers.items()))
        found = manager.get(f"/cofinancing-requests/{request_id}").json()
        assert found["insurer"] == {"id": str(insurer_id), "name": "Verzekeraar De Eik"}
        other = office.sick(employer, ConsentScope.EMPLOYER, ConsentScope.INSURER)
        office.referred(other, cofinancing=True)
        assert manager.get("/cofinancing-requests").json()["total"] == 2
        of_case = {"case_id": found["case_id"]}
        (seen,) = manager.get("/cofinancing-requests", params=of_case).json()["results"]
        assert seen["id"] == request_id
        assert manager.get("/cofinancing-requests", params={"case_id": str(uuid4())}).json()["total"] == 0
        manager.post(f"/cofinancing-requests/{request_id}/submit", json={"daily_cost_cents": 10_00})
        assert client(insurer).get("/cofinancing-requests").json()["total"] == 1
        assert client(insurer).get("/cofinancing-requests", params=of_case).json()["total"] == 0

    @pytest.mark.parametrize(
        ("given", "fields"),
        [
            ({}, ["outcome"]),
            ({"outcome": "maybe"}, ["outcome"]),
            ({"outcome": "declined", "reason": "he is ill"}, ["reason"]),
            ({"outcome": "approved", "note": "x"}, ["note"]),
            ({"outcome": "partial", "amount_cents": -1}, ["amount_cents"]),
        ],
    )
    def test_a_decision_has_no_words_of_its_own(
        self, office: Office, client: Caller, request_id: str, given: dict[str, Any], fields: list[str]
    ) -> None:
        """R59."""
        insurer = client(next(iter(office.insurers.values())))
        answer = insurer.post(f"/cofinancing-requests/{request_id}/decision", json=given)
        assert (answer.status_code, faulty_fields(answer.json())) == (422, fields)

    def test_strangers_and_members(self, office: Office, client: Caller, employer: Actor, request_id: str) -> None:
        path = f"/cofinancing-requests/{request_id}"
        assert client(employer).get(path).status_code == 404
        assert client(office.secretary).get(path).status_code == 403
        other = office.case_manager(office.employer("Andere firma"))
        assert client(other).get(path).status_code == 404
