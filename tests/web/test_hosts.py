"""The house answers under its own names only."""

import pytest
from fastapi import FastAPI
from pydantic import SecretStr, ValidationError
from starlette.testclient import TestClient

from core.hosts import host_in
from core.settings import Settings

SECRET = SecretStr("s" * 40)


def settings(**given: object) -> Settings:
    return Settings(**({"secret_key": SECRET, "demo": False} | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "testserver.elsewhere", "", "[::2]:80", "@testserver"]
)
@pytest.mark.parametrize("path", ["/account/sign-in", "/api/v1/me", "/static/base.css", "/nothing"])
def test_another_host_is_refused(app: FastAPI, host: str, path: str) -> None:
    answer = TestClient(app).get(path, headers={"host": host})
    assert answer.status_code == 421
    assert "elsewhere" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["testserver", "TESTSERVER:8000", "127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_our_own_names_are_known(app: FastAPI, host: str) -> None:
    assert TestClient(app).get("/account/sign-in", headers={"host": host}).status_code == 200


def test_who_watches_over_the_process_asks_by_address(app: FastAPI) -> None:
    client = TestClient(app)
    assert client.get("/healthz", headers={"host": "10.1.2.3:8000"}).status_code == 200
    assert client.get("/readyz", headers={"host": "10.1.2.3:8000"}).status_code == 200


def test_links_never_follow_the_host_that_was_asked(app: FastAPI) -> None:
    answer = TestClient(app, follow_redirects=False).get(
        "/", headers={"host": "localhost:1", "x-forwarded-host": "a.b"}
    )
    assert answer.headers["location"].startswith("/account/sign-in")


def test_the_names_follow_from_the_settings() -> None:
    assert settings(public_url="https://Portal.Example.nl/").known_hosts == {
        "portal.example.nl",
        "localhost",
        "127.0.0.1",
        "::1",
    }
    behind = settings(host="10.0.0.4", public_url="https://portal.example.nl", allowed_hosts="app-1.internal, app-2")
    assert behind.known_hosts == {"portal.example.nl", "app-1.internal", "app-2"}


@pytest.mark.parametrize(
    "given",
    [{"host": "10.0.0.4"}, {"public_url": "http://portal.example.nl"}, {"public_url": "portal.example.nl"}],
)
def test_nobody_is_served_in_the_open_or_under_an_unsaid_name(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="PROVIDERBOOG_PUBLIC_URL"):
        settings(**given)


def test_a_host_is_read_with_and_without_port() -> None:
    assert [host_in(each) for each in ("a.b", "A.b:80", "[::1]", "[::1]:80")] == ["a.b", "a.b", "::1", "::1"]
