"""Acts with far reach ask for the second factor once more, when it was shown too long ago."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import update
from sqlmodel import Session, col

from core.clock import now
from identity.roles import Role
from identity.tables import WebSession
from tests.house.test_routes import dependants
from tests.identity.accounts import Somebody, Tab, somebody
from tests.world import World

ASKED = {
    (Role.PHYSICIAN, "/arts/mandaten/nieuw"),
    (Role.SECRETARY, "/secretariaat/doorbelasten/controleren"),
    (Role.SECRETARY, "/secretariaat/instellingen"),
    (Role.AUDITOR, "/toezicht/logboek.csv"),
    (Role.EMPLOYER, "/account/instellen"),
    (Role.INSURER, "/account/tokens"),
    (Role.SECRETARY, "/secretariaat/ontvangen/bank"),
    (Role.EMPLOYER, "/werkgever/budget/wijzigen"),
}
MONEY_THAT_MOVES = ("bank-receipts", "overpaid-invoices/{invoice_id}/refund", "payout-account", "budget")
STATEMENT_FILES = ("overzicht.pdf", "overzicht.csv", "regels.csv")


def shown_before(who: Somebody, minutes: int) -> None:
    """Let the second factor have been shown so many minutes ago in every session of this account."""
    with Session(who.world.database.owner) as session:
        statement = update(WebSession).where(col(WebSession.membership_id) == who.actor.membership_id)
        session.execute(statement.values(proved_at=now() - timedelta(minutes=minutes)))
        session.commit()


@pytest.mark.parametrize(("role", "path"), sorted(ASKED))
def test_a_page_asks_again_and_leads_back(app: FastAPI, world: World, role: Role, path: str) -> None:
    who, tab = somebody(world, role), Tab(app)
    tab.sign_in(who)
    assert tab.get(path).status_code == 200
    shown_before(who, 31)
    asked = tab.get(f"{path}?month=2026-01")
    assert asked.status_code == 303
    assert asked.headers["location"].startswith("/account/tweede-stap?next=%2F")
    page = tab.get(asked.headers["location"])
    assert "nog een keer wie u bent" in page.text
    back = tab.type_code(who.code(), next=path)
    assert back.headers["location"] == path
    assert tab.get(path).status_code == 200


def test_an_act_has_twice_as_long_as_its_page(app: FastAPI, world: World) -> None:
    who, tab = somebody(world), Tab(app)
    tab.sign_in(who)
    shown_before(who, 20)
    assert tab.get("/arts/mandaten/nieuw").status_code == 303
    assert tab.send("/arts/mandaten", "/arts/mandaten/nieuw").status_code in (200, 422)
    shown_before(who, 31)
    sent = tab.send("/arts/mandaten", "/arts/mandaten/nieuw")
    assert sent.headers["location"].startswith("/account/tweede-stap")


def test_what_asks_is_asked_of_its_acts_too(app: FastAPI) -> None:
    """Where a page asks, the form that it holds asks as well: a form can be sent without its page."""
    asking: dict[str, set[str]] = {}
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and any(
            getattr(each.call, "fresh", False) for each in dependants(route.dependant)
        ):
            asking.setdefault(str(route.path), set()).update(route.methods or ())
    assert {"GET", "POST"} <= asking["/arts/mandaten/nieuw"]
    assert {"GET", "POST"} <= asking["/secretariaat/doorbelasten/controleren/{rehearsal_id}"]
    assert "GET" in asking["/toezicht/logboek.csv"]
    crediting = "/secretariaat/verstuurd/{invoice_id}/crediteren"
    bearing = "/secretariaat/doorbelasten/dragen/{release_id}"
    forms = ("/secretariaat/instellingen", "/arts/noodtoegang/nieuw", "/secretariaat/ontvangen/bank")
    for page in (crediting, bearing, *forms, "/werkgever/budget/wijzigen", "/provider/uitbetalingen/aanmelden"):
        assert {"GET", "POST"} <= asking[page]
    assert "POST" in asking["/secretariaat/ontvangen/terugbetalen/{invoice_id}"]
    for call in ("credit-notes", "charge-runs/borne", "emergencies", "payout-runs", *MONEY_THAT_MOVES):
        assert "POST" in asking[f"/api/v1/{call}"]
    for name in ("statement.pdf", "statement.csv", "invoice-lines.csv"):
        assert "GET" in asking[f"/api/v1/{name}"]
    assert {path for path in asking if path.rpartition("/")[2] in STATEMENT_FILES} == {
        f"{place}/{name}"
        for place in (
            "/werkgever/rekeningoverzicht",
            "/verzekeraar/rekeningoverzicht",
            "/secretariaat/boeken/relaties/{buyer_id}",
        )
        for name in STATEMENT_FILES
        if name != "regels.csv" or "{" not in place
    }
    assert "PUT" in asking["/api/v1/money-settings"]
    assert "GET" in asking["/api/v1/ledger/auditfile.xaf"]
    assert "POST" in asking["/api/v1/mandates"]
    assert "POST" in asking["/api/v1/charge-runs"]
    assert {path for path in asking if path.startswith("/account")} == {
        "/account/beveiliging/aanbieder",
        "/account/beveiliging/aanbieder/{link_id}/weg",
        "/account/beveiliging/manier/{factor_id}/weg",
        "/account/beveiliging/herstelcodes",
        "/account/mensen",
        "/account/tokens",
        "/account/wachtwoord",
    }
