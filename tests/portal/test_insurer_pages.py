"""The pages of the insurer: neutral requests, the decision with a look at it first, and what it owes."""

import re
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from billing.cofinancing.shares import Outcome
from billing.cofinancing.submit import submit_cofinancing
from billing.invoicing.documents import CONFIDENTIAL_TEXT
from billing.tables import CofinancingRequest, CofinancingState, DeclineReason
from identity.roles import Role
from tests.billing.office import CONF, OPEN, PROVIDER_NAME, Office
from tests.billing.test_cofinancing import BOTH, Asked
from tests.portal.open_pages import (
    assert_all_render,
    assert_forms_need_their_token,
    assert_nobody_else,
    chosen,
    faults_of,
    hosted_page,
    rows_of,
    same_but_for_ids,
    tasks_of,
    typed,
    words_of,
)
from tests.portal.reading import find, words
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

HOME = "/verzekeraar"
DECISIONS, INVOICES = f"{HOME}/besluiten", f"{HOME}/facturen"


@dataclass(frozen=True)
class Desk:
    """An insurer who was asked to pay 500.00 of 1,000.00, and his browser."""

    asked: Asked
    visitor: Visitor

    @property
    def page(self) -> str:
        """The address of the request."""
        return f"{HOME}/aanvragen/{self.asked.id}"

    def kept(self) -> CofinancingRequest:
        """The request as it is kept."""
        with Session(self.asked.office.world.database.owner) as session:
            return session.get_one(CofinancingRequest, self.asked.id)


@pytest.fixture
def desk(office: Office, sign_in: SignIn) -> Desk:
    asked = Asked(office)
    asked.submit()
    return Desk(asked, sign_in(asked.insurer))


# What waits


def test_requests_wait_with_the_oldest_first(office: Office, sign_in: SignIn) -> None:
    first = Asked(office, OPEN)
    first.submit()
    later = office.request_of(office.referred(office.sick(first.employer, *BOTH), CONF, cofinancing=True))
    assert later is not None
    visitor = sign_in(first.insurer)
    # What the case manager has yet to send is none of the insurer's business.
    assert len(tasks_of(visitor.get(HOME).text)) == 1
    with office.open(first.manager) as session:
        submit_cofinancing(session, first.manager, later.id, 340_00)
    page = visitor.get(HOME).text
    assert [title.split(": ")[1] for title in tasks_of(page)] == ["Arbeidsdeskundig onderzoek", CONFIDENTIAL_TEXT]
    assert re.search(r'Aanvragen\s*<span class="count">2<', page)


def test_a_loss_is_marked_and_may_be_granted_all_the_same(office: Office, sign_in: SignIn) -> None:
    """R60."""
    asked = Asked(office)
    asked.submit(daily_cost_cents=10_00)
    desk = Desk(asked, sign_in(asked.insurer))
    assert "Kost meer dan het oplevert" in desk.visitor.get(HOME).text
    page = words_of(desk.visitor.get(desk.page).text)
    assert "Dat is € 800,00 minder dan de prijs." in page
    assert "U mag de aanvraag toekennen." in page
    assert desk.visitor.send(desk.page, outcome="approved", act="send").status_code == 303


# One request


def test_a_request_says_what_it_costs_and_what_it_brings(desk: Desk) -> None:
    page = desk.visitor.get(desk.page).text
    bars = [[words(cell) for cell in row] for row in find(page, '//table[@class="bars"]/tbody/tr')]
    assert bars == [
        ["Kost", "", "€ 1.000,00 Gevraagd van u € 500,00 Betaalt de werkgever € 500,00"],
        ["Levert op", "", "€ 6.800,00 Verwachte opbrengst € 6.800,00"],
    ]
    assert "Elke euro levert naar verwachting € 6,80 op." in words_of(page)
    assert CONFIDENTIAL_TEXT in words_of(page)


def test_a_request_tells_nothing_of_health_nor_of_whom(desk: Desk) -> None:
    """R58."""
    sick = desk.asked.sick
    for path in (HOME, desk.page, DECISIONS):
        page = desk.visitor.get(path).text.lower()
        for secret in ("kanarie", PROVIDER_NAME.lower(), sick.reference.lower(), str(sick.case_id), "psycholo"):
            assert secret not in page, (path, secret)


def test_anothers_request_and_none_are_one_answer(desk: Desk, office: Office, sign_in: SignIn) -> None:
    """R70."""
    other = sign_in(office.insurer(desk.asked.employer))
    for ask in (other.get, other.send):
        foreign, unknown = ask(desk.page), ask(f"{HOME}/aanvragen/{uuid4()}")
        assert foreign.status_code == unknown.status_code == 404
        assert same_but_for_ids(foreign.text, unknown.text)
    answer = other.send(desk.page, outcome="approved", act="send")
    assert answer.status_code == 404
    assert desk.kept().state is CofinancingState.SUBMITTED


# The decision

WRONG: dict[str, tuple[dict[str, str], list[str]]] = {
    "nothing": ({}, ["Wat besluit u: Vul dit in."]),
    "part without an amount": (
        {"outcome": "partial"},
        ["Bedrag bij deels toekennen: Vul een bedrag in dat hoger is dan nul en lager dan het gevraagde bedrag."],
    ),
    "part of everything": (
        {"outcome": "partial", "amount_cents": "500,00"},
        ["Bedrag bij deels toekennen: Vul een bedrag in dat hoger is dan nul en lager dan het gevraagde bedrag."],
    ),
    "refusal without a reason": ({"outcome": "declined"}, ["Reden bij afwijzen: Kies een reden."]),
    "refusal with an amount": (
        {"outcome": "declined", "amount_cents": "1", "reason": "too_late"},
        ["Bedrag bij deels toekennen: Bij afwijzen wordt geen bedrag toegekend."],
    ),
    "no amount": (
        {"outcome": "partial", "amount_cents": "veel"},
        ["Bedrag bij deels toekennen: Geef een bedrag in euro's, bijvoorbeeld 1.297,50."],
    ),
}


@pytest.mark.parametrize("act", ["check", "send"])
def test_a_decision_that_cannot_be_is_said_so_and_keeps_what_was_typed(desk: Desk, act: str) -> None:
    for name, (fields, faults) in WRONG.items():
        answer = desk.visitor.send(desk.page, **fields, act=act)
        assert answer.status_code == 422, name
        assert faults_of(answer.text) == faults, name
        assert chosen(answer.text, "outcome") == [value for key, value in fields.items() if key == "outcome"], name
        assert typed(answer.text, "amount_cents") == fields.get("amount_cents", ""), name
    assert desk.kept().state is CofinancingState.SUBMITTED


def test_a_decision_is_looked_at_before_it_is_taken(desk: Desk) -> None:
    fields = {"outcome": "partial", "amount_cents": "300,50", "reason": "budget_spent"}
    look = desk.visitor.send(desk.page, **fields, act="check")
    assert look.status_code == 200
    page = words_of(look.text)
    for said in ("U betaalt € 300,50", "De werkgever betaalt € 699,50", "Reden Het budget is op", "Krijgt niet"):
        assert said in page
    assert desk.kept().state is CofinancingState.SUBMITTED
    assert desk.kept().decided_cents is None
    carried = {name: typed(look.text, name) for name in fields}
    assert carried == fields
    back = desk.visitor.send(desk.page, **carried, act="edit").text
    assert chosen(back, "outcome") == ["partial"]
    assert typed(back, "amount_cents") == "300,50"
    assert chosen(back, "reason") == ["budget_spent"]
    assert desk.visitor.send(desk.page, **carried, act="send").headers["location"] == HOME
    assert desk.kept().state is CofinancingState.PARTIAL
    assert desk.kept().decided_cents == 300_50
    assert desk.kept().decision_reason is DeclineReason.BUDGET_SPENT


def test_who_presses_enter_only_looks(desk: Desk) -> None:
    assert "Controleer uw besluit" in desk.visitor.send(desk.page, outcome="approved").text
    assert desk.kept().state is CofinancingState.SUBMITTED


def test_a_decision_is_taken_once(desk: Desk) -> None:
    """R59."""
    assert desk.visitor.send(desk.page, outcome="declined", reason="too_late", act="send").status_code == 303
    again = desk.visitor.send(desk.page, outcome="approved", act="send")
    assert again.status_code == 409
    assert faults_of(again.text) == ["Over dit verzoek is al besloten."]
    assert desk.kept().state is CofinancingState.DECLINED
    page = words_of(desk.visitor.get(desk.page).text)
    assert "Toegekend € 0,00 Reden De aanvraag kwam te laat" in page
    assert "Wat besluit u?" not in page


def test_what_was_decided_is_listed_by_outcome(desk: Desk) -> None:
    desk.asked.decide(Outcome.DECLINED, None, DeclineReason.NOT_COVERED)
    (row,) = rows_of(desk.visitor.get(DECISIONS).text)
    assert "€ 500,00 € 0,00 Afgewezen Dit valt niet onder de polis" in row
    assert rows_of(desk.visitor.get(DECISIONS, outcome="declined").text) == [row]
    assert "Hier komt wat u hebt besloten." in desk.visitor.get(DECISIONS, outcome="approved").text
    assert "Er wacht geen aanvraag op u." in desk.visitor.get(HOME).text


# Invoices


def test_the_insurer_reads_and_pays_what_it_granted(desk: Desk, office: Office) -> None:
    desk.asked.decide(Outcome.APPROVED)
    office.supply(desk.asked.referred, 10)
    office.run()
    (row,) = rows_of(desk.visitor.get(INVOICES).text)
    assert "€ 605,00 Te betalen" in row
    page = str(find(desk.visitor.get(INVOICES).text, "//tbody//a/@href")[0])
    assert rows_of(desk.visitor.get(page).text)[0] == f"{CONFIDENTIAL_TEXT} {desk.kept().number} 21% € 500,00"
    assert desk.visitor.get(f"{page}.pdf").status_code == desk.visitor.get(f"{page}.xml").status_code == 200
    assert desk.visitor.send(hosted_page(desk.visitor.send(page))).headers["location"] == page
    assert "Alles is betaald." in desk.visitor.get(INVOICES, show="open").text
    assert "Doorbelast Ja" in words_of(desk.visitor.get(desk.page).text)


def test_the_invoice_of_the_employer_is_not_the_insurers(desk: Desk, office: Office, sign_in: SignIn) -> None:
    desk.asked.decide(Outcome.APPROVED)
    office.supply(desk.asked.referred, 10)
    run = office.run()
    assert len(run.invoices) == 2
    employer = sign_in(desk.asked.employer)
    for invoice_id in run.invoices:
        mine = desk.visitor.get(f"{INVOICES}/{invoice_id}").status_code
        theirs = employer.get(f"/werkgever/facturen/{invoice_id}").status_code
        assert sorted((mine, theirs)) == [200, 404]


# Everybody else

EMPTY = {
    HOME: "Er wacht geen aanvraag op u.",
    DECISIONS: "Hier komt wat u hebt besloten.",
    INVOICES: "Hier komen uw facturen.",
}


def test_an_empty_page_says_what_will_come(office: Office, sign_in: SignIn) -> None:
    visitor = sign_in(office.insurer(office.employer()))
    for path, says in EMPTY.items():
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert says in words_of(answer.text), path


def test_every_page_renders(app: FastAPI, desk: Desk, office: Office) -> None:
    desk.asked.decide(Outcome.APPROVED)
    office.supply(desk.asked.referred, 10)
    office.run()
    href = str(find(desk.visitor.get(INVOICES).text, "//tbody//a/@href")[0])
    known = {"request_id": desk.asked.id, "invoice_id": UUID(href.rsplit("/", 1)[1])}
    assert_all_render(app, HOME, desk.visitor, known, {})


def test_nobody_else_comes_in(app: FastAPI, desk: Desk, world: World, sign_in: SignIn) -> None:
    assert_nobody_else(app, HOME, world, sign_in, (Role.INSURER,), {"request_id": desk.asked.id})
    assert desk.kept().state is CofinancingState.SUBMITTED


def test_forms_need_their_token(app: FastAPI, desk: Desk) -> None:
    assert_forms_need_their_token(app, HOME, desk.visitor, {"request_id": desk.asked.id})
    assert desk.kept().state is CofinancingState.SUBMITTED
