"""The pages of the books: a trial balance that opens down to the document, and settings that are looked at first."""

from datetime import timedelta
from uuid import UUID

from fastapi import FastAPI

from core.clock import today
from identity.actor import Actor
from identity.roles import Role
from network.settings import arbodienst_settings
from tests.billing.office import OPEN, Office
from tests.portal.open_pages import assert_all_render, assert_nobody_else, words_of
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

BOOKS, SETTINGS = "/secretariaat/boeken", "/secretariaat/instellingen"
BALANCE = f"{BOOKS}/proefbalans"


def test_the_balance_opens_down_to_the_invoice(office: Office, employer: Actor, secretary: Visitor) -> None:
    office.supplied(employer, intervention=OPEN)
    (invoice_id,) = office.run().invoices
    page = secretary.get(BALANCE).text
    assert "De balans klopt" in page
    assert f"{BALANCE}/1300?" in page
    parties = secretary.get(f"{BALANCE}/1300").text
    assert "Bakkerij Zonneveld" in parties
    assert f"party={employer.organisation_id}" in parties
    entries = secretary.get(f"{BALANCE}/1300", party=str(employer.organisation_id)).text
    assert f"/secretariaat/verstuurd/{invoice_id}" in entries
    assert secretary.get(f"/secretariaat/verstuurd/{invoice_id}").status_code == 200


def test_a_provider_invoice_is_one_click_away(office: Office, employer: Actor, secretary: Visitor) -> None:
    invoice_id = office.supply(office.referred(office.sick(employer), OPEN))
    page = secretary.get(f"{BALANCE}/7000").text
    assert f"/secretariaat/facturen/{invoice_id}" in page
    assert secretary.get(f"/secretariaat/facturen/{invoice_id}").status_code == 200


def test_a_period_without_bookings_says_so(office: Office, employer: Actor, secretary: Visitor) -> None:
    office.supplied(employer, intervention=OPEN)
    past = {"from": str(today() - timedelta(days=90)), "to": str(today() - timedelta(days=60))}
    assert "In deze periode is hier niets geboekt." in secretary.get(f"{BALANCE}/1100", **past).text
    assert secretary.get(BALANCE, **{"from": "32-13-2026"}).status_code == 422
    assert secretary.get(f"{BALANCE}/9999").status_code == 404
    assert secretary.get(f"{BALANCE}/1100", party="00000000-0000-4000-8000-000000000000").status_code == 404


def test_the_files_are_handed_over(office: Office, employer: Actor, secretary: Visitor) -> None:
    office.supplied(employer, intervention=OPEN)
    for name in ("grootboek", "facturen"):
        answer = secretary.get(f"{BOOKS}/{name}.csv")
        assert answer.headers["content-type"].startswith("text/csv")
        assert answer.headers["content-disposition"].startswith(f'attachment; filename="{name}-')
        assert secretary.get(f"{BOOKS}/{name}.csv", **{"from": "gisteren"}).status_code == 422


def test_settings_are_looked_at_before_they_are_kept(office: Office, secretary: Visitor) -> None:
    asked = {
        "onward_vat_rate": "0", "payment_days": "14", "suppression_k": "5", "first_reminder_days": "7",
        "second_reminder_days": "21", "last_reminder_days": "35", "cofinancing_working_days": "8",
        "budget_working_days": "5", "payable_days": "14", "four_eyes_cents": "1.500", "money_version": "1",
    }  # fmt: skip
    looked_at = secretary.send(SETTINGS, **asked)
    words = words_of(looked_at.text)
    assert looked_at.status_code == 200
    assert "Betaaltermijn 30 dagen 14 dagen" in words
    assert "Btw op wat u doorbelast 21% Vrijgesteld" in words
    assert "Herinneringen versturen Ja Nee" in words
    assert "in werkdagen 10 dagen 8 dagen" in words
    assert "uitbetalen boven € 1.000,00 € 1.500,00" in words.replace("\xa0", " ")
    assert 'value="14"' in secretary.send(SETTINGS, **asked, act="edit").text
    assert payment_days(office) == 30
    assert secretary.send(SETTINGS, **asked, act="send").status_code == 303
    assert payment_days(office) == 14
    assert secretary.send(SETTINGS, **(asked | {"payment_days": "20"}), act="send").status_code == 409
    assert secretary.send(SETTINGS, **(asked | {"payment_days": "0"})).status_code == 422


def payment_days(office: Office) -> int:
    with office.care(office.secretary) as session:
        return arbodienst_settings(session, office.secretary).payment_days


def test_every_page_renders(app: FastAPI, office: Office, employer: Actor, secretary: Visitor) -> None:
    office.supplied(employer, intervention=OPEN)
    (invoice_id,) = office.run().invoices
    known: dict[str, UUID | int] = {"number": 1100, "buyer_id": employer.organisation_id, "invoice_id": invoice_id}
    assert_all_render(app, BOOKS, secretary, known, {})
    assert_all_render(app, SETTINGS, secretary, {}, {})


def test_nobody_else_comes_in(app: FastAPI, world: World, sign_in: SignIn) -> None:
    assert_nobody_else(app, BOOKS, world, sign_in, (Role.SECRETARY,), {"number": 1100})
    assert_nobody_else(app, SETTINGS, world, sign_in, (Role.SECRETARY,), {})
