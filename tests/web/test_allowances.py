"""What may be asked in a minute: counted for all processes, and nobody can use up what is another's."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from application import build
from core.database import Database, Door
from core.errors import TooMany
from identity.allowances import Allowances, Kind
from identity.counting import DEVICE
from identity.roles import Role
from identity.throttle import remember_device
from tests.wall.walk import Visitor
from tests.world import World

KEY = "the-key-of-these-tests"


@pytest.fixture
def strict(database: Database, world: World) -> Iterator[FastAPI]:
    """The application with a fiftieth of the usual limits: 24 for an account, 12 for a token, 5 at an address."""
    settings = database.settings.model_copy(update={"limit_factor": 0.02})
    yield build(settings, database)
    with database.owner.begin() as connection:
        connection.execute(text("TRUNCATE identity.allowance"))


def granted(allowances: Allowances, kind: Kind, whose: str, tries: int) -> int:
    """Return how many of so many tries are let through."""
    passed, waits = 0, []
    for _nth in range(tries):
        try:
            allowances.take(kind, whose)
            passed += 1
        except TooMany as refusal:
            waits.append(refusal.seconds)
    assert all(1 <= each <= 60 for each in waits)
    return passed


def test_two_processes_share_one_allowance(database: Database, world: World) -> None:
    one, other = (Allowances(lambda: database.counting, KEY) for _process in range(2))
    whose = str(world.tenant_id)
    assert granted(one, Kind.SEARCH, whose, 100) == 100
    assert granted(other, Kind.SEARCH, whose, 100) == 80
    assert granted(one, Kind.SEARCH, whose, 10) == 0
    assert granted(one, Kind.SEARCH, f"{whose} of another", 10) == 10
    assert granted(one, Kind.FILE, whose, 100) == Kind.FILE.most


def test_a_minute_later_there_is_room_again(database: Database, world: World) -> None:
    whose = str(world.tenant_id)
    assert granted(Allowances(lambda: database.counting, KEY), Kind.FILE, whose, 61) == 60
    with database.owner.begin() as connection:
        connection.execute(text("UPDATE identity.allowance SET began_at = began_at - interval '1 minute'"))
    assert granted(Allowances(lambda: database.counting, KEY), Kind.FILE, whose, 61) == 60


def test_most_requests_ask_nobody(database: Database, world: World) -> None:
    asked = 0

    def engine() -> object:
        nonlocal asked
        asked += 1
        return database.counting

    allowances = Allowances(engine, KEY)  # type: ignore[arg-type]
    assert granted(allowances, Kind.ACCOUNT, str(world.tenant_id), 600) == 600
    assert asked == 600 / Kind.ACCOUNT.at_a_time


def test_who_counts_keeps_nobody_from_his_work(database: Database) -> None:
    settings = database.settings.model_copy(update={"database_open_url": None})
    broken = Database(settings, "postgresql://nobody@127.0.0.1:9/nowhere")
    assert granted(Allowances(lambda: broken.counting, KEY), Kind.FILE, "x", 70) == 70
    broken.dispose()


def test_addresses_have_so_many_places_and_no_more(database: Database) -> None:
    allowances = Allowances(lambda: database.counting, KEY)
    places = {allowances._place(Kind.ADDRESS, f"192.0.2.{host}") for host in range(256)}
    assert {len(place) for place in places} == {len(b"address:") + 2}
    assert len(places) > 250


def test_an_account_is_refused_with_when_to_come_back(strict: FastAPI, world: World) -> None:
    somebody = Visitor(strict, world.actor(Role.PHYSICIAN))
    answers = [somebody.client.get("/api/v1/me", headers=somebody.token) for _nth in range(16)]
    assert [each.status_code for each in answers] == [200] * 12 + [429] * 4
    refused = answers[-1]
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["code"] == "too_many"
    assert refused.headers["content-type"] == "application/problem+json"
    pages = [somebody.client.get("/account/meldingen") for _nth in range(16)]
    assert [each.status_code for each in pages] == [200] * 12 + [429] * 4
    assert "Te veel" in pages[-1].text or "te veel" in pages[-1].text


def test_search_and_files_have_less(strict: FastAPI, world: World) -> None:
    somebody = Visitor(strict, world.actor(Role.PHYSICIAN))
    found = [somebody.client.get("/api/v1/offerings", headers=somebody.token).status_code for _nth in range(6)]
    assert found == [200] * 4 + [429] * 2


def test_a_neighbour_takes_nothing_from_who_is_signed_in(strict: FastAPI, world: World) -> None:
    stranger = TestClient(strict, raise_server_exceptions=False, follow_redirects=False)
    answers = [stranger.get("/account/sign-in").status_code for _nth in range(8)]
    assert answers == [200] * 5 + [429] * 3
    assert stranger.get("/api/v1/me").status_code == 429
    assert stranger.get("/api/v1/me", headers={"authorization": "Bearer guess"}).status_code == 429
    somebody = Visitor(strict, world.actor(Role.PHYSICIAN))
    assert somebody.client.get("/api/v1/me", headers=somebody.token).status_code == 200


def test_a_browser_that_is_known_may_still_sign_in(strict: FastAPI, database: Database, world: World) -> None:
    stranger = TestClient(strict, raise_server_exceptions=False)
    assert [stranger.get("/account/sign-in").status_code for _nth in range(8)][-1] == 429
    with database.transaction(Door.IDENTITY) as session:
        secret = remember_device(session, world.actor(Role.PHYSICIAN).account)
    known = TestClient(strict, cookies={DEVICE: secret})
    assert known.get("/account/sign-in").status_code == 200
    guessed = TestClient(strict, cookies={DEVICE: "guessed"})
    assert guessed.get("/account/sign-in").status_code == 429


def test_nobody_but_the_function_counts(database: Database, world: World) -> None:
    with database.counting.connect() as connection, pytest.raises(Exception, match="permission denied"):
        connection.execute(text("UPDATE identity.allowance SET taken = 0"))
