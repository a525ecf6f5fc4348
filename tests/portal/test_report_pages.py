"""The yearly report on the pages of employer and physician, and over JSON: the same numbers, hidden the same (R76)."""

import pytest
from fastapi import FastAPI

from core.database import Database
from identity.actor import Actor
from tests.api.callers import Caller, callers
from tests.billing.office import CONF, OPEN, Office
from tests.medical.test_release_reports import YEAR, begin, published
from tests.portal.open_pages import assert_nobody_else, rows_of, words_of
from tests.portal.visitors import SignIn
from tests.world import World

EMPLOYERS, PHYSICIANS, API = "/werkgever/rapport", "/arts/rapport", "/intervention-reports"


@pytest.fixture
def call(database: Database, world: World) -> Caller:
    return callers(database, world)


def test_before_a_year_is_over_the_page_says_what_will_come(
    office: Office, employer: Actor, sign_in: SignIn, call: Caller
) -> None:
    for actor, path in ((employer, EMPLOYERS), (office.physician, PHYSICIANS)):
        assert "Er is nog geen rapport." in words_of(sign_in(actor).get(path).text)
    assert call(employer).get(API).status_code == 404


def test_employer_and_physician_read_the_same(office: Office, employer: Actor, sign_in: SignIn, call: Caller) -> None:
    """R76: the numbers of one employer, hidden where they are of few, on both pages and over JSON."""
    people = [office.sick(employer) for _each in range(7)]
    begin(office, people, OPEN)
    begin(office, people[:5], CONF)
    begin(office, people[:2], CONF, sickness_year=2)
    published(office)
    mine = rows_of(sign_in(employer).get(EMPLOYERS).text)
    assert mine[-2].startswith("Alle open interventies")
    assert mine[-2].endswith(" 7")
    assert "verborgen" in mine[-2]
    assert mine[-1].startswith("Vertrouwelijke interventies")
    assert mine[-1].endswith(" 7")
    assert not any(row.endswith(" 7") for row in mine[:-2])
    physician = sign_in(office.physician)
    assert rows_of(physician.get(PHYSICIANS, werkgever=employer.organisation_id, jaar=YEAR).text) == mine
    told = call(office.physician).get(API, params={"employer_id": str(employer.organisation_id)}).json()
    assert told == call(employer).get(API, params={"year": YEAR}).json()
    assert (told["open"]["together"], told["open"]["first_year"]) == (
        {"persons": 7, "suppressed": False},
        {"persons": None, "suppressed": True},
    )


def test_a_report_that_is_not_there_and_who_may_not_ask(
    app: FastAPI, office: Office, employer: Actor, sign_in: SignIn, call: Caller, world: World
) -> None:
    """R70, R76."""
    stranger = office.employer("Ander bedrijf")
    begin(office, [office.sick(employer) for _each in range(5)], CONF)
    published(office)
    other = call(stranger)
    asked = other.get(API, params={"employer_id": str(employer.organisation_id)}).json()
    assert (asked["employer_id"], asked["confidential"]["together"]["persons"]) == (str(stranger.organisation_id), None)
    assert other.get(API, params={"year": YEAR - 1}).status_code == 404
    assert sign_in(stranger).get(EMPLOYERS, jaar=YEAR - 1).status_code == 404
    assert sign_in(office.physician).get(PHYSICIANS, werkgever=world.tenant_id).status_code == 404
    assert call(employer).get(API, params={"year": "1"}).status_code == 422
    assert sign_in(office.provider).get(PHYSICIANS).status_code == 403
    assert call(office.insurer(employer)).get(API).status_code == 404
    assert_nobody_else(app, EMPLOYERS, world, sign_in, {employer.role}, {})
