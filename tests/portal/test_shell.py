"""The frame of every page: who, on which side of the wall, what the browser may do, and the pages of refusals."""

import re

import pytest
from jinja2 import UndefinedError
from starlette.requests import Request
from starlette.testclient import TestClient

from core.language import speaking
from identity.roles import CARE, Role
from portal.assets import HTMX, HTMX_NAME, STATIC, asset_url, script_urls
from portal.flash import COOKIE
from portal.page import TEMPLATES, Here, NavItem, environment, render
from portal.sides import Side, role_name, sees, side_of
from tests.portal.kitchen import PARTS, REFUSALS, actor, sink

PEOPLE = sorted(set(Role) - {Role.SYSTEM})


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(sink())


def bare_request(**state: object) -> Request:
    request = Request({"type": "http", "method": "GET", "path": "/x", "query_string": b"", "headers": []})
    for name, value in state.items():
        setattr(request.state, name, value)
    return request


def drawn(source: str, request: Request | None = None, **values: object) -> str:
    page = render(request or bare_request(), environment().from_string(source), status=200, **values)
    return bytes(page.body).decode()


@pytest.mark.parametrize("role", PEOPLE)
def test_everybody_sees_who_he_is_and_on_which_side(client: TestClient, role: Role) -> None:
    page = client.get(f"/{role}/worklist").text
    side, name = ("care", "Medische kant") if role in CARE else ("open", "Open kant")
    assert f'<body data-side="{side}">' in page
    assert name in page
    assert f"{role_name(role)}, Arbodienst Noorderlicht" in page
    assert sees(role) in page


def test_a_visitor_stands_before_the_door(client: TestClient) -> None:
    page = client.get("/visitor").text
    assert side_of(None) == Side.ACCOUNT
    assert '<body data-side="account">' in page
    assert "kant" not in page
    assert "Uitloggen" not in page


@pytest.mark.parametrize("part", PARTS)
def test_the_browser_may_run_and_load_nothing_but_ours(client: TestClient, part: str) -> None:
    """R73."""
    answer = client.get(f"/physician/{part}")
    policy = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:|https?://", answer.text)
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", answer.text))


@pytest.mark.parametrize("part", PARTS)
def test_every_name_in_a_page_is_used_once(client: TestClient, part: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', client.get(f"/physician/{part}").text)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("part", PARTS)
def test_every_form_that_posts_carries_the_token(client: TestClient, part: str) -> None:
    forms = re.findall(r'<form[^>]*method="post".*?</form>', client.get(f"/physician/{part}").text, re.S)
    assert len(forms) >= 2
    assert all('name="csrf_token" value="token-of-the-test"' in form for form in forms)


def test_where_one_is_in_the_menu() -> None:
    nav = (NavItem("Werklijst", "/", 1297, current=True), NavItem("Zoeken", "/zoek"), NavItem("Leeg", "/leeg", 0))
    page = drawn(
        '{% extends "base.html" %}{% block title %}x{% endblock %}', bare_request(actor=actor(Role.PHYSICIAN), nav=nav)
    )
    assert page.count('aria-current="page"') == 1
    assert "1.297<" in page
    assert page.count('class="count"') == 2


def test_what_people_type_is_never_markup() -> None:
    page = drawn(
        "{{ ui.notice(x) }}{{ ui.summary_list([(x, x)]) }}{{ ui.tag(x) }}{{ _('Hallo %(x)s', x=x) }}", x="<b>&"
    )
    assert "<b>" not in page
    assert page.count("&lt;b&gt;&amp;") == 5


def test_a_value_or_a_macro_that_is_missing_is_a_mistake_and_not_an_empty_place() -> None:
    for source in ("{{ nothing }}", "{{ ui.nothing() }}"):
        with pytest.raises(UndefinedError):
            drawn(source)


def test_the_language_of_the_person_is_the_language_of_the_page() -> None:
    source = '{% extends "base.html" %}{% block title %}x{% endblock %}'
    assert '<html lang="nl">' in drawn(source)
    with speaking("en"):
        page = drawn(source)
    assert '<html lang="en">' in page
    assert re.search(r'value="nl"\s+lang="nl"', page)


def test_a_message_survives_one_redirect_and_is_shown_once(client: TestClient) -> None:
    first = client.get("/done")
    assert first.history[0].status_code == 303
    assert "De verwijzing is verstuurd." in first.text
    assert COOKIE not in client.cookies
    assert "De verwijzing is verstuurd.</p>" not in client.get("/physician/search").text


@pytest.mark.parametrize("tampered", ["%%%", "AAA", "gICA", "x" * 5000])
def test_a_tampered_message_is_nothing(tampered: str) -> None:
    fresh = TestClient(sink(), cookies={COOKIE: tampered})
    assert fresh.get("/physician/search").status_code == 200


@pytest.mark.parametrize("status", REFUSALS)
def test_refusals_are_pages_in_plain_words(client: TestClient, status: int) -> None:
    answer = client.get(f"/refused/{status}")
    assert answer.status_code == status
    assert len(re.findall(r"<h1>[^<]+</h1>", answer.text)) == 1
    assert str(status) not in re.sub(r"/refused/\d+", "", answer.text.split("<main")[1])
    if status == 409:
        assert "<li>De verwijzing intrekken</li>" in answer.text
    if status == 422:
        assert "Geef een heel getal" in answer.text


def test_a_form_that_comes_back_keeps_everything_and_points_at_each_fault(client: TestClient) -> None:
    typed = {"goal": "G" * 300, "question": 'Vraag <&"> ëé', "units": "veertig", "medical": "yes", "days": ["mo", "we"]}
    page = client.post("/physician/form", data={**typed, "lines.1.description": "Sessie", "submission": "the-mark"})
    assert page.status_code == 422
    assert "<title>Fout: " in page.text
    assert "G" * 300 in page.text
    assert "Vraag &lt;&amp;&#34;&gt; ëé</textarea>" in page.text
    assert re.search(r'name="medical"\s+value="yes" checked', page.text)
    assert len(re.findall(r'name="days"\s+value="(?:mo|we)" checked', page.text)) == 2
    assert 'value="the-mark"' in page.text
    summary = page.text.split('role="alert"')[1].split("</div>")[0]
    for target in re.findall(r'href="#([^"]+)"', summary):
        assert f'id="{target}"' in page.text
    assert "Aantal sessies: Geef een heel getal" in summary
    assert "Aantal, regel 2: Vul dit in." in summary


def test_addresses_of_neighbours_keep_the_query_string() -> None:
    here = Here("/zoek", (("q", "a&b"), ("cause", "W02"), ("cause", "P01"), ("page", "3")))
    assert here.url(page=4) == "/zoek?q=a%26b&cause=W02&cause=P01&page=4"
    assert here.url(page=None, cause=None) == "/zoek?q=a%26b"
    assert here.without("cause", "W02") == "/zoek?q=a%26b&cause=P01"
    assert Here("/zoek", (("q", "x"),)).url(q=None) == "/zoek"


def test_files_are_kept_by_their_content(client: TestClient) -> None:
    answer = client.get(asset_url("base.css"))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert "immutable" not in client.get("/static/base.css").headers["cache-control"]
    assert client.get("/static/../page.py").status_code == 404
    with pytest.raises(FileNotFoundError):
        asset_url("missing.css")


def test_htmx_is_there_only_when_its_package_is(client: TestClient) -> None:
    there = HTMX.is_file()
    assert any(HTMX_NAME in url for url in script_urls()) is there
    assert client.get(f"/static/{HTMX_NAME}").status_code == (200 if there else 404)


def wire_size(client: TestClient, url: str) -> int:
    with client.stream("GET", url, headers={"accept-encoding": "gzip"}) as answer:
        assert answer.status_code == 200
        return sum(len(piece) for piece in answer.iter_raw())


def test_a_page_is_light(client: TestClient) -> None:
    page = client.get("/physician/search").text
    linked = {url.split("?")[0] for url in re.findall(r'(?:href|src)="(/static/[^"]+)"', page)}
    assert len(linked) >= 7
    assert len(page.encode()) + sum(wire_size(client, url) for url in linked) < 60_000
    assert sum(file.stat().st_size for file in STATIC.glob("*.css")) < 40_000
    assert (STATIC / "netherlands.svg").stat().st_size < 30_000


def test_every_class_of_a_template_has_its_looks() -> None:
    styled = set(re.findall(r"\.([a-z][\w-]*)", "".join(file.read_text() for file in STATIC.glob("*.css"))))
    for file in sorted(TEMPLATES.rglob("*.html")):
        # What stands between braces is decided while the page is drawn.
        source = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "\0", file.read_text(), flags=re.DOTALL)
        used = {name for names in re.findall(r'class="([^"]*)"', source) for name in names.split() if "\0" not in name}
        assert used <= styled, f"{file.name}: {used - styled}"
