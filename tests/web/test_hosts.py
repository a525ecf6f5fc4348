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


@pytest.mark.parametrize(
    "given",
    [
        {"DATABASE_URL": "postgresql://naam:woord@db.example.nl/boog"},
        {"DATABASE_URL": "postgresql://naam:woord@db.example.nl/boog?sslmode=prefer"},
        {"DATABASE_CARE_URL": "postgresql+psycopg://app@/boog?host=127.0.0.1:5432&host=db.example.nl:5432"},
        {"DATABASE_OPEN_URL": "no address at all"},
        {"MEILISEARCH_URL": "http://search.example.nl:7700"},
        {"stripe_api_url": "http://pay.example.nl"},
        {"traces_url": "http://traces.example.nl:4318/v1/traces"},
    ],
)
def test_no_server_is_asked_in_the_open(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        settings(**given)
    assert next(iter(given)).upper() in str(refused.value)
    assert "word" not in str(refused.value).replace("password", "")


@pytest.mark.parametrize(
    "given",
    [
        {"DATABASE_URL": "postgresql://naam:woord@db.example.nl/boog?sslmode=verify-full"},
        {"DATABASE_URL": "postgresql://app@localhost:5433/boog"},
        {"DATABASE_URL": "postgresql://app@[::1]:5433/boog"},
        {"DATABASE_OPEN_URL": "postgresql://app@/boog?host=/run/postgresql"},
        {"DATABASE_OPEN_URL": "postgresql://app@/boog?host=127.0.0.1:5432"},
        {"MEILISEARCH_URL": "http://127.0.0.1:7700"},
        {"MEILISEARCH_URL": "https://search.example.nl"},
        {"traces_url": "http://localhost:4318/v1/traces"},
    ],
)
def test_what_is_near_or_over_tls_is_asked(given: dict[str, str]) -> None:
    assert settings(**given)
