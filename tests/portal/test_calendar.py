"""The dates of the own steps in a calendar elsewhere: a secret address, without names, each role its own (R65)."""

import re
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from icalendar import Calendar, Component
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session, col, select, update

from application import build
from cases.agenda import agenda
from cases.cases_read import CaseView
from cases.poortwachter import steps
from core.clock import AMSTERDAM, standing_at, today
from core.database import Door
from core.language import speaking
from core.mail import folder_of
from identity.actor import Actor
from identity.calendar_addresses import make_calendar_address
from identity.digests import compose
from identity.roles import Role
from identity.tables import Account, CalendarAddress, Membership
from tests.cases.staff import Staff, staff_of
from tests.medical.statements import counted
from tests.portal.open_pages import words_of
from tests.portal.visitors import SignIn, visitors
from tests.world import World

ADDRESS = re.compile(r"http://127\.0\.0\.1:8000(/agenda/(?:zorg/)?[\w-]{43}\.ics)")
TELLS_OF_HEALTH = re.compile(
    r"ziek|verzuim|gezond|medi[sc]|arts|klacht|behandel|spreekuur|herstel|beperk|psych|wia\b|nazorg|triage"
    r"|sick|absen|health|doctor|physician|complaint|treat|consult|recover|limitation|aftercare",
    re.I,
)


@pytest.fixture
def staff(world: World) -> Staff:
    """An arbodienst with two employers."""
    return staff_of(world)


@pytest.fixture
def case(staff: Staff) -> CaseView:
    """Somebody who has been absent for five weeks."""
    with standing_at(datetime.combine(today() - timedelta(days=35), time(12), AMSTERDAM)):
        return staff.report("P-777", employee_name="Wendy Wintertaling").case


@pytest.fixture
def outside(app: FastAPI) -> TestClient:
    """A program that is signed in nowhere."""
    return TestClient(app, raise_server_exceptions=False)


def address_of(sign_in: SignIn, actor: Actor) -> str:
    """Make an address in the portal, and read it from the page."""
    page = sign_in(actor).send("/account/meldingen/agenda").text
    (path,) = ADDRESS.findall(page)
    return str(path)


def events(content: bytes) -> list[Component]:
    return Calendar.from_ical(content).walk("VEVENT")


def titles(content: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in events(content)]


def test_a_calendar_fetches_the_own_steps_with_their_last_days(
    sign_in: SignIn, staff: Staff, case: CaseView, outside: TestClient
) -> None:
    """R65."""
    answer = outside.get(address_of(sign_in, staff.case_manager))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    plan = next(event for event in events(answer.content) if str(event["SUMMARY"]) == "Plan van aanpak")
    assert plan.decoded("DTSTART") == case.first_sick_day + timedelta(days=8 * 7 - 1)
    assert str(plan["URL"]) == f"http://127.0.0.1:8000/regie/dossiers/{case.id}"
    assert "Probleemanalyse" not in titles(answer.content)  # the physician's own


@pytest.mark.parametrize(
    ("role", "mine", "anothers"),
    [
        ("physician", "Probleemanalyse", "Plan van aanpak"),
        ("delegate", "Probleemanalyse bespreken", "Probleemanalyse"),
        ("employer", "Plan van aanpak", "Melding aan UWV"),
    ],
)
def test_each_role_gets_its_own(
    sign_in: SignIn, staff: Staff, case: CaseView, outside: TestClient, role: str, mine: str, anothers: str
) -> None:
    """R65."""
    found = titles(outside.get(address_of(sign_in, getattr(staff, role))).content)
    assert mine in found
    assert anothers not in found


def test_the_employee_gets_what_comes_for_him(
    sign_in: SignIn, staff: Staff, case: CaseView, outside: TestClient
) -> None:
    employee = staff.employee(case)
    assert "Plan van aanpak" in titles(outside.get(address_of(sign_in, employee)).content)


def test_nobody_is_named_and_no_word_tells_of_health(
    sign_in: SignIn, staff: Staff, case: CaseView, outside: TestClient
) -> None:
    """R65."""
    for actor in (staff.physician, staff.delegate, staff.case_manager, staff.employer, staff.employee(case)):
        content = outside.get(address_of(sign_in, actor)).text.replace("\r\n ", "")
        for word in ("Wintertaling", "P-777", "Bakkerij", case.number or "Z-", actor.email):
            assert word not in content
        for title in titles(content.encode()):
            assert not TELLS_OF_HEALTH.search(title), title


def test_every_step_with_a_date_has_a_few_words_that_tell_nothing() -> None:
    for step in steps().values():
        for language in ("nl", "en"):
            with speaking(language):
                dated = not step.on_event or step.weeks_after_event is not None
                assert bool(step.brief) == (dated and not step.tells_of_health), step.nr
                assert not TELLS_OF_HEALTH.search(step.brief), step.brief


def test_the_day_until_which_there_is_aftercare_stands_in_it(
    sign_in: SignIn, staff: Staff, case: CaseView, outside: TestClient
) -> None:
    """R67."""
    until = staff.recover(case.id, today()).aftercare_until
    for actor, expected in ((staff.employer, 1), (staff.case_manager, 1), (staff.physician, 0)):
        found = list(events(outside.get(address_of(sign_in, actor)).content))
        assert [event.decoded("DTSTART") for event in found] == [until] * expected
        assert {str(event["SUMMARY"]) for event in found} <= {"Vragen hoe het gaat"}


def test_the_same_step_of_several_cases_is_one_entry(
    sign_in: SignIn, staff: Staff, case: CaseView, outside: TestClient
) -> None:
    with standing_at(datetime.combine(today() - timedelta(days=35), time(12), AMSTERDAM)):
        staff.report("P-778")
    found = list(events(outside.get(address_of(sign_in, staff.case_manager)).content))
    (plan,) = (event for event in found if str(event["SUMMARY"]).startswith("Plan van aanpak"))
    assert str(plan["SUMMARY"]) == "Plan van aanpak (2 keer)"
    assert str(plan["URL"]) == "http://127.0.0.1:8000/regie"
    assert len({str(event["UID"]) for event in found}) == len(found)


def test_entries_are_known_again_the_next_time(
    sign_in: SignIn, staff: Staff, case: CaseView, outside: TestClient
) -> None:
    address = address_of(sign_in, staff.case_manager)
    first, second = (sorted(str(event["UID"]) for event in events(outside.get(address).content)) for _time in (1, 2))
    assert first == second


def test_an_address_is_revoked_at_once_and_a_new_one_ends_the_old(
    sign_in: SignIn, staff: Staff, case: CaseView, outside: TestClient
) -> None:
    old = address_of(sign_in, staff.case_manager)
    new = address_of(sign_in, staff.case_manager)
    assert [outside.get(each).status_code for each in (old, new)] == [404, 200]
    visitor = sign_in(staff.case_manager)
    assert visitor.send("/account/meldingen/agenda/intrekken").status_code == 303
    assert outside.get(new).status_code == 404
    assert "U hebt nog geen adres." in words_of(visitor.get("/account/meldingen").text)
    assert [event.tag for tag in ("made", "revoked") for event in staff.events(f"identity:calendar:{tag}")] == [
        "identity:calendar:made",
        "identity:calendar:made",
        "identity:calendar:revoked",
    ]


def test_a_role_that_has_ended_opens_nothing(
    sign_in: SignIn, staff: Staff, case: CaseView, outside: TestClient
) -> None:
    address = address_of(sign_in, staff.case_manager)
    with Session(staff.world.database.owner) as session:
        ended = update(Membership).where(col(Membership.id) == staff.case_manager.membership_id)
        session.execute(ended.values(ended_at=datetime.now(AMSTERDAM)))
        session.commit()
    assert outside.get(address).status_code == 404


def test_an_address_that_never_was_is_not_there(outside: TestClient) -> None:
    assert outside.get(f"/agenda/{'x' * 43}.ics").status_code == 404


def test_the_secret_is_kept_as_a_hash_that_no_door_reads(sign_in: SignIn, staff: Staff) -> None:
    secret = address_of(sign_in, staff.case_manager).removeprefix("/agenda/").removesuffix(".ics")
    with Session(staff.world.database.owner) as session:
        kept = session.exec(
            select(CalendarAddress).where(CalendarAddress.membership_id == staff.case_manager.membership_id)
        ).one()
        assert secret.encode() not in kept.token_hash
    with staff.world.acting(Door.OPEN, staff.case_manager) as session, pytest.raises(ProgrammingError):
        session.execute(text("SELECT token_hash FROM identity.calendar_address"))


def test_nobody_makes_or_ends_the_address_of_another(staff: Staff) -> None:
    with staff.world.acting(Door.OPEN, staff.case_manager) as session:
        make_calendar_address(session, staff.case_manager)
    with staff.world.acting(Door.OPEN, staff.physician) as session:
        assert session.exec(select(CalendarAddress.id)).all() == []
        ended = update(CalendarAddress).values(revoked_at=datetime.now(AMSTERDAM))
        assert session.execute(ended).rowcount == 0  # type: ignore[attr-defined]
        forged = text(
            "INSERT INTO identity.calendar_address (id, token_hash, membership_id, created_at)"
            " VALUES (gen_random_uuid(), '\\x00', :membership, now())"
        )
        with pytest.raises(ProgrammingError, match="row-level security"):
            session.execute(forged, {"membership": staff.case_manager.membership_id})


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.AUDITOR, Role.NETWORK_MANAGER])
def test_whoever_has_no_steps_has_no_address(sign_in: SignIn, world: World, role: Role) -> None:
    visitor = sign_in(world.actor(role))
    assert visitor.send("/account/meldingen/agenda").status_code == 403
    page = visitor.get("/account/meldingen")
    assert page.status_code == 200
    assert "agenda</h2>" not in page.text


def test_being_told_is_switched_off_and_on(sign_in: SignIn, staff: Staff) -> None:
    visitor = sign_in(staff.employer)

    def wanted() -> bool:
        with Session(staff.world.database.owner) as session:
            return session.exec(select(Account.reminders).where(Account.id == staff.employer.account_id)).one()

    assert "checked" in visitor.get("/account/meldingen").text
    assert visitor.send("/account/meldingen").status_code == 303
    assert not wanted()
    assert "checked" not in visitor.get("/account/meldingen").text
    visitor.send("/account/meldingen", reminders="on")
    assert wanted()


def test_the_mailbox_of_the_demo_shows_everybody_his_own(sign_in: SignIn, staff: Staff) -> None:
    database = staff.world.database
    assert sign_in(staff.employer).get("/account/post").status_code == 404
    settings = database.settings.model_copy(update={"demo": True})
    in_demo = visitors(build(settings, database), staff.world)
    mine, others = in_demo(staff.employer), in_demo(staff.case_manager)
    assert "U hebt nog geen berichten." in words_of(mine.get("/account/post").text)
    folder_of(settings).send(compose(uuid4(), staff.employer.email, settings))
    assert "Er staat iets voor u klaar in Providerboog" in words_of(mine.get("/account/post").text)
    assert "U hebt nog geen berichten." in words_of(others.get("/account/post").text)
    assert "/account/post" in mine.get("/account/meldingen").text


def test_more_cases_ask_no_more_questions(staff: Staff, case: CaseView) -> None:
    def asked() -> int:
        world = staff.world
        with world.acting(Door.CARE, staff.physician) as session, counted(world.database) as said:
            assert agenda(session, staff.physician)
        return len(said)

    of_one = asked()
    for number in range(5):
        staff.report(f"P-8{number}")
    assert asked() == of_one
