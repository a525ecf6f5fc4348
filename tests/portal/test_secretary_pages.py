"""The pages of the medical secretariat: the queue, left what came in and right what leaves, and the charging."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from billing.charging.charge_terms import next_month
from billing.cofinancing.shares import Outcome
from billing.invoicing.documents import CONFIDENTIAL_TEXT, CONTRIBUTION_TEXT
from cases.tables import ConsentScope
from core.clock import AMSTERDAM, standing_at, today
from identity.actor import Actor
from identity.roles import Role
from medical.hatch.plan import CarryReason
from medical.invoice_tables import ProviderInvoice, ProviderInvoiceState
from medical.invoices.checks import CheckCode
from medical.invoices.judge import DisputeReason
from network.tables import ArbodienstSettings
from portal.care.secretary.words import (
    REASON_OF_CHECK,
    TONES,
    carry_label,
    check_label,
    dispute_label,
    dispute_meaning,
    state_label,
)
from portal.presenters import month
from tests.billing.office import DESCRIPTION, OPEN, PROVIDER_NAME, PROVIDER_NUMBER, Office
from tests.billing.test_cofinancing import Asked
from tests.portal.desk import CHARGING, CHECK, HOME, K, page_of, rehearsed
from tests.portal.open_pages import (
    assert_all_render,
    assert_forms_need_their_token,
    assert_nobody_else,
    chosen,
    faults_of,
    rows_of,
    tasks_of,
    words_of,
)
from tests.portal.reading import find, words
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

STAYS = "Blijft hier"


def sent(office: Office, employer: Actor, *scopes: ConsentScope, intervention: str = "PSY", **changes: Any) -> UUID:
    """Let the provider invoice for one more employee; returns the id of the invoice."""
    referred = office.referred(office.sick(employer, *scopes), intervention)
    return office.send(office.invoice(referred, **changes)).id


def crossings_of(page: str) -> dict[str, tuple[str, str]]:
    """Return what came in and what leaves, by the name of the field."""
    found = [[words(cell) for cell in row] for row in find(page, '//table[@class="crossings"]/tbody/tr')]
    return {label: (came_in, goes_out) for label, came_in, goes_out in found}


def state_of(world: World, invoice_id: UUID) -> ProviderInvoiceState:
    with Session(world.database.owner) as session:
        return session.get_one(ProviderInvoice, invoice_id).state


# The queue


def test_the_queue_shows_what_waits_with_the_oldest_term_first(
    office: Office, employer: Actor, secretary: Visitor
) -> None:
    """R38."""
    with standing_at(datetime.combine(today() - timedelta(days=20), datetime.min.time(), AMSTERDAM)):
        older = office.invoice(office.referred(office.sick(employer)))
        office.send(older)
    flawed = office.invoice(office.referred(office.sick(employer)), line={"unit_price_cents": 999_00})
    office.send(flawed)
    page = secretary.get(HOME).text
    assert tasks_of(page) == [f"{PROVIDER_NAME}, {each.invoice_number}" for each in (older, flawed)]
    assert "te laat" in page
    assert "Alle controles goed" in page
    assert re.search(r'Facturen van providers\s*<span class="count">2<', page)
    assert tasks_of(secretary.get(HOME, state="exception").text) == [f"{PROVIDER_NAME}, {flawed.invoice_number}"]


def test_what_was_judged_stands_under_its_own_heading(office: Office, employer: Actor, secretary: Visitor) -> None:
    approved, disputed = sent(office, employer), sent(office, employer)
    secretary.send(page_of(approved))
    secretary.send(f"{page_of(disputed)}/terugsturen", reason="not_delivered")
    assert page_of(approved) in secretary.get(HOME, state="approved").text
    sent_back = secretary.get(HOME, state="disputed").text
    assert page_of(disputed) in sent_back
    assert "Niet geleverd" in rows_of(sent_back)[0]
    assert tasks_of(secretary.get(HOME).text) == []


EMPTY = {
    HOME: "Er wacht geen factuur op u.",
    f"{HOME}?state=exception": "Geen factuur wijkt af.",
    f"{HOME}?state=disputed": "U hebt nog niets teruggestuurd.",
    f"{HOME}?state=approved": "U hebt nog niets vrijgegeven.",
    CHARGING: "Er is niets door te belasten.",
    CHECK: "Er is niets door te belasten.",
    f"{HOME}/verstuurd": "Er is nog geen factuur verstuurd.",
    f"{HOME}/verstuurd?show=open": "Alles is betaald.",
    f"{HOME}/boeken/proefbalans": "Er is nog niets geboekt.",
}


def test_an_empty_page_says_what_will_come(secretary: Visitor) -> None:
    for path, says in EMPTY.items():
        answer = secretary.get(path)
        assert answer.status_code == 200
        assert says in words_of(answer.text), path


def test_past_the_last_page_the_way_back_is_shown(office: Office, employer: Actor, secretary: Visitor) -> None:
    sent(office, employer)
    assert "Zo ver gaat deze lijst niet." in secretary.get(HOME, page=9).text


# Left what came in, right what leaves


def test_of_a_confidential_invoice_nothing_leaves_but_a_part_of_a_sum(
    office: Office, employer: Actor, secretary: Visitor
) -> None:
    """R43."""
    referred = office.referred(office.sick(employer))
    invoice = office.invoice(referred, 3)
    fields = crossings_of(secretary.get(page_of(office.send(invoice).id)).text)
    assert fields["Provider"] == (PROVIDER_NAME, STAYS)
    assert fields["Omschrijving van de provider"] == (invoice.lines[0].description, STAYS)
    assert fields["Aantal"] == ("3", STAYS)
    assert fields["Prijs per eenheid"] == ("€ 100,00", STAYS)
    assert fields["Factuurnummer"][0] == invoice.invoice_number
    assert fields["Nummer van de verwijzing"] == (referred.number, STAYS)
    assert fields["Werknemer"][1] == STAYS
    assert fields["Soort interventie"][1].startswith(CONFIDENTIAL_TEXT)
    assert fields["Bedrag zonder btw"][0] == "€ 300,00"
    assert fields["Bedrag zonder btw"][1].startswith("Alleen als deel van één som")
    assert f"ten minste {K} personen" in fields["Bedrag zonder btw"][1]
    assert fields["Dag van levering"][1].startswith(month(today()))
    leaves = " ".join(goes_out for _came_in, goes_out in fields.values())
    for secret in (PROVIDER_NAME, PROVIDER_NUMBER, DESCRIPTION, referred.number, referred.sick.reference):
        assert secret not in leaves


@pytest.mark.parametrize(
    ("intervention", "scopes"), [(OPEN, ()), ("PSY", (ConsentScope.EMPLOYER,))], ids=["open", "with consent"]
)
def test_what_stands_right_is_what_the_invoice_then_says(
    office: Office, employer: Actor, secretary: Visitor, intervention: str, scopes: tuple[ConsentScope, ...]
) -> None:
    invoice_id = sent(office, employer, *scopes, intervention=intervention)
    page = secretary.get(page_of(invoice_id)).text
    fields = crossings_of(page)
    assert employer.organisation_name in page
    secretary.send(page_of(invoice_id))
    (document,) = office.documents(office.run(), employer)
    (line,) = document.lines
    assert fields["Soort interventie"][1].startswith(line.description)
    assert fields["Werknemer"][1] == (line.reference or STAYS)
    assert fields["Bedrag zonder btw"][1] == "€ 100,00"
    assert line.net_cents == 100_00
    assert fields["Btw"][1].startswith("21%")
    assert line.vat_rate == 21
    assert fields["Dag van levering"][1].startswith(month(document.period.first_day))


def test_an_exempt_arbodienst_says_no_more_than_exempt(
    world: World, employer: Actor, office: Office, secretary: Visitor
) -> None:
    """R48."""
    with Session(world.database.owner) as session:
        settings = session.get_one(ArbodienstSettings, world.tenant_id)
        settings.onward_vat_rate = 0
        session.add(settings)
        session.commit()
    fields = crossings_of(secretary.get(page_of(sent(office, employer))).text)
    assert fields["Btw"][0] == "21%: € 21,00"
    assert fields["Btw"][1].startswith("Vrijgesteld van btw")


def test_an_insurers_part_stands_at_the_right_though_it_never_came_in(office: Office, secretary: Visitor) -> None:
    asked = Asked(office, OPEN)
    asked.submit()
    asked.decide(Outcome.APPROVED)
    invoice_id = office.send(office.invoice(asked.referred)).id
    came_in, goes_out = crossings_of(secretary.get(page_of(invoice_id)).text)[CONTRIBUTION_TEXT]
    assert came_in == "niets"
    assert goes_out.startswith("€ -50,00")


def test_while_an_insurer_decides_nothing_leaves(office: Office, secretary: Visitor) -> None:
    asked = Asked(office, OPEN)
    asked.submit()
    page = secretary.get(page_of(office.send(office.invoice(asked.referred)).id)).text
    assert "Nu gaat er nog niets uit" in page
    assert {goes_out for _came_in, goes_out in crossings_of(page).values()} == {STAYS}


def test_of_an_invoice_that_failed_a_check_nothing_leaves(office: Office, employer: Actor, secretary: Visitor) -> None:
    """R39."""
    invoice_id = sent(office, employer, intervention=OPEN, line={"unit_price_cents": 120_00})
    page = secretary.get(page_of(invoice_id)).text
    assert {goes_out for _came_in, goes_out in crossings_of(page).values()} == {STAYS}
    assert "1 controle is niet goed" in page
    assert "De prijs is € 120,00 of in totaal te hoog. Afgesproken is € 100,00 per eenheid." in words_of(page)
    assert "Geef vrij" not in page


def test_every_check_stands_there_with_its_sentence_and_what_failed_first(
    office: Office, employer: Actor, secretary: Visitor
) -> None:
    page = secretary.get(page_of(sent(office, employer, line={"vat_rate": 9}))).text
    checks = [words(each) for each in find(page, '//section[@id="controles"]//li')]
    assert checks[0] == "Btw De btw is 9 procent of van een andere soort. Afgesproken is 21 procent. Niet goed"
    assert "Optelling De bedragen tellen goed op. Goed" in checks
    assert len(checks) == len(CheckCode) - 3, "three are of a credit note"


def test_many_different_lines_are_counted_rather_than_written_out(
    office: Office, employer: Actor, secretary: Visitor
) -> None:
    invoice = office.invoice(office.referred(office.sick(employer)))
    lines = tuple(invoice.lines[0].model_copy(update={"description": f"Regel {nth}"}) for nth in range(6))
    page = secretary.get(page_of(office.send(invoice.model_copy(update={"lines": lines})).id)).text
    came_in = crossings_of(page)["Omschrijving van de provider"][0]
    assert came_in == "Regel 0 · Regel 1 · Regel 2 · Regel 3 en nog 2"
    assert "De 6 regels van de provider" in page
    assert "Regel 5" in page


def test_another_tenants_invoice_is_not_there(office: Office, employer: Actor, world: World, sign_in: SignIn) -> None:
    """R41."""
    stranger = sign_in(World(world.database).actor(Role.SECRETARY))
    invoice_id = sent(office, employer)
    for method in (stranger.get, stranger.send):
        assert method(page_of(invoice_id)).status_code == 404
    assert state_of(world, invoice_id) is ProviderInvoiceState.RECEIVED


# Judging


def test_after_a_judgement_the_next_in_the_queue_follows(office: Office, employer: Actor, secretary: Visitor) -> None:
    for _nth in range(3):
        sent(office, employer)
    order = list(dict.fromkeys(re.findall(rf"{HOME}/facturen/([0-9a-f-]+)", secretary.get(HOME).text)))
    assert len(order) == 3
    # One was skipped: after the second comes the third, and only then the first again.
    skips = find(secretary.get(page_of(UUID(order[0]))).text, '//a[@data-key="v"]/@href')
    assert skips == [f"{HOME}/facturen/{order[1]}"]
    assert secretary.send(page_of(UUID(order[1]))).headers["location"] == f"{HOME}/facturen/{order[2]}"
    assert secretary.send(page_of(UUID(order[2]))).headers["location"] == f"{HOME}/facturen/{order[0]}"
    last = secretary.send(page_of(UUID(order[0])))
    assert last.headers["location"] == HOME
    assert "Er wacht geen andere factuur op u." in secretary.get(HOME).text


def test_an_approval_says_beforehand_what_comes_of_it(office: Office, employer: Actor, secretary: Visitor) -> None:
    page = words_of(secretary.get(page_of(sent(office, employer))).text)
    assert "krijgt de provider € 121,00" in page
    assert f"uiterlijk 15 {month(next_month(today()))}" in page
    assert "Vrijgeven is niet terug te draaien." in page


def test_an_invoice_is_approved_once(office: Office, employer: Actor, secretary: Visitor, world: World) -> None:
    invoice_id = sent(office, employer)
    assert secretary.send(page_of(invoice_id)).status_code == 303
    again = secretary.send(page_of(invoice_id))
    assert again.status_code == 409
    assert state_of(world, invoice_id) is ProviderInvoiceState.APPROVED
    assert "Vrijgegeven" in secretary.get(page_of(invoice_id)).text
    assert "Geef vrij" not in again.text


def test_what_failed_a_check_is_not_approved(office: Office, employer: Actor, secretary: Visitor, world: World) -> None:
    """R39."""
    invoice_id = sent(office, employer, line={"unit_price_cents": 120_00})
    answer = secretary.send(page_of(invoice_id))
    assert answer.status_code == 409
    assert faults_of(answer.text) == [
        "Deze factuur is niet door alle controles gekomen en kan alleen worden teruggestuurd."
    ]
    assert state_of(world, invoice_id) is ProviderInvoiceState.EXCEPTION


def test_a_dispute_asks_for_a_reason_and_proposes_that_of_the_failed_check(
    office: Office, employer: Actor, secretary: Visitor, world: World
) -> None:
    invoice_id = sent(office, employer, line={"unit_price_cents": 120_00})
    page = secretary.get(f"{page_of(invoice_id)}/terugsturen").text
    assert chosen(page, "reason") == ["price"]
    assert f"{PROVIDER_NAME} In Providerboog" in words_of(page)
    refused = secretary.send(f"{page_of(invoice_id)}/terugsturen")
    assert refused.status_code == 422
    assert faults_of(refused.text) == ["Waarom stuurt u de factuur terug: Vul dit in."]
    assert secretary.send(f"{page_of(invoice_id)}/terugsturen", reason="nothing").status_code == 422
    assert state_of(world, invoice_id) is ProviderInvoiceState.EXCEPTION
    assert secretary.send(f"{page_of(invoice_id)}/terugsturen", reason="price").status_code == 303
    assert "Teruggestuurd: De prijs klopt niet" in secretary.get(page_of(invoice_id)).text


def test_what_was_judged_is_not_disputed(office: Office, employer: Actor, secretary: Visitor, world: World) -> None:
    invoice_id = sent(office, employer)
    secretary.send(page_of(invoice_id))
    assert "Terugsturen kan niet meer" in secretary.get(f"{page_of(invoice_id)}/terugsturen").text
    refused = secretary.send(f"{page_of(invoice_id)}/terugsturen", reason="units")
    assert refused.status_code == 409
    assert chosen(refused.text, "reason") == ["units"]
    assert faults_of(refused.text) == ["Deze factuur kan niet meer worden beoordeeld."]
    assert state_of(world, invoice_id) is ProviderInvoiceState.APPROVED


# The charging


# What went out, and the books


# Everybody else


def test_every_page_renders(app: FastAPI, office: Office, employer: Actor, secretary: Visitor) -> None:
    judged = office.supply(office.referred(office.sick(employer), OPEN))
    (run_invoice,) = office.run().invoices
    ids = {"invoice_id": judged}
    assert_all_render(app, f"{HOME}/facturen", secretary, ids, {})
    assert_all_render(app, f"{HOME}/verstuurd", secretary, {"invoice_id": run_invoice}, {})
    office.supplied(employer, intervention=OPEN)
    looked_at = {"rehearsal_id": UUID(rehearsed(secretary).rpartition("/")[2])}
    elsewhere = (CHECK, f"{CHARGING}/dragen/{{release_id}}")
    assert_all_render(app, CHARGING, secretary, looked_at, {}, *elsewhere)
    assert_all_render(app, f"{HOME}/boeken/proefbalans", secretary, {"number": 1100}, {})


def test_nobody_else_comes_in(app: FastAPI, office: Office, employer: Actor, world: World, sign_in: SignIn) -> None:
    known = {"invoice_id": sent(office, employer)}
    assert_nobody_else(app, HOME, world, sign_in, (Role.SECRETARY,), known)
    assert state_of(world, known["invoice_id"]) is ProviderInvoiceState.RECEIVED


def test_forms_need_their_token(
    app: FastAPI, office: Office, employer: Actor, secretary: Visitor, world: World
) -> None:
    known = {"invoice_id": sent(office, employer)}
    assert_forms_need_their_token(app, HOME, secretary, known)
    assert state_of(world, known["invoice_id"]) is ProviderInvoiceState.RECEIVED


def test_every_code_has_its_words() -> None:
    assert {check_label(code) for code in CheckCode}
    assert set(REASON_OF_CHECK) == set(CheckCode)
    assert len({dispute_label(reason) for reason in DisputeReason}) == len(DisputeReason)
    assert len({dispute_meaning(reason) for reason in DisputeReason}) == len(DisputeReason)
    assert len({carry_label(reason) for reason in CarryReason}) == len(CarryReason)
    assert {state_label(state) for state in ProviderInvoiceState}
    assert set(TONES) == set(ProviderInvoiceState)
