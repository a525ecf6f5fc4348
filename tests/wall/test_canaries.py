"""No canary comes out of any open door (R18, R43, R58): every route is walked, so a new one is covered by itself."""

import pytest
from fastapi import FastAPI

from identity.roles import Role
from tests.wall.planted import ACCOUNTS, ANSWERED, ASKED, CLINICAL, OPEN_ROLES, RETURNED, Planted
from tests.wall.walk import TAXONOMY, Call, Visitor, calls, found_in

pytestmark = pytest.mark.timeout(900)

FEWEST_ANSWERS = 4


@pytest.mark.parametrize("role", OPEN_ROLES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_canary_leaves(app: FastAPI, planted: Planted, role: Role, method: str) -> None:
    """R18, R43, R58."""
    visitor = Visitor(app, planted.stage.actors[ACCOUNTS[role]])
    leaks, answered, faults = {}, 0, []
    for call in calls(app, planted.ids, role):
        if (call.method == "GET") != (method == "GET") or call.url in TAXONOMY or call.url == "/account/sign-out":
            continue
        response = visitor.ask(call)
        answered += response.status_code == 200
        if response.status_code >= 500:
            faults.append((call, response.status_code))
        if found := found_in(response, planted.needles[role], call.url):
            leaks[call] = found
    assert leaks == {}
    assert faults == []
    assert answered >= FEWEST_ANSWERS or method == "POST"


def test_the_search_would_find_a_canary(app: FastAPI, planted: Planted) -> None:
    physician = Visitor(app, planted.stage.actors["ba"])
    seen = set()
    for call in calls(app, planted.ids, Role.PHYSICIAN):
        if call.method == "GET" and call.url.startswith(("/api/v1/referrals", "/arts/verwijzingen")):
            seen |= found_in(physician.ask(call), planted.needles[Role.EMPLOYER], call.url)
    assert {CLINICAL, ASKED, ANSWERED, RETURNED} <= seen


@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.INSURER])
def test_not_yours_and_not_there_are_one_answer(app: FastAPI, planted: Planted, role: Role) -> None:
    """R70."""
    visitor = Visitor(app, planted.stage.actors[ACCOUNTS[role]])
    nowhere = "00000000-0000-4000-8000-000000000000"
    for call in calls(app, planted.ids, role):
        if call.method != "GET" or not call.url.startswith("/api/") or str(call.url).count("-") < 4:
            continue
        response = visitor.ask(call)
        if response.status_code == 200:
            continue
        value = next(str(i) for i in planted.ids if str(i) in call.url)
        strange = visitor.ask(Call("GET", call.url.replace(value, nowhere)))
        assert (response.status_code, response.content) == (strange.status_code, strange.content), call
        assert response.status_code == 404
