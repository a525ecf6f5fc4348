"""The calendar of the medical side: terms and first appointments of referrals, on days and without anybody (R10)."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlmodel import select

from core.database import Door
from identity.actor import Actor
from identity.tables import AuditEvent
from medical.tables import ReferralState
from tests.medical.stage import Stage
from tests.portal.test_calendar import ADDRESS, TELLS_OF_HEALTH
from tests.portal.visitors import SignIn


@pytest.fixture
def outside(app: FastAPI) -> TestClient:
    """A program that is signed in nowhere."""
    return TestClient(app, raise_server_exceptions=False)


def fetched(sign_in: SignIn, outside: TestClient, actor: Actor) -> dict[str, str]:
    """Make an address, fetch the calendar, and return its titles with their days."""
    (path,) = ADDRESS.findall(sign_in(actor).send("/account/meldingen/agenda").text)
    assert path.startswith("/agenda/zorg/")
    answer = outside.get(path)
    assert answer.status_code == 200
    assert outside.get(path.replace("zorg/", "")).status_code == 404
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    assert len({str(event["UID"]) for event in found}) == len(found)
    return {str(event["SUMMARY"]): str(event.decoded("DTSTART")) for event in found}


def test_a_provider_gets_his_terms_and_first_appointments(sign_in: SignIn, stage: Stage, outside: TestClient) -> None:
    """R10."""
    waiting = stage.row(stage.issued("ADO").id)
    planned = stage.refer(stage.physician, "MED").id
    stage.along(planned, ReferralState.SCHEDULED)
    found = fetched(sign_in, outside, stage.provider)
    assert found == {
        "Termijn van een verwijzing": str(waiting.due_on),
        "Eerste afspraak": str(stage.row(planned).scheduled_for),
    }
    assert not any(TELLS_OF_HEALTH.search(title) for title in found)


def test_a_physician_gets_the_terms_of_his_referrals_beside_his_steps(
    sign_in: SignIn, stage: Stage, outside: TestClient
) -> None:
    """R10."""
    reported = stage.row(stage.in_state(ReferralState.REPORTED))
    found = fetched(sign_in, outside, stage.physician)
    assert found["Termijn van een verwijzing"] == str(reported.due_on)
    assert len(found) > 1


def test_nobody_else_and_nothing_of_others(sign_in: SignIn, stage: Stage, outside: TestClient) -> None:
    elsewhere = stage.elsewhere()
    elsewhere.issued("ADO")
    assert fetched(sign_in, outside, stage.provider) == {}
    (path,) = ADDRESS.findall(sign_in(stage.case_manager).send("/account/meldingen/agenda").text)
    assert outside.get(path.replace("/agenda/", "/agenda/zorg/")).status_code == 404


def test_fetching_is_recorded(sign_in: SignIn, stage: Stage, outside: TestClient) -> None:
    """R68."""
    fetched(sign_in, outside, stage.provider)
    with stage.world.acting(Door.OPEN, stage.auditor) as session:
        looked = select(AuditEvent).where(AuditEvent.tag == "medical:referral:worklist")
        (event,) = session.exec(looked.where(AuditEvent.account_id == stage.provider.account_id))
    assert event.role == "provider"
