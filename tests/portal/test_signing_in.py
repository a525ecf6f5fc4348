"""Signing in to the portal: a password is not enough, for nobody (R69)."""

import re
from datetime import timedelta

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlmodel import Session, col, select

from core.clock import now
from identity.guard import COOKIE
from identity.roles import Role
from identity.tables import AuditEvent, WebSession
from portal.homes import home_of
from tests.identity.accounts import PASSWORD, Somebody, Tab, somebody
from tests.world import World

SECRET = re.compile(r'class="secret">([A-Z2-7 ]+)<')
RECOVERY = re.compile(r"<li>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){5})</li>")


@pytest.fixture
def who(world: World) -> Somebody:
    return somebody(world)


@pytest.fixture
def tab(app: FastAPI) -> Tab:
    return Tab(app)


def tags(who: Somebody) -> list[tuple[str, str | None]]:
    with Session(who.world.database.owner) as session:
        of_account = select(AuditEvent).where(AuditEvent.account_id == who.actor.account)
        rows = session.exec(of_account.order_by(col(AuditEvent.seq)))
        return [(row.tag, row.reason) for row in rows if row.tag.startswith("identity:")]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM, Role.DELEGATE}))
def test_a_password_alone_opens_nothing(app: FastAPI, world: World, role: Role) -> None:
    """R69."""
    who, tab = somebody(world, role), Tab(app)
    assert who.secret
    answer = tab.type_password(who)
    assert answer.headers["location"].startswith("/account/tweede-stap")
    for page in ("/", home_of(role), "/account/beveiliging"):
        assert tab.get(page).headers["location"].startswith("/account/sign-in"), page
    assert tab.type_code(who.code()).headers["location"] == home_of(role)
    assert tab.get("/").headers["location"] == home_of(role)


def test_who_has_no_second_factor_chooses_one_before_anything_else(tab: Tab, who: Somebody) -> None:
    """R69."""
    tab.type_password(who, next="/arts/dossiers")
    assert (
        tab.get("/account/tweede-stap?next=/arts/dossiers").headers["location"]
        == "/account/instellen?next=%2Farts%2Fdossiers"
    )
    page = tab.get("/account/instellen?next=/arts/dossiers").text
    found = SECRET.search(page)
    assert found is not None
    app = pyotp.TOTP(found[1].replace(" ", ""))
    wrong = tab.send("/account/instellen", "/account/instellen/app", code="000000", name="Telefoon")
    assert wrong.status_code == 422
    assert SECRET.search(wrong.text) is not None
    assert tab.get("/").headers["location"].startswith("/account/sign-in")
    before = tab.client.cookies[COOKIE]
    added = tab.send(
        "/account/instellen", "/account/instellen/app", code=app.at(now()), name="Telefoon", next="/arts/dossiers"
    )
    assert added.status_code == 200
    assert len(RECOVERY.findall(added.text)) == 8
    assert 'href="/arts/dossiers"' in added.text
    assert tab.client.cookies[COOKIE] != before
    assert tab.get("/arts/dossiers").status_code == 200
    assert "Telefoon" in tab.get("/account/beveiliging").text
    assert tags(who) == [("identity:factor:added", "totp"), ("identity:session:open", "totp")]


def test_nobody_adds_a_factor_to_an_account_with_the_password_alone(tab: Tab, who: Somebody) -> None:
    """R69."""
    assert who.secret
    tab.type_password(who)
    assert tab.get("/account/instellen").headers["location"].startswith("/account/tweede-stap")
    token = re.search(r'name="csrf_token" value="([^"]+)"', tab.get("/account/tweede-stap").text)
    assert token is not None
    for path in ("app", "passkey"):
        fields = {"csrf_token": token[1], "code": "123456", "name": "x", "credential": "{}"}
        assert tab.client.post(f"/account/instellen/{path}", data=fields).status_code == 303
    assert [tag for tag, _reason in tags(who)] == []


def test_a_recovery_code_lets_in_once(app: FastAPI, tab: Tab, who: Somebody) -> None:
    tab.sign_in(who)
    page = tab.send("/account/beveiliging", "/account/beveiliging/herstelcodes").text
    code = RECOVERY.findall(page)[0]
    other = Tab(app)
    other.type_password(who)
    assert other.type_code(code.lower()).headers["location"] == "/account/beveiliging"
    assert other.get("/arts").status_code == 200
    third = Tab(app)
    third.type_password(who)
    assert third.type_code(code).status_code == 401
    assert third.get("/").headers["location"].startswith("/account/sign-in")
    assert tags(who)[-2:] == [("identity:session:open", "recovery"), ("identity:session:refuse", None)]


def test_the_secret_of_a_session_changes_when_its_rights_rise(app: FastAPI, tab: Tab, who: Somebody) -> None:
    tab.type_password(who)
    before = tab.client.cookies[COOKIE]
    tab.type_code(who.code())
    assert tab.client.cookies[COOKIE] != before
    old = TestClient(app, headers=dict(tab.client.headers), cookies={COOKIE: before}, follow_redirects=False)
    assert old.get("/").headers["location"].startswith("/account/sign-in")
    during = tab.client.cookies[COOKIE]
    assert tab.type_code(who.code(1)).status_code == 303
    assert tab.client.cookies[COOKIE] != during
    old = TestClient(app, headers=dict(tab.client.headers), cookies={COOKIE: during}, follow_redirects=False)
    assert old.get("/").headers["location"].startswith("/account/sign-in")


def test_the_answer_does_not_tell_who_exists(app: FastAPI, who: Somebody) -> None:
    known, unknown = Tab(app), Tab(app)
    wrong = known.type_password(who, "dit is het verkeerde wachtwoord")
    nobody = unknown.send("/account/sign-in", email="nobody@example.test", password=PASSWORD)
    assert wrong.status_code == nobody.status_code == 401
    told = [re.sub(r'value="[^"]*"', "", page.text) for page in (wrong, nobody)]
    assert told[0] == told[1]


def test_a_session_stays_in_its_kind_of_browser(app: FastAPI, tab: Tab, who: Somebody) -> None:
    tab.sign_in(who)
    newer = "Mozilla/5.0 (X11; Linux x86_64) Firefox/151.0"
    for browser, lets_in in ((newer, True), ("curl/8.9", False)):
        client = TestClient(
            app, headers={"user-agent": browser}, cookies={COOKIE: tab.client.cookies[COOKIE]}, follow_redirects=False
        )
        assert (client.get("/arts").status_code == 200) is lets_in, browser


def test_factors_are_renamed_and_all_but_the_last_removed(tab: Tab, who: Somebody) -> None:
    tab.sign_in(who)
    page = tab.get("/account/beveiliging").text
    first = re.findall(r"manier/([0-9a-f-]{36})/naam", page)[0]
    assert f"manier/{first}/weg" not in page
    renamed = tab.send("/account/beveiliging", f"/account/beveiliging/manier/{first}/naam", name="Oude telefoon")
    assert renamed.status_code == 303
    assert tab.send("/account/beveiliging", f"/account/beveiliging/manier/{first}/weg").status_code == 409
    offered = SECRET.search(tab.get("/account/instellen").text)
    assert offered is not None
    code = pyotp.TOTP(offered[1].replace(" ", "")).at(now())
    added = tab.send("/account/instellen", "/account/instellen/app", code=code, name="Nieuwe telefoon")
    assert added.headers["location"] == "/account/beveiliging"
    assert tab.send("/account/beveiliging", f"/account/beveiliging/manier/{first}/weg").status_code == 303
    page = tab.get("/account/beveiliging").text
    assert "Nieuwe telefoon" in page
    assert "Oude telefoon" not in page


def test_own_sessions_are_listed_and_ended(app: FastAPI, who: Somebody) -> None:
    here, there, elsewhere = Tab(app), Tab(app, "Mozilla/5.0 (iPhone) Safari/605"), Tab(app)
    for tab in (here, there, elsewhere):
        tab.sign_in(who)
    page = here.get("/account/beveiliging").text
    assert "Safari, iPhone" in page
    ids = re.findall(r"sessie/([0-9a-f-]{36})/einde", page)
    assert len(ids) == 2
    assert here.send("/account/beveiliging", f"/account/beveiliging/sessie/{ids[0]}/einde").status_code == 303
    assert [tab.get("/").headers["location"] for tab in (there, elsewhere)].count(home_of(Role.PHYSICIAN)) == 1
    here.send("/account/beveiliging", "/account/beveiliging/sessies/einde")
    assert all(tab.get("/").headers["location"].startswith("/account/sign-in") for tab in (there, elsewhere))
    assert here.get("/").headers["location"] == home_of(Role.PHYSICIAN)
    stranger = Tab(app)
    other = somebody(who.world)
    stranger.sign_in(other)
    mine = re.findall(r"sessie/([0-9a-f-]{36})/einde", there.get("/account/beveiliging").text)
    assert mine == []
    assert stranger.send("/account/beveiliging", f"/account/beveiliging/sessie/{ids[1]}/einde").status_code == 404


def test_a_password_is_changed_by_who_knows_it_and_ends_other_sessions(app: FastAPI, tab: Tab, who: Somebody) -> None:
    other, page, new = Tab(app), "/account/wachtwoord", "drie zwanen op een natte trap"
    other.sign_in(who)
    tab.sign_in(who)
    assert tab.send(page, old="dit is het niet", new=new).status_code == 422
    weak = tab.send(page, old=PASSWORD, new="Providerboog2026")
    assert weak.status_code == 422
    assert "te makkelijk te raden" in weak.text
    assert PASSWORD not in weak.text
    assert other.get("/arts").status_code == 200
    assert tab.send(page, old=PASSWORD, new=new).status_code == 303
    assert tab.get("/arts").status_code == 200
    assert other.get("/arts").headers["location"].startswith("/account/sign-in")
    assert Tab(app).type_password(who).status_code == 401
    assert Tab(app).type_password(who, new).status_code == 303
    assert ("identity:password:changed", None) in tags(who)


def test_sessions_of_the_medical_side_end_sooner(app: FastAPI, world: World) -> None:
    ends = {}
    for role in (Role.PHYSICIAN, Role.AUDITOR, Role.EMPLOYER):
        who = somebody(world, role)
        Tab(app).sign_in(who)
        with Session(world.database.owner) as session:
            held = session.exec(select(WebSession).where(WebSession.membership_id == who.actor.membership_id)).one()
            ends[role] = (held.idle_minutes, round((held.expires_at - now()).total_seconds() / 3600))
    assert ends == {Role.PHYSICIAN: (30, 10), Role.AUDITOR: (30, 10), Role.EMPLOYER: (60, 12)}


@pytest.mark.parametrize(
    "ended",
    [
        {"last_seen_at": -31},
        {"expires_at": 0},
        {"ended_at": 0},
        {"proved_at": None},
    ],
)
def test_a_session_that_has_ended_opens_nothing(tab: Tab, who: Somebody, ended: dict[str, int | None]) -> None:
    """R69."""
    tab.sign_in(who)
    assert tab.get("/arts").status_code == 200
    values = {name: None if ago is None else now() + timedelta(minutes=ago) for name, ago in ended.items()}
    with Session(who.world.database.owner) as session:
        mine = update(WebSession).where(col(WebSession.membership_id) == who.actor.membership_id)
        session.execute(mine.values(**values))
        session.commit()
    for page in ("/arts", "/account/beveiliging", "/"):
        assert tab.get(page).headers["location"].startswith("/account/sign-in"), page
