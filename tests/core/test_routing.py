"""Sections are asked only about addresses that may be theirs, and answer as any router does."""

from fastapi import FastAPI
from starlette.testclient import TestClient

from core.routing import Section


def app() -> FastAPI:
    cases, steps, top = Section(prefix="/cases"), Section(prefix="/cases/{case_id}/steps"), Section(prefix="/api")
    cases.add_api_route("/{case_id}", lambda case_id: f"case {case_id}")
    steps.add_api_route("", lambda case_id: f"steps of {case_id}")
    for section in (cases, steps):
        top.include_router(section)
    made = FastAPI()
    made.include_router(top)
    return made


def test_each_address_finds_its_route() -> None:
    client = TestClient(app())
    assert client.get("/api/cases/7").json() == "case 7"
    assert client.get("/api/cases/7/steps").json() == "steps of 7"
    assert client.get("/cases/7").status_code == 404
    assert client.post("/api/cases/7").status_code == 405
    assert client.get("/api/other").status_code == 404


def test_the_description_names_every_route() -> None:
    assert set(app().openapi()["paths"]) == {"/api/cases/{case_id}", "/api/cases/{case_id}/steps"}
