"""Signing in through the identity provider of an arbodienst: linked by the owner first, and then a way in (R69)."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import text, update
from sqlmodel import Session, col, select

from core.clock import now, standing_at
from core.database import Database
from identity.guard import COOKIE
from identity.roles import Role
from identity.tables import Account, AuditEvent, Membership
from portal.account.provider_sign_in import KNOWN, UNDERWAY
from portal.homes import home_of
from tests.identity.accounts import Somebody, Tab, somebody
from tests.identity.providers import CONFIRM, Elsewhere, House, application, asked, elsewhere, link
from tests.world import World

SECOND = "/account/tweede-stap"


@pytest.fixture(scope="module")
def there() -> Iterator[Elsewhere]:
    with elsewhere() as found:
        yield found


@pytest.fixture
def who(world: World) -> Somebody:
    return somebody(world)


@pytest.fixture
def subject() -> str:
    return f"{uuid4().hex}@arbo.test"


@pytest.fixture(scope="module")
def app(database: Database, there: Elsewhere) -> FastAPI:
    return application(database, there.issuer)


@pytest.fixture
def house(app: FastAPI, who: Somebody, there: Elsewhere) -> House:
    return House(app, who.actor, there.issuer)


@pytest.fixture
def linked(house: House, who: Somebody, there: Elsewhere, subject: str) -> House:
    """The house, in which `who` is linked to `subject`."""
    tab = Tab(house.app)
    tab.sign_in(who)
    assert link(tab, house, there, subject).headers["location"] == "/account/beveiliging"
    return house


def tags(who: Somebody) -> list[str]:
    with Session(who.world.database.owner) as session:
        events = select(AuditEvent.tag).where(AuditEvent.account_id == who.actor.account)
        return list(session.exec(events.order_by(col(AuditEvent.seq))))


def test_the_whole_way_in(linked: House, who: Somebody, there: Elsewhere, subject: str) -> None:
    """R69."""
    tab = Tab(linked.app)
    assert f"{linked.way}?next=" in tab.get("/account/sign-in").text
    address = linked.leave(tab, "?next=/arts/dossiers")
    asks = asked(address)
    assert address.startswith(f"{there.issuer}/oauth2/authorize?")
    assert (asks["response_type"], asks["code_challenge_method"], len(asks["code_challenge"])) == ("code", "S256", 43)
    assert "secret" not in address
    back = tab.get(there.sign_in(address, subject))
    assert back.headers["location"] == f"{SECOND}?next=%2Farts%2Fdossiers"
    assert tab.get("/").headers["location"].startswith("/account/sign-in"), "the second factor is still asked for"
    before = tab.client.cookies[COOKIE]
    assert tab.type_code(who.code(), next="/arts/dossiers").headers["location"] == "/arts/dossiers"
    assert tab.client.cookies[COOKIE] != before
    assert tab.get("/").headers["location"] == home_of(Role.PHYSICIAN)
    assert tags(who)[-2:] == ["identity:session:recognised", "identity:session:open"]


def test_its_owner_sees_the_link_and_is_told_of_it(linked: House, who: Somebody) -> None:
    tab = Tab(linked.app)
    tab.sign_in(who)
    page = tab.get("/account/beveiliging").text
    assert "Arbo Voorbeeld" in page
    assert f"{linked.way}?koppel=1" not in page
    assert "identity:provider:linked" in tags(who)
    told = text("SELECT happened FROM identity.owner_notice WHERE account_id = :account")
    with who.world.database.owner.connect() as connection:
        assert "provider_linked" in connection.execute(told, {"account": who.actor.account}).scalars().all()


def test_what_was_unlinked_opens_nothing(linked: House, who: Somebody, there: Elsewhere, subject: str) -> None:
    tab = Tab(linked.app)
    tab.sign_in(who)
    page = tab.get("/account/beveiliging").text
    way = page[: page.index('/weg"', page.index("/aanbieder/"))].rpartition('"')[2] + "/weg"
    assert tab.send("/account/beveiliging", way).status_code == 303
    assert "identity:provider:unlinked" in tags(who)
    other = Tab(linked.app)
    assert other.get(there.sign_in(linked.leave(other), subject)).status_code == 401
    assert link(tab, linked, there, subject).status_code == 303, "and may be linked again"


def test_nobody_gets_an_account_by_signing_in(house: House, there: Elsewhere, subject: str) -> None:
    tab = Tab(house.app)
    there.knows(subject, email=house.actor.email, email_verified=True)
    answer = tab.get(there.sign_in(house.leave(tab), subject))
    assert answer.status_code == 401
    assert "opent hier geen account" in answer.text
    assert COOKIE not in tab.client.cookies


@pytest.mark.parametrize("table", [Account, Membership])
def test_who_left_is_not_let_in(
    linked: House, who: Somebody, there: Elsewhere, subject: str, table: type[Account] | type[Membership]
) -> None:
    ends = (
        update(Account).where(col(Account.id) == who.actor.account).values(disabled_at=now())
        if table is Account
        else update(Membership).where(col(Membership.id) == who.actor.membership_id).values(ended_at=now())
    )
    with Session(who.world.database.owner) as session:
        session.execute(ends)
        session.commit()
    tab = Tab(linked.app)
    assert tab.get(there.sign_in(linked.leave(tab), subject)).status_code == 401
    assert COOKIE not in tab.client.cookies


def test_one_person_there_opens_one_account(linked: House, world: World, there: Elsewhere, subject: str) -> None:
    tab = Tab(linked.app)
    tab.sign_in(somebody(world, Role.SECRETARY))
    answer = link(tab, linked, there, subject)
    assert answer.status_code == 409
    assert "al gekoppeld" in answer.text


def test_linking_asks_for_a_fresh_factor_and_a_form(
    house: House, who: Somebody, there: Elsewhere, subject: str
) -> None:
    """R69: who sends the browser of another through a provider links nothing."""
    tab = Tab(house.app)
    tab.sign_in(who)
    assert tab.get(CONFIRM).headers["location"] == "/account/beveiliging", "nobody was recognised yet"
    tab.get(there.sign_in(house.leave(tab, "?koppel=1"), subject))
    assert subject in tab.get(CONFIRM).text
    assert tab.client.post(CONFIRM, data={"csrf_token": "x"}).status_code == 403, "a form of ours is needed"
    assert "identity:provider:linked" not in tags(who)
    with Session(who.world.database.owner) as session:
        session.execute(text("UPDATE identity.web_session SET proved_at = proved_at - interval '1 hour'"))
        session.commit()
    assert tab.get(CONFIRM).headers["location"].startswith(SECOND)


def test_a_way_back_works_once_and_in_its_own_browser(linked: House, there: Elsewhere, subject: str) -> None:
    tab, other = Tab(linked.app), Tab(linked.app)
    back = there.sign_in(linked.leave(tab), subject)
    kept = tab.client.cookies[UNDERWAY]
    assert other.get(back).status_code == 401
    linked.leave(other)
    assert other.get(back).status_code == 401, "it has a state, of another way"
    assert tab.get(back).headers["location"] == SECOND
    assert UNDERWAY not in tab.client.cookies
    tab.client.cookies.set(UNDERWAY, kept)
    again = tab.get(back)
    assert again.status_code == 401
    assert "verlopen of al gebruikt" in again.text


def test_a_code_that_was_used_or_of_another_is_worth_nothing(linked: House, there: Elsewhere, subject: str) -> None:
    """Also with a state that fits: the provider gives tokens once, and only to who holds the verifier (PKCE)."""
    tab, other = Tab(linked.app), Tab(linked.app)
    stolen = asked(there.sign_in(linked.leave(other), subject))["code"]
    state = asked(linked.leave(tab))["state"]
    assert tab.get(f"{linked.way}/terug?state={state}&code={stolen}").status_code == 401
    assert COOKIE not in tab.client.cookies


@pytest.mark.parametrize("query", ["", "?state=x&code=y", "?error=access_denied", "?code=" + "y" * 3_000])
def test_a_way_back_without_a_way_there(house: House, query: str) -> None:
    tab = Tab(house.app)
    assert tab.get(f"{house.way}/terug{query}").status_code == 401
    state = asked(house.leave(tab))["state"]
    wrong = query or "?code="
    assert tab.get(f"{house.way}/terug{wrong}&state={state}x").status_code == 401


def test_a_way_back_says_of_which_provider_it_is(linked: House, there: Elsewhere, subject: str) -> None:
    tab = Tab(linked.app)
    back = there.sign_in(linked.leave(tab), subject)
    assert tab.get(f"{back}&iss=https://another.test").status_code == 401
    assert tab.get(f"/account/aanbieder/{uuid4()}").status_code == 404


def test_a_way_back_is_open_for_ten_minutes(linked: House, there: Elsewhere, subject: str) -> None:
    tab = Tab(linked.app)
    with standing_at(now() - timedelta(minutes=11)):
        back = there.sign_in(linked.leave(tab), subject)
    assert tab.get(back).status_code == 401


@pytest.mark.parametrize(
    ("trusted", "amr", "ago", "enters"),
    [
        (True, ["pwd", "mfa"], 0, True),
        (True, ["hwk"], 0, True),
        (True, ["pwd"], 0, False),
        (True, "mfa", 0, False),
        (True, ["mfa"], 3_600, False),
        (False, ["mfa"], 0, False),
    ],
)
def test_the_second_factor_of_a_provider_counts_where_it_is_trusted_and_was_shown_now(
    app: FastAPI, who: Somebody, there: Elsewhere, subject: str,
    trusted: bool, amr: object, ago: int, enters: bool,
) -> None:  # fmt: skip
    """R69."""
    house = House(app, who.actor, there.issuer, trusted)
    there.knows(subject, amr=amr, auth_time=int(now().timestamp()) - ago)
    tab, other = Tab(house.app), Tab(house.app)
    tab.sign_in(who)
    link(tab, house, there, subject)
    address = house.leave(other)
    assert ("max_age" in asked(address)) is trusted
    answer = other.get(there.sign_in(address, subject))
    assert answer.headers["location"] == (home_of(Role.PHYSICIAN) if enters else SECOND)
    assert (other.get("/").headers["location"] == home_of(Role.PHYSICIAN)) is enters


def test_what_one_arbodienst_trusts_binds_no_other(
    app: FastAPI, who: Somebody, world: World, there: Elsewhere, subject: str
) -> None:
    """R69: an account with a role at another arbodienst shows our own second factor, and opens only the role here."""
    house = House(app, who.actor, there.issuer, trusted=True)
    there.knows(subject, amr=["mfa"], auth_time=int(now().timestamp()))
    tab, other = Tab(house.app), Tab(house.app)
    tab.sign_in(who)
    link(tab, house, there, subject)
    beyond = World(who.world.database)
    role = Membership(
        tenant_id=beyond.tenant_id,
        account_id=who.actor.account,
        organisation_id=beyond.tenant_id,
        role=Role.SECRETARY,
        created_at=now() - timedelta(days=9),
    )
    beyond.add(role)
    assert other.get(there.sign_in(house.leave(other), subject)).headers["location"] == SECOND
    other.type_code(who.code())
    assert other.get("/").headers["location"] == home_of(Role.PHYSICIAN)


def test_who_has_several_roles_chooses_one(linked: House, who: Somebody, there: Elsewhere, subject: str) -> None:
    more = Membership(
        tenant_id=who.actor.tenant_id,
        account_id=who.actor.account,
        organisation_id=who.actor.organisation_id,
        role=Role.SECRETARY,
    )
    who.world.add(more)
    tab = Tab(linked.app)
    assert tab.get("/account/rol").headers["location"].startswith("/account/sign-in")
    assert tab.get(there.sign_in(linked.leave(tab), subject)).headers["location"] == "/account/rol"
    assert tab.send("/account/rol", membership=str(uuid4())).status_code == 422
    kept = tab.client.cookies[KNOWN]
    assert tab.send("/account/rol", membership=str(more.id)).headers["location"] == SECOND
    tab.type_code(who.code())
    assert tab.get("/").headers["location"] == home_of(Role.SECRETARY)
    tab.client.cookies.set(KNOWN, kept)
    assert tab.send("/account/rol", membership=str(more.id)).status_code == 401, "once"


def test_a_provider_that_is_down_leaves_the_password(app: FastAPI, who: Somebody) -> None:
    house = House(app, who.actor, "http://127.0.0.1:9")
    tab = Tab(house.app)
    answer = tab.get(house.way)
    assert answer.status_code == 503
    assert 'name="password"' in answer.text
    assert tab.sign_in(who).status_code == 303
