"""Statements of account and reminders in the portal: of the buyer, and of the secretariat that looks along."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from core.clock import standing_at, today
from identity.actor import Actor
from identity.roles import Role
from tests.billing.office import OPEN, Office
from tests.billing.test_dunning import after, round_on
from tests.billing.test_statements import charged
from tests.portal.open_pages import assert_all_render, assert_nobody_else, words_of
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

REMINDERS = "/secretariaat/boeken/herinneringen"
OWN = "/werkgever/rekeningoverzicht"


def test_an_employer_reads_and_keeps_his_statement(office: Office, employer: Actor, sign_in: SignIn) -> None:
    invoice_id = charged(office, employer, 1)
    visitor = sign_in(employer)
    page = visitor.get(OWN).text
    assert "Nu open € 121,00" in words_of(page)
    assert f"/werkgever/facturen/{invoice_id}" in page
    files = {"overzicht.pdf": "application/pdf", "overzicht.csv": "text/csv", "regels.csv": "text/csv"}
    for name, media in files.items():
        answer = visitor.get(f"{OWN}/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(media)


def test_a_period_that_cannot_be_is_told(office: Office, employer: Actor, sign_in: SignIn) -> None:
    visitor = sign_in(employer)
    assert visitor.get(OWN, **{"from": "32-13-2026"}).status_code == 422
    assert visitor.get(OWN, **{"from": str(today() - timedelta(days=9)), "to": str(today())}).status_code == 200


def test_an_insurer_has_one_too(app: FastAPI, office: Office, employer: Actor, sign_in: SignIn) -> None:
    assert_all_render(app, "/verzekeraar/rekeningoverzicht", sign_in(office.insurer(employer)), {}, {})


def test_the_secretariat_looks_along_and_another_is_not_there(
    app: FastAPI, office: Office, employer: Actor, secretary: Visitor
) -> None:
    charged(office, employer, 1)
    place = f"/secretariaat/boeken/relaties/{employer.organisation_id}"
    assert "Nu open € 121,00" in words_of(secretary.get(place).text)
    assert_all_render(app, "/secretariaat/boeken/relaties", secretary, {"buyer_id": employer.organisation_id}, {})
    other = Office(World(office.world.database)).employer()
    assert secretary.get(f"/secretariaat/boeken/relaties/{other.organisation_id}").status_code == 404


def test_reminders_are_listed_and_held_back(office: Office, employer: Actor, secretary: Visitor) -> None:
    invoice_id = charged(office, employer, 1)
    with standing_at(after(8)):
        assert "Iedereen heeft op tijd betaald." not in secretary.get(REMINDERS).text
        one = f"{REMINDERS}/{invoice_id}"
        assert secretary.get(one).status_code == 200
        assert secretary.send(one, reach="invoice").status_code == 422
        assert secretary.send(one, reach="buyer", reason="payment_plan").status_code == 303
        held = secretary.get(REMINDERS, show="held").text
        assert "Er is een betalingsregeling" in held
        page = secretary.get(one).text
        assert "Alle herinneringen aan deze klant zijn tegengehouden" in page
        address = page.split('/hervatten"')[0].rsplit('action="', 1)[1] + "/hervatten"
        assert secretary.send(address).status_code == 303
        assert secretary.send(address).status_code == 404
    assert round_on(office, 9) == 1


def test_nothing_late_says_so(secretary: Visitor) -> None:
    assert "Iedereen heeft op tijd betaald." in secretary.get(REMINDERS).text
    assert secretary.get(f"{REMINDERS}/00000000-0000-4000-8000-000000000000").status_code == 404


def test_nobody_else_comes_in(app: FastAPI, office: Office, employer: Actor, world: World, sign_in: SignIn) -> None:
    known = {"invoice_id": charged(office, employer, 1), "buyer_id": employer.organisation_id}
    assert_nobody_else(app, REMINDERS, world, sign_in, (Role.SECRETARY,), known)
    assert_nobody_else(app, "/secretariaat/boeken/relaties", world, sign_in, (Role.SECRETARY,), known)
    assert_nobody_else(app, OWN, world, sign_in, (Role.EMPLOYER,), known)


@pytest.mark.parametrize("page", ["", "/overzicht.csv"])
def test_what_an_employer_reads_names_no_provider(office: Office, employer: Actor, sign_in: SignIn, page: str) -> None:
    """R43."""
    office.supplied(employer, intervention=OPEN)
    office.run()
    answer = sign_in(employer).get(f"{OWN}{page}").text
    for secret in ("Zilverberk", "KANARIE", "kanarie"):
        assert secret not in answer
