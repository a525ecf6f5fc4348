"""The money over JSON: the month from a provider's invoice to a paid one, and what bad input gets."""

import json
from typing import Any
from uuid import uuid4

import pytest

from billing.invoicing.documents import CONFIDENTIAL_TEXT
from cases.tables import ConsentScope
from core.clock import today
from identity.actor import Actor
from identity.roles import Role
from tests.api.callers import Caller, faulty_fields
from tests.billing.office import CONF, DESCRIPTION, OPEN, PROVIDER_NAME, Office

MONTH = f"{today():%Y-%m}"


class TestChargeRuns:
    def test_a_month_is_previewed_and_run(self, office: Office, call: Caller, employer: Actor) -> None:
        secretary = call(office.secretary)
        office.supplied(employer, intervention=OPEN)
        office.supplied(employer)
        preview = secretary.get("/charge-runs/preview", params={"month": MONTH}).json()
        assert (preview["k"], preview["waiting"]["cents"], preview["urgent"]) == (5, 200_00, 0)
        (shown,) = preview["employers"]["results"]
        assert (preview["employers"]["total"], shown["net"]["cents"]) == (1, 100_00)
        waits = shown["carried_over"][0]
        assert (waits["reason"], waits["overdue"]) == ("pool", False)
        run = secretary.post("/charge-runs", json={"month": MONTH})
        assert (run.status_code, len(run.json()["invoices"]), run.json()["carried_over"]) == (201, 1, 1)
        again = secretary.post("/charge-runs", json={"month": MONTH}).json()
        assert (again["invoices"], again["carried_over"]) == ([], 1)

    @pytest.mark.parametrize("month", ["2026-13", "2026-1", "1989-12", "2026-11-01", "2099-01", 202611, None, ""])
    def test_what_is_no_month_or_has_not_begun_is_refused(self, office: Office, call: Caller, month: object) -> None:
        answer = call(office.secretary).post("/charge-runs", json={"month": month})
        assert (answer.status_code, faulty_fields(answer.json())) == (422, ["month"])

    def test_next_month_is_refused(self, office: Office, call: Caller) -> None:
        year, month = (today().year, today().month + 1) if today().month < 12 else (today().year + 1, 1)
        answer = call(office.secretary).post("/charge-runs", json={"month": f"{year}-{month:02}"})
        assert (answer.status_code, faulty_fields(answer.json())) == (422, ["month"])

    def test_it_is_the_secretariats(self, office: Office, call: Caller, employer: Actor) -> None:
        for actor, status in ((office.physician, 403), (office.provider, 403), (employer, 404)):
            assert call(actor).post("/charge-runs", json={"month": MONTH}).status_code == status


class TestInvoices:
    @pytest.fixture
    def invoice_id(self, office: Office, employer: Actor) -> str:
        """One own line and a pool of five, of a month in which nobody's session is told."""
        office.supplied(employer, ConsentScope.EMPLOYER, units=8)
        for _person in range(5):
            office.supplied(employer, units=3)
        return str(office.run().invoices[0])

    def test_every_form_is_clean(self, office: Office, call: Caller, employer: Actor, invoice_id: str) -> None:
        """R43: also in what stands around it, headers and file names."""
        caller = call(employer)
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
        self, office: Office, call: Caller, invoice_id: str
    ) -> None:
        """R70: the same status, the same words, the same headers."""
        stranger = call(office.employer("Andere firma"))
        for suffix in ("", ".pdf", ".xml"):
            theirs, none = (stranger.get(f"/invoices/{each}{suffix}") for each in (invoice_id, uuid4()))
            assert theirs.status_code == none.status_code == 404
            assert theirs.content == none.content
            assert set(theirs.headers) == set(none.headers)
        theirs, none = (stranger.post(f"/invoices/{each}/payments") for each in (invoice_id, uuid4()))
        assert (theirs.status_code, theirs.content) == (404, none.content)

    def test_the_secretariat_reads_and_does_not_pay(self, office: Office, call: Caller, invoice_id: str) -> None:
        caller = call(office.secretary)
        assert caller.get(f"/invoices/{invoice_id}").status_code == 200
        assert caller.post(f"/invoices/{invoice_id}/payments").status_code == 403

    def test_paying_opens_one_page(self, call: Caller, employer: Actor, invoice_id: str) -> None:
        caller = call(employer)
        first, again = (caller.post(f"/invoices/{invoice_id}/payments") for _each in range(2))
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json()
        assert first.json()["url"].endswith(f"/betalen/{first.json()['id']}")

    def test_members_of_the_open_side_without_invoices_are_told_so(
        self, office: Office, call: Caller, invoice_id: str
    ) -> None:
        assert call(office.world.actor(Role.CASE_MANAGER)).get(f"/invoices/{invoice_id}").status_code == 403


class TestCosts:
    def test_the_overview_hides_what_is_small(self, office: Office, call: Caller, employer: Actor) -> None:
        """R47."""
        office.supplied(employer, intervention=OPEN, units=2)
        office.supplied(employer, ConsentScope.EMPLOYER)
        office.run()
        found = call(employer).get("/costs", params={"from": MONTH, "to": MONTH}).json()
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

    def test_dates_name_their_months(self, call: Caller, employer: Actor) -> None:
        found = call(employer).get("/costs", params={"from": "2026-01-15", "to": "2026-03-02"}).json()
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
        self, call: Caller, employer: Actor, query: dict[str, str], field: str
    ) -> None:
        answer = call(employer).get("/costs", params=query)
        assert (answer.status_code, faulty_fields(answer.json())) == (422, [field])

    def test_it_is_the_employers(self, office: Office, call: Caller, employer: Actor) -> None:
        assert call(office.insurer(employer)).get("/costs").status_code == 404
        assert call(office.secretary).get("/costs").status_code == 403


class TestCofinancing:
    @pytest.fixture
    def request_id(self, office: Office, employer: Actor) -> str:
        office.insurer(employer)
        sick = office.sick(employer, ConsentScope.EMPLOYER, ConsentScope.INSURER)
        request = office.request_of(office.referred(sick, cofinancing=True))
        assert request is not None
        return str(request.id)

    def test_from_the_case_manager_to_the_insurers_decision(
        self, office: Office, call: Caller, employer: Actor, request_id: str
    ) -> None:
        manager = call(office.case_manager(employer))
        insurer = call(next(iter(office.insurers.values())))
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
        self, office: Office, call: Caller, employer: Actor, request_id: str
    ) -> None:
        """R58."""
        manager = call(office.case_manager(employer))
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
        assert call(insurer).get("/cofinancing-requests").json()["total"] == 1
        assert call(insurer).get("/cofinancing-requests", params=of_case).json()["total"] == 0

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
        self, office: Office, call: Caller, request_id: str, given: dict[str, Any], fields: list[str]
    ) -> None:
        """R59."""
        insurer = call(next(iter(office.insurers.values())))
        answer = insurer.post(f"/cofinancing-requests/{request_id}/decision", json=given)
        assert (answer.status_code, faulty_fields(answer.json())) == (422, fields)

    def test_strangers_and_members(self, office: Office, call: Caller, employer: Actor, request_id: str) -> None:
        path = f"/cofinancing-requests/{request_id}"
        assert call(employer).get(path).status_code == 404
        assert call(office.secretary).get(path).status_code == 403
        other = office.case_manager(office.employer("Andere firma"))
        assert call(other).get(path).status_code == 404
