"""Reads pages of the open side, and knocks at all addresses below a prefix, so that a new one is never forgotten."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx2 import Response
from lxml import html

from identity.actor import Actor
from identity.roles import OrganisationKind, Role
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

ANY_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
FILES = (".pdf", "/bestand")
"""How the addresses of files end."""

Known = Mapping[str, UUID | int]


def words_of(page: str, path: str = "//main") -> str:
    """Return the words within the first element of a path, with single spaces between them."""
    return _words(_all(page, path)[0])


def rows_of(page: str) -> list[str]:
    """Return the words of each row of the first table."""
    return [_words(row) for row in _all(page, "(//table)[1]/tbody/tr")]


def tasks_of(page: str) -> list[str]:
    """Return the titles of the tasks of a worklist, in their order."""
    return [_words(title) for title in _all(page, "//li[contains(@class, 'task')]//h3")]


def typed(page: str, name: str) -> str:
    """Return what stands in a field to type in, or in one that is hidden."""
    found = _all(page, f'//input[@name="{name}"]/@value | //textarea[@name="{name}"]/text()')
    return str(found[0]).strip() if found else ""


def chosen(page: str, name: str) -> list[str]:
    """Return the values that are ticked or selected in a field."""
    ticked = _all(page, f'//input[@name="{name}"][@checked]/@value')
    return [str(value) for value in ticked + _all(page, f'//select[@name="{name}"]/option[@selected]/@value')]


def faults_of(page: str) -> list[str]:
    """Return the lines of the error summary; each leads to a field that is there."""
    for target in _all(page, '//*[@role="alert"]//a/@href'):
        assert _all(page, f'//*[@id="{str(target)[1:]}"]'), target
    return [_words(line) for line in _all(page, '//*[@role="alert"]//li')]


def addresses(app: FastAPI, prefix: str, method: str) -> set[str]:
    """Return the templates of the addresses below a prefix."""
    below = {str(route.path) for route in iter_route_contexts(app.routes) if method in (route.methods or ())}
    found = {path for path in below if path == prefix or path.startswith(f"{prefix}/")}
    assert found or method == "POST"
    return found


def pages(app: FastAPI, prefix: str) -> set[str]:
    """Return the templates of the addresses below a prefix at which a page stands; a file to keep is none."""
    return {path for path in addresses(app, prefix, "GET") if not path.endswith(FILES)}


def filled(template: str, known: Known) -> str:
    """Return an address with what really is there in its places, or with an id of nothing."""
    return re.sub(r"{(\w+)}", lambda found: str(known.get(found[1], uuid4())), template)


def assert_all_render(
    app: FastAPI, prefix: str, visitor: Visitor, known: Known, queries: Mapping[str, str], *elsewhere: str
) -> None:
    """Open every page below a prefix but those that are looked at elsewhere; `queries` adds what a template needs."""
    for template in addresses(app, prefix, "GET") - set(elsewhere):
        path = filled(template, known) + queries.get(template, "")
        answer = visitor.get(path)
        assert answer.status_code == 200, (path, answer.text)
        if answer.headers["content-type"].startswith("text/html"):
            assert len(re.findall("<h1", answer.text)) == 1, path
            ids = re.findall(r'\sid="([^"]+)"', answer.text)
            assert len(ids) == len(set(ids)), path
            assert 'aria-current="page"' in answer.text, path


def assert_nobody_else(
    app: FastAPI, prefix: str, world: World, sign_in: SignIn, insiders: Iterable[Role], known: Known
) -> None:
    """Knock at every address below a prefix as everybody else."""
    for role in sorted(set(Role) - {Role.SYSTEM, *insiders}):
        visitor = sign_in(outsider(world, role))
        expected = 404 if role in (Role.EMPLOYER, Role.INSURER) else 403
        for method in ("GET", "POST"):
            for template in addresses(app, prefix, method):
                path = filled(template, known)
                answer = visitor.get(path) if method == "GET" else visitor.send(path)
                assert answer.status_code == expected, (role, method, path)


def assert_forms_need_their_token(app: FastAPI, prefix: str, visitor: Visitor, known: Known) -> None:
    """Send every form below a prefix as a page of another site would."""
    for template in addresses(app, prefix, "POST"):
        answer = visitor.send_bare(filled(template, known))
        assert answer.status_code == 403, template
        assert "Dit formulier is verlopen" in answer.text, template


def same_but_for_ids(first: str, second: str) -> bool:
    """Tell whether two pages differ in nothing but the id in their address."""
    return ANY_ID.sub("", first) == ANY_ID.sub("", second)


def hosted_page(answer: Response) -> str:
    """Return the path of the page of the local gateway to which a payer is sent."""
    return f"/betalen/{answer.headers['location'].split('/betalen/')[1]}"


def outsider(world: World, role: Role) -> Actor:
    """Return somebody in a role, in an organisation that fits it."""
    kind = {Role.EMPLOYER: OrganisationKind.EMPLOYER, Role.INSURER: OrganisationKind.INSURER}.get(role)
    return world.actor(role, world.organisation(kind, f"Van {role.value}") if kind else None)


def _all(page: str, path: str) -> list[Any]:
    found: Any = html.fromstring(page).xpath(path)
    return list(found)


def _words(element: html.HtmlElement) -> str:
    return " ".join(" ".join(map(str, element.itertext())).split())
