"""Tokens: made in the portal for some ends and some time, seen once, and revoked."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from core.database import Door
from identity.roles import Role
from identity.sign_in import issue_token
from identity.tables import ApiToken
from tests.identity.accounts import Somebody, Tab, somebody
from tests.world import World

PAGE = "/account/tokens"
SECRET = re.compile(r'aria-label="Token"\s+value="([^"]+)"')
MANDATE = {"account_email": "nobody@example.test"}


@pytest.fixture
def who(world: World) -> Somebody:
    return somebody(world)


@pytest.fixture
def tab(app: FastAPI, who: Somebody) -> Tab:
    signed_in = Tab(app)
    signed_in.sign_in(who)
    return signed_in


def make(tab: Tab, *scopes: str, days: str = "30") -> str:
    token = re.search(r'name="csrf_token" value="([^"]+)"', tab.get(PAGE).text)
    assert token is not None
    fields = {"csrf_token": token[1], "name": "Koppeling", "scopes": list(scopes), "days": days}
    page = tab.client.post(PAGE, data=fields)
    found = SECRET.search(page.text)
    assert found is not None, page.status_code
    return found[1]


def status(app: FastAPI, token: str, method: str, path: str, **json: str) -> int:
    client = TestClient(app, headers={"authorization": f"Bearer {token}"})
    return client.request(method, f"/api/v1{path}", json=json if method != "GET" else None).status_code


def test_a_token_does_what_it_was_made_for_and_no_more(app: FastAPI, tab: Tab) -> None:
    reads, acts, reaches = make(tab, "read"), make(tab, "read", "act"), make(tab, "read", "act", "far_reach")
    assert {status(app, token, "GET", "/me") for token in (reads, acts, reaches)} == {200}
    assert status(app, reads, "POST", "/calendar") == 403
    assert status(app, acts, "POST", "/calendar") == 201
    assert status(app, acts, "POST", "/mandates", **MANDATE) == 403
    assert status(app, reaches, "POST", "/mandates", **MANDATE) == 422
    blind = make(tab, "act")
    assert status(app, blind, "GET", "/me") == 403


@pytest.mark.parametrize(
    ("method", "path", "done"),
    [("POST", "/payout-runs", 201), ("GET", "/ledger/entries.csv", 200), ("GET", "/ledger/invoices.csv", 200)],
)
def test_what_asks_for_the_second_factor_asks_a_token_for_far_reach(
    app: FastAPI, world: World, method: str, path: str, done: int
) -> None:
    """R69: as on the pages for the same acts."""
    tab = Tab(app)
    tab.sign_in(somebody(world, Role.SECRETARY))
    acts, reaches = make(tab, "read", "act"), make(tab, "read", "act", "far_reach")
    assert (status(app, acts, method, path), status(app, reaches, method, path)) == (403, done)


def test_it_is_listed_without_its_secret_and_revoked(app: FastAPI, tab: Tab, who: Somebody) -> None:
    token = make(tab, "read")
    assert status(app, token, "GET", "/me") == 200
    page = tab.get(PAGE).text
    assert "Koppeling" in page
    assert token not in page
    (token_id,) = re.findall(r"tokens/([0-9a-f-]{36})/intrekken", page)
    with Session(who.world.database.owner) as session:
        kept = session.exec(select(ApiToken).where(ApiToken.membership_id == who.actor.membership_id)).one()
        assert kept.last_used_at is not None
        assert token.encode() not in kept.token_hash
    other = Tab(app)
    other.sign_in(somebody(who.world))
    assert other.send(PAGE, f"{PAGE}/{token_id}/intrekken").status_code == 404
    assert status(app, token, "GET", "/me") == 200
    assert tab.send(PAGE, f"{PAGE}/{token_id}/intrekken").status_code == 303
    assert status(app, token, "GET", "/me") == 401
    assert tab.send(PAGE, f"{PAGE}/{token_id}/intrekken").status_code == 404


UNFIT: tuple[dict[str, str], ...] = (
    {"scopes": "read", "days": "366"},
    {"scopes": "read", "days": "91"},
    {"scopes": "all", "days": "5"},
    {"days": "5"},
)


@pytest.mark.parametrize("fields", UNFIT)
def test_it_is_for_something_and_not_for_ever(tab: Tab, fields: dict[str, str]) -> None:
    assert tab.send(PAGE, name="Koppeling", **fields).status_code == 422


def test_a_token_makes_no_token_and_opens_no_page_of_the_account(app: FastAPI, tab: Tab) -> None:
    token = make(tab, "read", "act", "far_reach")
    client = TestClient(app, headers={"authorization": f"Bearer {token}"}, follow_redirects=False)
    for path in (PAGE, "/account/beveiliging"):
        assert client.get(path).headers["location"].startswith("/account/sign-in"), path


def test_a_token_of_the_command_line_does_all_that_its_role_may(app: FastAPI, world: World) -> None:
    who = somebody(world, Role.PHYSICIAN)
    with world.database.transaction(Door.IDENTITY) as session:
        token = issue_token(session, who.actor.email, None, world.database.settings)
    assert status(app, token, "GET", "/me") == 200
    assert status(app, token, "POST", "/mandates", **MANDATE) == 422
    page = Tab(app)
    page.sign_in(who)
    assert "Gemaakt op de opdrachtregel" in page.get(PAGE).text
