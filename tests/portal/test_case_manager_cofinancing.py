"""Requests for co-financing on the pages of the case manager."""

import pytest

from billing.cofinancing.decide import decide_cofinancing
from billing.cofinancing.shares import Outcome
from billing.tables import CofinancingState, DeclineReason
from cases.tables import ConsentScope
from tests.portal.open_pages import (
    faults_of,
    rows_of,
    tasks_of,
    typed,
    words_of,
)
from tests.portal.requested import Asked


def test_what_is_to_be_sent_stands_on_the_worklist_and_in_the_menu(asked: Asked) -> None:
    page = asked.manager.get("/regie").text
    assert tasks_of(page)[0].startswith(asked.stored().number)
    assert "Cofinanciering 1 open" in words_of(page, "//nav")
    (row,) = rows_of(asked.manager.get("/regie/cofinanciering").text)
    assert "Te versturen" in row
    for tab in ("sent", "decided", "lapsed"):
        assert "<table" not in asked.manager.get("/regie/cofinanciering", tab=tab).text


def test_a_request_is_worked_out_checked_and_sent(asked: Asked) -> None:
    """R57."""
    check = asked.manager.send(asked.path, daily_cost="340,00", act="check")
    words = words_of(check.text).replace("\xa0", " ")
    for said in ("Levert op € 6.800,00", "Kost € 1.000,00", "Blijft over € 5.800,00", "Per euro 6,8",
                 "20 dagen van € 340,00", "€ 500,00, 50% van de prijs"):  # fmt: skip
        assert said in words, said
    assert "Dit kost meer" not in words
    assert "De naam of het kenmerk van de werknemer" in words
    assert typed(check.text, "daily_cost") == "340,00"
    assert asked.stored().state is CofinancingState.PREPARED
    sent = asked.manager.send(asked.path, daily_cost="340,00", act="send")
    assert sent.headers["location"] == "/regie/cofinanciering"
    stored = asked.stored()
    assert (stored.state, stored.daily_cost_cents) == (CofinancingState.SUBMITTED, 340_00)
    again = asked.manager.send(asked.path, daily_cost="340,00", act="send")
    assert again.status_code == 409
    assert "al verstuurd" in faults_of(again.text)[0]
    page = words_of(asked.manager.get(asked.path).text)
    assert "Bij de verzekeraar" in page
    assert "Verstuur" not in page


def test_a_loss_is_a_warning_and_no_refusal(asked: Asked) -> None:
    """R60."""
    check = words_of(asked.manager.send(asked.path, daily_cost="20", act="check").text).replace("\xa0", " ")
    assert "Dit kost meer dan het naar verwachting oplevert." in check
    assert "-600,00" in check
    assert asked.manager.send(asked.path, daily_cost="20", act="send").status_code == 303


@pytest.mark.parametrize("cost", ["", "veel", "0", "-5", "1000001"])
def test_a_cost_that_is_not_right_comes_back(asked: Asked, cost: str) -> None:
    page = asked.manager.send(asked.path, daily_cost=cost, act="send")
    assert page.status_code == 422
    assert len(faults_of(page.text)) == 1
    assert typed(page.text, "daily_cost") == cost
    assert asked.stored().state is CofinancingState.PREPARED


def test_without_consent_nothing_goes_to_the_insurer(asked: Asked) -> None:
    """R25."""
    asked.office.withdraw(asked.sick, ConsentScope.INSURER, job=False)
    page = asked.manager.send(asked.path, daily_cost="340", act="send")
    assert page.status_code == 409
    assert "geen toestemming" in faults_of(page.text)[0]
    assert asked.stored().state is CofinancingState.PREPARED


def test_a_decision_is_shown_with_its_reason(asked: Asked) -> None:
    asked.manager.send(asked.path, daily_cost="340", act="send")
    (insurer,) = asked.office.insurers.values()
    with asked.office.open(insurer) as session:
        decide_cofinancing(session, insurer, asked.id, Outcome.PARTIAL, 200_00, DeclineReason.BUDGET_SPENT)
    page = words_of(asked.manager.get(asked.path).text).replace("\xa0", " ")
    assert "Deels toegekend" in page
    assert "Toegekend € 200,00" in page
    assert "Het budget is op" in page
    (row,) = rows_of(asked.manager.get("/regie/cofinanciering", tab="decided").text)
    assert "€ 200,00" in row.replace("\xa0", " ")


def test_of_a_confidential_intervention_only_the_constant_text_is_there(asked: Asked) -> None:
    """R18."""
    for path in ("/regie", "/regie/cofinanciering", asked.path, f"/regie/dossiers/{asked.sick.case_id}"):
        page = words_of(asked.manager.get(path).text, "//html")
        assert "sycholog" not in page, path
        assert "anarie" not in page.replace("J. Kanarie", ""), path
