"""Every answer of every route, to everybody: nothing is kept, nothing is framed, nothing of others runs."""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from application import build
from core.database import Database
from core.headers import GuardedCookies, origin_of, stays_within
from identity.guard import public
from identity.roles import Role
from tests.wall.walk import Call, Visitor, calls
from tests.web.conftest import PEOPLE, own_calls
from tests.web.test_redirects import EVIL

pytestmark = pytest.mark.timeout(300)

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
FEWEST = 8
TARGETS = ("next", "back", "url", "van", "return", "to")


def faults(answer: Response) -> list[str]:
    """Return what is missing from the headers of an answer."""
    headers = answer.headers
    found = [name for name, value in EVERYWHERE.items() if headers.get(name) != value]
    policy = dict(rule.strip().partition(" ")[::2] for rule in headers.get("content-security-policy", "").split(";"))
    if policy.get("default-src") != "'none'" or policy.get("frame-ancestors") != "'none'":
        found.append("content-security-policy")
    if any(word in headers.get("content-security-policy", "") for word in ("unsafe", "*", "http:", "blob:")):
        found.append("content-security-policy is loose")
    if answer.headers.get("content-type", "").startswith("text/html"):
        found += [] if policy.get("base-uri") == "'none'" and policy.get("form-action") else ["base-uri"]
        found += [] if "camera=()" in headers.get("permissions-policy", "") else ["permissions-policy"]
        found += [] if headers.get("cross-origin-embedder-policy") == "require-corp" else ["embedder"]
    else:
        found += [] if "charset" in headers.get("content-type", "charset") or not _is_text(answer) else ["charset"]
    return found + [name for name in ("server", "x-powered-by") if name in headers]


def _is_text(answer: Response) -> bool:
    return answer.headers["content-type"].startswith("text/") and bool(answer.content)


@pytest.mark.parametrize("role", PEOPLE)
def test_every_route_of_every_role(app: FastAPI, visitor: Callable[[Role], Visitor], role: Role) -> None:
    """What is asked names other sites wherever a target could stand: no answer leads to one."""
    somebody = visitor(role)
    token = somebody.form_token()
    asked = list(own_calls(app, role))
    wrong, kinds = {}, set()
    for call in asked:
        answer = ask_for_elsewhere(somebody, call, token)
        kinds.add((answer.headers.get("content-type", "").partition(";")[0], answer.status_code // 100))
        found = faults(answer)
        target = answer.headers.get("location", "/")
        if not stays_within(target) and origin_of(target) != app.state.settings.base_url:
            found.append(f"leads to {target}")
        if answer.status_code >= 500:
            found.append(f"status {answer.status_code}")
        if found:
            wrong[call] = found
    assert wrong == {}
    assert len(asked) >= FEWEST
    assert {("text/html", 2), ("application/json", 2)} <= kinds


def ask_for_elsewhere(somebody: Visitor, call: Call, token: str) -> Response:
    """Ask a route as its caller does, with another site in every field that could be a target."""
    evil = EVIL[len(call.url) % len(EVIL)]
    given = dict.fromkeys(TARGETS, evil)
    if call.url.startswith("/api/"):
        return somebody.ask(call)
    if call.method == "GET":
        return somebody.client.get(f"{call.url}?{urlencode(given)}", headers={"referer": f"https://x.y{evil}"})
    return somebody.client.post(call.url, data=given | {"csrf_token": token}, headers={"referer": evil})


def test_every_route_to_nobody(app: FastAPI) -> None:
    client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
    asked = {call.url: call.method for call in calls(app, (uuid4(),), Role.SYSTEM)}
    assert len(asked) > 300
    wrong = {url: found for url, method in asked.items() if (found := faults(client.request(method, url)))}
    assert wrong == {}


def test_a_mistake_of_ours_too(database: Database) -> None:
    def broken() -> None:
        raise RuntimeError("not said to anybody")

    app = build(database.settings, database)
    app.add_api_route("/broken", public(broken))
    answer = TestClient(app, raise_server_exceptions=False).get("/broken")
    assert answer.status_code == 500
    assert faults(answer) == []
    assert "not said" not in answer.text


def test_over_tls_it_stays_so_and_cookies_keep_to_this_host(database: Database) -> None:
    settings = database.settings.model_copy(update={"public_url": "https://portal.example.nl"})
    client = TestClient(build(settings, database), base_url="https://portal.example.nl", follow_redirects=False)
    page = client.get("/account/sign-in")
    assert page.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    set_by_us = page.headers.get_list("set-cookie")
    assert set_by_us
    assert all(each.startswith("__Host-") and "; Secure" in each and "Domain" not in each for each in set_by_us)
    assert all("HttpOnly" in each and "Path=/" in each for each in set_by_us)
    # A cookie that a neighbour could have set is none of ours: the form is bound to the one with the prefix.
    assert client.cookies["__Host-bezoeker"]
    assert "strict-transport-security" not in TestClient(build(database.settings, database)).get("/healthz").headers


def test_a_cookie_without_its_prefix_counts_for_nothing() -> None:
    cookies = GuardedCookies(app=None)  # type: ignore[arg-type]
    assert cookies._in(b"a=1; __Host-b=2;c=3; __Host-d=4") == b"b=2; d=4"
    assert cookies._out(b"b=2; HttpOnly; Path=/; SameSite=lax") == b"__Host-b=2; HttpOnly; Path=/; SameSite=lax; Secure"


def test_leaving_takes_what_the_browser_holds(visitor: Callable[[Role], Visitor]) -> None:
    somebody = visitor(Role.PHYSICIAN)
    answer = somebody.client.post("/account/sign-out", data={"csrf_token": somebody.form_token()})
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert somebody.client.get("/account/beveiliging").status_code == 303


def test_static_files_alone_may_be_kept(app: FastAPI) -> None:
    answer = TestClient(app).get("/static/base.css")
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
