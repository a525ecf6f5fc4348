"""No canary comes out of any open door (R18, R43, R58): every route is walked, so a new one is covered by itself."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from httpx2 import Response

from core.database import Database
from identity.roles import Role
from tests.wall.places import Place, files, index, mail, overhearing, rows
from tests.wall.planted import ACCOUNTS, ANSWERED, ASKED, CLINICAL, GOAL, OPEN_ROLES, RETURNED, Planted
from tests.wall.walk import TAXONOMY, Call, Visitor, calls, looked_through
from tests.wall.written import Needles

pytestmark = pytest.mark.timeout(900)

FEWEST_ANSWERED = {
    Role.EMPLOYER: 25,
    Role.INSURER: 20,
    Role.CASE_MANAGER: 25,
    Role.NETWORK_MANAGER: 20,
    Role.AUDITOR: 10,
}
"""From at least so many routes each role gets something; fewer, and the walk has lost its way."""

FEWEST_ROUTES, FEWEST_CANARIES, FEWEST_PLACES = 500, 55, 90
Tell = Callable[[str, object], None]
NOWHERE = "00000000-0000-4000-8000-000000000000"
ONE_ANSWER = (Role.EMPLOYER, Role.INSURER)
"""To them what is not theirs and what is not there are the same (R70)."""


def walked(visitor: Visitor, app: FastAPI, planted: Planted, role: Role) -> list[tuple[Call, Response]]:
    every = calls(app, planted.ids, role)
    return [(c, visitor.ask(c)) for c in every if c.url not in TAXONOMY and c.url != "/account/sign-out"]


@pytest.mark.parametrize("role", OPEN_ROLES)
def test_no_canary_leaves(app: FastAPI, planted: Planted, role: Role, record_property: Tell) -> None:
    """R18, R43, R58, R70."""
    visitor = Visitor(app, planted.stage.actors[ACCOUNTS[role]])
    answers, needles = walked(visitor, app, planted, role), Needles(planted.needles[role])
    leaks = {call: seen for call, answer in answers if (seen := looked_through(answer, needles, call.url))}
    assert leaks == {}
    assert [(call, answer.status_code) for call, answer in answers if answer.status_code >= 500] == []
    routes = {(call.method, call.route) for call, _answer in answers}
    answered = {(call.method, call.route) for call, answer in answers if answer.status_code == 200}
    tell = f"{role}: {len(answers)} addresses of {len(routes)} routes, {len(answered)} with an answer"
    record_property("searched", f"{tell}, for {len(needles.words)} words")
    assert len(routes) >= FEWEST_ROUTES
    assert len(answered) >= FEWEST_ANSWERED[role]
    if role in ONE_ANSWER:
        assert_one_answer(visitor, planted, answers)


def assert_one_answer(visitor: Visitor, planted: Planted, answers: list[tuple[Call, Response]]) -> None:
    """What is not his and what is not there are one answer, whatever is asked for."""
    nobody_s: dict[str, Response] = {}
    for call, answer in answers:
        if (
            call.method != "GET"
            or not call.url.startswith("/api/")
            or answer.status_code == 200
            or "{" not in call.route
        ):
            continue
        value = next((str(each) for each in planted.ids if str(each) in call.url), None)
        if value is None:
            continue
        strange = call.url.replace(value, NOWHERE)
        nobody_s.setdefault(strange, visitor.ask(Call("GET", strange)))
        expected = nobody_s[strange]
        assert (answer.status_code, answer.content) == (expected.status_code, expected.content), call
        assert answer.status_code == 404


def test_the_search_would_find_a_canary(app: FastAPI, planted: Planted) -> None:
    physician, seen = Visitor(app, planted.stage.actors["ba"]), set()
    needles = Needles(planted.needles[Role.EMPLOYER])
    for call in calls(app, planted.talked, Role.PHYSICIAN):
        if call.method == "GET" and call.route in (
            "/api/v1/referrals/{referral_id}",
            "/arts/verwijzingen/{referral_id}",
        ):
            seen |= looked_through(physician.ask(call), needles, call.url)
    assert {CLINICAL, ASKED, ANSWERED, RETURNED} <= seen


def test_no_canary_lies_anywhere_else(
    app: FastAPI, database: Database, planted: Planted, record_property: Tell
) -> None:
    """R18, R43: tables of other rooms with jobs and events, mail, files, the index, log, traces and metrics."""
    words = Needles(word for word in planted.needles[Role.NETWORK_MANAGER] if "anarie" in word)
    with overhearing() as heard:
        mail(database)
        for name in ("ba", "psycholoog", "secretariaat", "werkgever"):
            _go_wrong(Visitor(app, planted.stage.actors[name]), planted)
    places: list[Place] = [*rows(database), *files(database), *index(database), *heard.places()]
    assert {name: seen for name, lying in places if (seen := words.found([lying]))} == {}
    kinds = {name.partition(" ")[0] for name, lying in places if lying}
    assert kinds >= {"table", "file", "documents", "log", "traces", "metrics"}
    planted_in = f"{len(words.words)} canaries in {len(planted.columns)} columns, {len(planted.ways)} fields of ways in"
    record_property("searched", f"{planted_in}; {len(places)} places beside the answers")
    assert len(words.words) >= FEWEST_CANARIES
    assert len(places) >= FEWEST_PLACES


def _go_wrong(visitor: Visitor, planted: Planted) -> None:
    """Ask for what is there, what is not, and what makes the app stumble over a canary."""
    for word in (GOAL, CLINICAL):
        visitor.client.get(f"/api/v1/referrals/{planted.talked[0]}", headers=visitor.token, params={"q": word})
        visitor.client.get(f"/api/v1/{word}", headers=visitor.token | {"X-Said": word})
        visitor.client.post("/api/v1/referrals", headers=visitor.token, json={"goal": word, "units": word})
        visitor.client.post("/api/v1/provider-invoices", headers=visitor.token, content=word.encode())
        visitor.client.get(f"/arts/verwijzingen/{word}?q={word}")
