"""Every act of the portal is refused when another site sent the form, or when it lacks the token of the page."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from identity.roles import Role
from tests.wall.walk import Visitor
from tests.web.conftest import PEOPLE, own_calls

FOREIGN = {"origin": "https://elsewhere.example"}


TRIES: dict[str, dict[str, str]] = {
    "foreign": FOREIGN,
    "null": {"origin": "null"},
    "another port": {"origin": "http://testserver:8080"},
    "cross-site": {"sec-fetch-site": "cross-site"},
    "same-site": {"sec-fetch-site": "same-site"},
}


@pytest.mark.parametrize("role", PEOPLE)
def test_every_act_of_every_role(app: FastAPI, visitor: Callable[[Role], Visitor], role: Role) -> None:
    somebody = visitor(role)
    token = somebody.form_token()
    acts = [call for call in own_calls(app, role) if call.method != "GET" and not call.url.startswith("/api/")]
    assert acts or role is Role.AUDITOR
    passed = []
    for nth, call in enumerate(acts):
        name = sorted(TRIES)[nth % len(TRIES)]
        foreign = somebody.client.post(call.url, data={"csrf_token": token}, headers=TRIES[name])
        without = somebody.client.post(call.url, data={"csrf_token": ""}, headers={"origin": "http://testserver"})
        passed += [(call.url, name, each.status_code) for each in (foreign, without) if each.status_code != 403]
    assert passed == []


@pytest.mark.parametrize("name", TRIES)
def test_one_act_in_every_way(visitor: Callable[[Role], Visitor], name: str) -> None:
    somebody = visitor(Role.PHYSICIAN)
    data = {"csrf_token": somebody.form_token(), "language": "en", "next": "/arts"}
    assert somebody.client.post("/account/language", data=data, headers=TRIES[name]).status_code == 403


def test_the_token_of_another_is_worth_nothing(visitor: Callable[[Role], Visitor]) -> None:
    somebody, stranger = visitor(Role.PHYSICIAN), visitor(Role.PHYSICIAN)
    assert somebody.client.post("/account/language", data={"csrf_token": stranger.form_token()}).status_code == 403


def test_what_came_from_here_passes(app: FastAPI, visitor: Callable[[Role], Visitor]) -> None:
    somebody = visitor(Role.PHYSICIAN)
    data = {"csrf_token": somebody.form_token(), "language": "en", "next": "/arts"}
    headers = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    assert somebody.client.post("/account/language", data=data, headers=headers).status_code == 303


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/xml", ""])
def test_only_forms_are_read(visitor: Callable[[Role], Visitor], kind: str) -> None:
    somebody = visitor(Role.PHYSICIAN)
    answer = somebody.client.post("/account/language", content=b'{"language":"en"}', headers={"content-type": kind})
    assert answer.status_code == 415


def test_nothing_changes_by_reading(app: FastAPI) -> None:
    methods = {
        method
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute) and not str(route.path).startswith("/api/")
        for method in route.methods or ()
    }
    assert methods == {"GET", "POST"}


def test_the_api_takes_no_cookie(app: FastAPI, visitor: Callable[[Role], Visitor]) -> None:
    somebody = visitor(Role.PHYSICIAN)
    assert somebody.client.get("/api/v1/me").status_code == 401
    assert somebody.client.get("/api/v1/me", headers=somebody.token).status_code == 200
