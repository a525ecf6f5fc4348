"""The address of a calendar over JSON."""

from fastapi.testclient import TestClient

from tests.api.callers import Caller
from tests.medical.stage import Stage


def test_an_address_is_made_used_and_revoked(call: Caller, stage: Stage) -> None:
    client: TestClient = call(stage.physician)
    assert client.get("/calendar").json() == {"since": None}
    url = client.post("/calendar")
    assert url.status_code == 201
    path = url.json()["url"].removeprefix("http://127.0.0.1:8000")
    elsewhere = TestClient(client.app, raise_server_exceptions=False)
    assert elsewhere.get(path).headers["content-type"].startswith("text/calendar")
    assert client.get("/calendar").json()["since"]
    assert client.delete("/calendar").status_code == 204
    assert client.delete("/calendar").status_code == 204
    assert elsewhere.get(path).status_code == 404


def test_whoever_has_no_dates_has_no_address(call: Caller, stage: Stage) -> None:
    assert call(stage.secretary).post("/calendar").status_code == 403
