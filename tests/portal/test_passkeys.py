"""Passkeys in headless Chromium, with an authenticator that the browser plays itself (R69)."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from socket import create_server, socket

import pyotp
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, CDPSession, Page
from sqlmodel import Session, select

from application import build
from core.clock import now
from core.database import Database, Door
from identity.passkeys import place_of, request_options, use_passkey
from identity.second_factor_tables import FactorKind, SecondFactor
from identity.visits import begin_visit, visit_of
from tests.identity.accounts import PASSWORD, Somebody, somebody
from tests.portal.test_shell_browser import faults, fits
from tests.world import World

pytestmark = pytest.mark.journey
WIDTHS = (390, 1280)


@contextmanager
def listening(app: FastAPI, sockets: list[socket]) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def address(database: Database) -> Iterator[str]:
    """The whole app, under the name at which a browser makes passkeys on this machine."""
    with create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        settings = database.settings.model_copy(update={"port": port})
        with listening(build(settings, database), [listener]):
            yield place_of(settings).origin


@pytest.fixture
def who(world: World) -> Somebody:
    return somebody(world)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab, which fails the test when the browser complains, such as about the policy of a page."""
    complaints: list[str] = []
    opened = browser.new_page(viewport={"width": 1280, "height": 900}, locale="nl-NL")
    opened.set_default_timeout(20_000)
    opened.on("console", lambda said: complaints.append(said.text) if "policy" in said.text.lower() else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    opened.context.close()
    assert complaints == []


def authenticator(page: Page) -> tuple[CDPSession, str]:
    """Give the browser of a page an authenticator as telephones and computers have it inside."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def type_password(page: Page, address: str, who: Somebody) -> None:
    page.goto(f"{address}/account/sign-in")
    page.get_by_label("E-mailadres").fill(who.actor.email)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden").click()


def looks_right(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert faults(page) == []
        assert fits(page)


def make_passkey(page: Page, address: str, who: Somebody) -> None:
    type_password(page, address, who)
    page.get_by_role("heading", name="Kies hoe u bevestigt wie u bent").wait_for()
    looks_right(page)
    page.get_by_role("button", name="Maak een passkey").click()
    page.get_by_role("heading", name="Uw herstelcodes").wait_for()
    looks_right(page)
    page.get_by_role("link", name="Ik heb ze bewaard").click()
    page.wait_for_url("**/arts")


def kept(who: Somebody) -> SecondFactor:
    with Session(who.world.database.owner) as session:
        return session.exec(
            select(SecondFactor).where(
                SecondFactor.account_id == who.actor.account, SecondFactor.kind == FactorKind.PASSKEY
            )
        ).one()


def test_a_passkey_is_made_at_the_first_sign_in_and_opens_the_next(page: Page, address: str, who: Somebody) -> None:
    """R69."""
    authenticator(page)
    make_passkey(page, address, who)
    page.get_by_role("button", name="Uitloggen").click()
    type_password(page, address, who)
    page.get_by_role("heading", name="Bevestig dat u het bent").wait_for()
    looks_right(page)
    page.get_by_role("button", name="Gebruik uw passkey").click()
    page.wait_for_url("**/arts")
    page.goto(f"{address}/account/beveiliging")
    page.get_by_role("heading", name="Dit apparaat").wait_for()
    looks_right(page)
    assert kept(who).kind == FactorKind.PASSKEY
    assert kept(who).sign_count > 1


def test_a_passkey_of_another_or_a_copy_opens_nothing(page: Page, address: str, who: Somebody) -> None:
    """R69."""
    keys, authenticator_id = authenticator(page)
    make_passkey(page, address, who)
    page.get_by_role("button", name="Uitloggen").click()
    # A copy of the key counts on from where it was copied: the count that the server knows is ahead of it.
    (key,) = keys.send("WebAuthn.getCredentials", {"authenticatorId": authenticator_id})["credentials"]
    with Session(who.world.database.owner) as session:
        row = session.get_one(SecondFactor, kept(who).id)
        row.sign_count = 100
        session.commit()
    type_password(page, address, who)
    page.get_by_role("button", name="Gebruik uw passkey").click()
    page.get_by_text("Het lukte niet met deze passkey").first.wait_for()
    looks_right(page)
    assert key["credentialId"]
    page.goto(f"{address}/")
    assert "/account/sign-in" in page.url


def test_an_authenticator_that_says_no_leaves_the_other_way(page: Page, address: str, who: Somebody) -> None:
    keys, authenticator_id = authenticator(page)
    make_passkey(page, address, who)
    page.get_by_role("button", name="Uitloggen").click()
    keys.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator_id})
    keys.send("WebAuthn.disable")
    code = who.code()
    type_password(page, address, who)
    page.get_by_label("Code uit uw app").fill(code)
    page.get_by_role("button", name="Verder").click()
    page.wait_for_url("**/arts")


def test_without_scripts_an_app_does_it(browser: Browser, address: str, who: Somebody) -> None:
    """R69."""
    with browser.new_context(java_script_enabled=False, locale="nl-NL") as context:
        page = context.new_page()
        type_password(page, address, who)
        assert not page.get_by_role("button", name="Maak een passkey").is_visible()
        secret = page.locator(".secret").inner_text().replace(" ", "")
        page.get_by_label("Hoe noemt u deze app?").fill("Telefoon")
        page.get_by_label("Code uit de app").fill(_code(secret))
        page.get_by_role("button", name="Voeg de app toe").click()
        page.get_by_role("link", name="Ik heb ze bewaard").click()
        page.wait_for_url("**/arts")


def _code(secret: str) -> str:
    return pyotp.TOTP(secret).at(now())


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", '{"id": "AAAA", "rawId": "AAAA", "type": "public-key"}', "x" * 100]
)
def test_whatever_a_browser_sends_is_no_passkey(database: Database, who: Somebody, answer: str) -> None:
    with database.transaction(Door.IDENTITY) as session:
        assert who.actor.membership_id is not None
        visit = visit_of(session, begin_visit(session, who.actor.membership_id))
        assert visit is not None
        request_options(session, visit, database.settings)
        assert not use_passkey(session, visit, answer, database.settings)


@pytest.mark.parametrize(
    ("public_url", "domain", "origin"),
    [
        (None, "localhost", "http://localhost:8000"),
        ("https://portaal.example.test/", "portaal.example.test", "https://portaal.example.test"),
        ("https://portaal.example.test:8443", "portaal.example.test", "https://portaal.example.test:8443"),
    ],
)
def test_where_passkeys_work_follows_the_address_of_the_portal(
    database: Database, public_url: str | None, domain: str, origin: str
) -> None:
    place = place_of(database.settings.model_copy(update={"public_url": public_url}))
    assert (place.domain, place.origin) == (domain, origin)
