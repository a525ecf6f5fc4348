"""The pages of the case manager: steps, cases without health data, open interventions and co-financing."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlmodel import Session, col, select

from billing.tables import CofinancingState
from cases.cases_read import CaseView
from cases.clock import Timeline
from cases.tables import InterventionRequest, OpenProgress, ProgressState, RequestState, StepDone
from cases.timelines import get_timeline
from core.clock import today
from identity.roles import Role
from network.tables import OrganisationProfile, RegistrationKind
from tests.billing.office import CONF, OPEN
from tests.cases.staff import Staff, staff_of
from tests.network.offers import add_offering, add_provider
from tests.portal.open_pages import (
    assert_all_render,
    assert_forms_need_their_token,
    assert_nobody_else,
    chosen,
    faults_of,
    rows_of,
    tasks_of,
    typed,
    words_of,
)
from tests.portal.requested import Asked
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

REPORTING_TO_UWV = 25
GOAL = "Duidelijk krijgen welk werk past."


@pytest.fixture
def staff(world: World) -> Staff:
    return staff_of(world)


@pytest.fixture
def case(staff: Staff) -> CaseView:
    """A case in week 9, opened on its first day."""
    return staff.case("P-100", days_ago=60)


@pytest.fixture
def manager(staff: Staff, sign_in: SignIn) -> Visitor:
    return sign_in(staff.case_manager)


@pytest.fixture
def offering_id(world: World) -> UUID:
    """An open, non-medical offering of a provider whose name tells nothing."""
    provider_id = add_provider(world, "Arbeidskundig", RegistrationKind.SRA)
    return add_offering(world, provider_id, intervention=OPEN, title="Onderzoek in Utrecht", postcode="3511")


def path_of(case: CaseView, rest: str = "") -> str:
    return f"/regie/dossiers/{case.id}{rest}"


def all_of(staff: Staff, table: type[Any]) -> list[Any]:
    with Session(staff.world.database.owner) as session:
        return list(session.exec(select(table).where(col(table.tenant_id) == staff.world.tenant_id)))


def clock_of(staff: Staff, case: CaseView) -> Timeline:
    return staff.doing(staff.case_manager, get_timeline, case.id)


def test_every_page_is_there_and_for_nobody_else(app: FastAPI, asked: Asked, sign_in: SignIn) -> None:
    world = asked.office.world
    provider_id = add_provider(world, "Arbeidskundig", RegistrationKind.SRA)
    known: dict[str, UUID | int] = {
        "case_id": asked.sick.case_id,
        "offering_id": add_offering(world, provider_id, intervention=OPEN),
        "request_id": asked.id,
        "nr": REPORTING_TO_UWV,
        "week": 9,
        "doctor_id": uuid4(),
    }
    assert_all_render(app, "/regie", asked.manager, known, {"/regie/dossiers/{case_id}/zoeken": "?sort=fit"})
    assert_nobody_else(app, "/regie", world, sign_in, [Role.CASE_MANAGER], known)
    assert_forms_need_their_token(app, "/regie", asked.manager, known)
    assert asked.stored().state is CofinancingState.PREPARED


@pytest.mark.parametrize("path", ["/regie", "/regie?who=others", "/regie/dossiers", "/regie/cofinanciering",
                                  "/regie/cofinanciering?tab=decided"])  # fmt: skip
def test_an_empty_page_says_what_will_be_there(manager: Visitor, path: str) -> None:
    page = manager.get(path)
    assert page.status_code == 200
    assert '<p class="empty-what">' in page.text


def test_the_cases_of_other_employers_are_not_there(staff: Staff, case: CaseView, sign_in: SignIn) -> None:
    other = sign_in(staff.world.actor(Role.CASE_MANAGER, employers=(staff.other_employer_id,)))
    for rest in ("", "/herstel", "/zoeken", f"/stappen/{REPORTING_TO_UWV}"):
        assert other.get(path_of(case, rest)).status_code == 404, rest
    assert other.send(path_of(case, f"/stappen/{REPORTING_TO_UWV}")).status_code == 404
    assert "P-100" not in other.get("/regie/dossiers").text
    assert other.get(f"/regie/dossiers/{uuid4()}").status_code == 404


def test_the_worklist_holds_what_comes_due_the_oldest_term_first(
    staff: Staff, case: CaseView, manager: Visitor
) -> None:
    """R65."""
    near = [s for s in clock_of(staff, case).deadlines if s.due_on and s.due_on <= today() + timedelta(weeks=4)]
    own = [step.title for step in near if step.owner is Role.CASE_MANAGER]
    others = [step.title for step in near if step.owner is not Role.CASE_MANAGER]
    assert own
    assert others
    page = manager.get("/regie").text
    assert tasks_of(page) == own
    assert "Bakkerij Van Dam, week 9" in page
    assert tasks_of(manager.get("/regie", who="others").text) == others
    counts = words_of(page, "//nav[@class='tabs']")
    assert counts == f"Voor u {len(own)} Voor anderen {len(others)}"


def test_a_step_is_marked_from_the_worklist_and_one_comes_back_to_it(
    staff: Staff, case: CaseView, manager: Visitor
) -> None:
    step = next(s for s in clock_of(staff, case).deadlines if s.markable)
    page = manager.get(path_of(case, f"/stappen/{step.nr}?van=werklijst")).text
    assert typed(page, "van") == "werklijst"
    assert typed(page, "done_on") == today().isoformat()
    day = today() - timedelta(days=2)
    answer = manager.send(path_of(case, f"/stappen/{step.nr}"), done_on=day.strftime("%d-%m-%Y"), van="werklijst")
    assert answer.headers["location"] == "/regie"
    marked = [row for row in all_of(staff, StepDone) if row.step == step.nr]
    assert [row.done_on for row in marked] == [day]
    assert step.title not in tasks_of(manager.get("/regie").text)


@pytest.mark.parametrize("days", [3, -400])
def test_a_step_on_a_day_that_cannot_be_comes_back(staff: Staff, case: CaseView, manager: Visitor, days: int) -> None:
    step = next(s for s in clock_of(staff, case).deadlines if s.markable)
    day = (today() + timedelta(days=days)).isoformat()
    page = manager.send(path_of(case, f"/stappen/{step.nr}"), done_on=day, van="dossier")
    assert page.status_code == 422
    assert faults_of(page.text)[0].startswith("Wanneer is dit gedaan: Deze dag")
    assert typed(page.text, "done_on") == day
    assert step.nr not in [row.step for row in all_of(staff, StepDone)]


def test_steps_of_the_medical_side_are_not_there(staff: Staff, case: CaseView, manager: Visitor) -> None:
    early_invitation = 9  # only for some complaints
    assert manager.get(path_of(case, f"/stappen/{early_invitation}")).status_code == 404
    assert manager.send(path_of(case, f"/stappen/{early_invitation}")).status_code == 404
    page = words_of(manager.get(path_of(case)).text)
    assert "Vroege uitnodiging" not in page
    assert "psychisch" not in page.lower()


def test_a_case_shows_its_weeks_and_one_marks_a_step_at_once(staff: Staff, case: CaseView, manager: Visitor) -> None:
    page = words_of(manager.get(path_of(case)).text)
    assert "Ziekteweek 9, eerste ziektejaar." in page
    assert "nu week 9" in page
    assert "Laatste start spoor 2" in page
    step = next(s for s in clock_of(staff, case).deadlines if s.markable)
    answer = manager.send(path_of(case, f"/stappen/{step.nr}"))
    assert answer.headers["location"] == path_of(case, "#stappen")
    assert "De stap is gedaan." in manager.get(path_of(case)).text
    assert [row.done_on for row in all_of(staff, StepDone) if row.step == step.nr] == [today()]


def test_a_step_that_was_marked_by_mistake_is_taken_back(staff: Staff, case: CaseView, manager: Visitor) -> None:
    step = next(s for s in clock_of(staff, case).deadlines if s.markable)
    manager.send(path_of(case, f"/stappen/{step.nr}"))
    undo = path_of(case, f"/stappen/{step.nr}/{step.week}/ongedaan")
    page = manager.get(path_of(case)).text
    assert f'action="{undo}"' in page
    assert f"Niet gedaan : {step.title}, {today().strftime('%d-%m-%Y')}" in words_of(page)
    answer = manager.send(undo)
    assert answer.headers["location"] == path_of(case, "#stappen")
    assert "De stap staat weer open." in words_of(manager.get(path_of(case)).text)
    assert next(s for s in clock_of(staff, case).deadlines if s.nr == step.nr).markable
    assert f'action="{undo}"' not in manager.get(path_of(case)).text
    staff.recover(case.id, today())
    assert manager.send(path_of(case, f"/stappen/{step.nr}/{step.week}/ongedaan")).status_code == 303
    assert manager.send(path_of(case, f"/stappen/{step.nr}/98/ongedaan")).status_code == 404


def test_open_interventions_are_shown_in_four_words(staff: Staff, case: CaseView, manager: Visitor) -> None:
    facts: dict[str, Any] = {"tenant_id": staff.world.tenant_id, "case_id": case.id, "employer_id": case.employer_id}
    staff.world.add(
        OpenProgress(**facts, intervention="ADO", state=ProgressState.RUNNING, changed_on=today() - timedelta(days=20)),
        OpenProgress(**facts, intervention="MED", state=ProgressState.STOPPED, changed_on=today()),
    )
    page = manager.get(path_of(case)).text
    panel = words_of(page, "//section[@id='interventies']")
    assert "Arbeidsdeskundig onderzoek" in panel
    assert "Loopt" in panel
    assert "Mediation" in panel
    assert "Gestopt" in panel
    spans = words_of(page, "(//ul[contains(@class, 'terms')])[1]")
    assert "Arbeidsdeskundig onderzoek week 6 tot en met 9" in spans
    assert "Mediation" not in spans


def test_cases_are_filtered_in_the_address(staff: Staff, case: CaseView, manager: Visitor) -> None:
    old = staff.case("P-200", days_ago=400)
    staff.recover(staff.case("P-300", days_ago=90).id, today() - timedelta(days=5))
    assert len(rows_of(manager.get("/regie/dossiers").text)) == 2
    (closed,) = rows_of(manager.get("/regie/dossiers", state="closed").text)
    assert "P-300" in closed
    assert "Hersteld op" in closed
    page = manager.get("/regie/dossiers", year="2", employer=str(staff.employer_id)).text
    (second,) = rows_of(page)
    assert "P-200" in second
    assert chosen(page, "year") == ["2"]
    (by_number,) = rows_of(manager.get("/regie/dossiers", q=old.number).text)
    assert "P-200" in by_number
    none = manager.get("/regie/dossiers", q="Q-9").text
    assert "Geen dossier past bij deze filters." in none
    assert typed(none, "q") == "Q-9"


def test_a_case_is_opened_and_closed(staff: Staff, manager: Visitor) -> None:
    report = {"employer_id": staff.employer_id, "employee_ref": "A-17", "first_sick_day": today() - timedelta(days=9)}
    wrong = manager.send("/regie/dossiers/nieuw", **(report | {"employee_ref": "111222333", "postcode": "0000"}))
    assert wrong.status_code == 422
    assert len(faults_of(wrong.text)) == 2
    assert typed(wrong.text, "employee_ref") == "111222333"
    assert chosen(wrong.text, "employer_id") == [str(staff.employer_id)]
    elsewhere = manager.send("/regie/dossiers/nieuw", **(report | {"employer_id": staff.other_employer_id}))
    assert elsewhere.status_code == 404
    path = manager.send("/regie/dossiers/nieuw", **report).headers["location"]
    assert "Het dossier is geopend." in manager.get(path).text
    early = manager.send(f"{path}/herstel", recovered_on=(today() - timedelta(days=9)).isoformat())
    assert early.status_code == 422
    assert manager.send(f"{path}/herstel", recovered_on=today().isoformat()).headers["location"] == path
    page = words_of(manager.get(path).text)
    assert "Hersteld op" in page
    assert "Vraag een interventie aan" not in page


def test_the_search_begins_with_what_is_known_of_the_case(staff: Staff, manager: Visitor) -> None:
    """R28."""
    case = staff.report("P-400", postcode="3511AB").case
    answer = manager.get(path_of(case, "/zoeken"))
    assert answer.status_code == 303
    assert answer.headers["location"] == path_of(case, "/zoeken?sickness_year=1&week=1&postcode=3511&sort=fit")


def test_only_open_offerings_are_found(case: CaseView, manager: Visitor, offering_id: UUID, world: World) -> None:
    """R5, R18."""
    clinic = add_provider(world, "Psychologenpraktijk", RegistrationKind.BIG, RegistrationKind.SRA)
    secret = add_offering(world, clinic, title="Gesprekken", intervention=CONF)
    telling = add_offering(world, clinic, title="Onderzoek door een psycholoog", intervention=OPEN)
    with Session(world.database.owner) as session:
        session.get_one(OrganisationProfile, clinic).name_reveals_care = True
        session.commit()
    page = manager.get(path_of(case, "/zoeken"), sort="fit").text
    assert f"{path_of(case)}/aanvraag/{offering_id}?sort=fit" in page
    assert str(secret) not in page
    assert str(telling) not in page
    assert "Psycho" not in words_of(page)
    for confidential in (secret, telling):
        assert manager.get(path_of(case, f"/aanvraag/{confidential}")).status_code == 404
        asked = manager.send(path_of(case, f"/aanvraag/{confidential}"), goal=GOAL, act="send")
        assert asked.status_code in (403, 404)


def test_a_search_that_cannot_be_answered_says_why(case: CaseView, manager: Visitor, offering_id: UUID) -> None:
    page = manager.get(path_of(case, "/zoeken"), sort="distance", q="onderzoek", max_wait_days="x")
    assert page.status_code == 422
    assert "Vul een postcode in om op afstand te zoeken." in words_of(page.text)
    assert typed(page.text, "q") == "onderzoek"
    # A cause in the address is no way around: it is not asked, and so nothing can be learned from the answer.
    with_cause = manager.get(path_of(case, "/zoeken"), sort="fit", cause="M01")
    assert with_cause.status_code == 200
    assert "oorzaak" not in words_of(with_cause.text, "//*[@id='found']").lower()


def test_a_request_is_checked_before_it_is_sent_and_sent_once(
    staff: Staff, case: CaseView, manager: Visitor, offering_id: UUID
) -> None:
    """R5, R9."""
    path = path_of(case, f"/aanvraag/{offering_id}?week=9")
    form = manager.get(path).text
    assert "Schrijf hier geen medische gegevens." in form
    assert f'href="{path_of(case, "/zoeken?week=9")}"' in form
    check = manager.send(path, goal=GOAL, act="check")
    assert check.status_code == 200
    words = words_of(check.text)
    assert "Wat wordt naar wie gestuurd" in words
    assert "Nog niets: pas als de bedrijfsarts verwijst" in words
    assert typed(check.text, "goal") == GOAL
    assert all_of(staff, InterventionRequest) == []
    back = manager.send(path, goal=GOAL, act="change")
    assert typed(back.text, "goal") == GOAL
    sent = manager.send(path, goal=GOAL, act="send")
    assert sent.headers["location"] == path_of(case, "#interventies")
    again = manager.send(path, goal=GOAL, act="send")
    assert again.status_code == 303
    (request,) = all_of(staff, InterventionRequest)
    assert (request.goal, request.state, request.offering_id) == (GOAL, RequestState.PENDING, offering_id)
    panel = words_of(manager.get(path_of(case)).text, "//section[@id='interventies']")
    assert "Ligt bij de bedrijfsarts" in panel
    assert GOAL in panel


@pytest.mark.parametrize("goal", ["", "x" * 501])
def test_a_goal_that_is_not_right_comes_back(case: CaseView, manager: Visitor, offering_id: UUID, goal: str) -> None:
    page = manager.send(path_of(case, f"/aanvraag/{offering_id}"), goal=goal, act="check")
    assert page.status_code == 422
    assert len(faults_of(page.text)) == 1
    assert typed(page.text, "goal") == goal


def test_a_closed_case_asks_for_nothing_more(staff: Staff, case: CaseView, manager: Visitor, offering_id: UUID) -> None:
    staff.recover(case.id, today())
    page = manager.send(path_of(case, f"/aanvraag/{offering_id}"), goal=GOAL, act="send")
    assert page.status_code == 409
    assert faults_of(page.text) == ["Dit dossier is gesloten door herstel."]
    assert typed(page.text, "goal") == GOAL
