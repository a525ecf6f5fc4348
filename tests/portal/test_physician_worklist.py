"""The worklist of physician and delegate: what waits, what nobody has judged yet, and the counts in the menu."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from cases.requests import NewRequest, request_intervention
from core.database import Door
from identity.roles import Role
from identity.tables import AuditEvent
from medical.referrals.issue import issue_referral
from medical.referrals.requests import receive_request
from medical.tables import ReferralState
from tests.medical.stage import OPEN, Stage
from tests.portal.open_pages import tasks_of
from tests.portal.reading import find, main_of, words
from tests.portal.visitors import SignIn, Visitor


def counts(page: str) -> dict[str, str]:
    """Return the numbers in the menu, by the address of the place."""
    places = find(page, '//nav[@aria-label="Hoofdmenu"]//a[span]')
    return {str(place.get("href")): str(place.xpath("span/text()")[0]) for place in places}


def acts(page: str) -> dict[str, str]:
    """Return the buttons of the worklist by where they lead."""
    return {str(a.get("href")): a.text.strip() for a in find(page, '//ol//a[contains(@class, "button")]')}


def test_the_worklist_brings_what_waits_with_one_act_each_and_the_count_stands_in_the_menu(
    stage: Stage, physician: Visitor, delegate: Visitor
) -> None:
    stage.judge(medical=False)
    draft = stage.draft(OPEN, goal="Iets anders").id
    reported = stage.in_state(ReferralState.REPORTED)
    page = physician.get("/arts").text
    assert counts(page) == {"/arts": "2", "/arts/zonder-oordeel": "0"}
    assert acts(page) == {
        f"/arts/verwijzingen/{draft}": "Bekijk concept",
        f"/arts/verwijzingen/{reported}": "Lees het rapport",
    }
    assert str(draft) not in main_of(delegate.get("/arts").text)
    stage.mandate()
    assert str(draft) in main_of(delegate.get("/arts").text)


def test_a_draft_that_the_case_manager_asked_for_says_so(stage: Stage, physician: Visitor) -> None:
    stage.judge(medical=False)
    drafted = stage.draft(OPEN, goal="Van de gemandateerde").id
    asked = requested(stage)
    tags = {link: words(tag) for link, tag in tagged(physician.get("/arts").text)}
    assert tags == {f"/arts/verwijzingen/{asked}": "Gevraagd door de casemanager"}
    assert str(drafted) in physician.get("/arts").text
    assert main_of(physician.get("/arts/verwijzingen").text).count("Gevraagd door de casemanager") == 1
    with stage.acting(stage.physician) as session:
        issue_referral(session, stage.physician, asked)
    assert tagged(physician.get("/arts").text) == []
    assert "Gevraagd door de casemanager" not in physician.get("/arts/verwijzingen").text


def requested(stage: Stage) -> UUID:
    """Let the case manager ask for an intervention, and the job make a draft of it."""
    new = NewRequest(case_id=stage.case_id, offering_id=stage.offering(OPEN), goal="Zicht op passend werk")
    with stage.world.acting(Door.OPEN, stage.case_manager) as session:
        request = request_intervention(session, stage.case_manager, new).request
    with stage.acting(stage.system) as session:
        made = receive_request(session, stage.system, request.id)
    assert made is not None
    return made


def tagged(page: str) -> list[tuple[str, Any]]:
    """Return where the marked tasks lead, with their marks."""
    tasks = find(page, '//ol/li[contains(@class, "task")][.//*[contains(@class, "tag")]]')
    return [
        (task.xpath('.//a[contains(@class, "button")]/@href')[0], task.xpath('.//*[contains(@class, "tag")]')[0])
        for task in tasks
    ]


def test_the_physician_finds_the_cases_that_he_has_not_judged(stage: Stage, physician: Visitor) -> None:
    other = stage.elsewhere()
    page = physician.get("/arts").text
    assert acts(page) == {f"/arts/dossiers/{each.case_id}#oordeel": "Beoordeel" for each in (stage, other)}
    assert counts(page) == {"/arts": "0", "/arts/zonder-oordeel": "2"}
    assert "Er wacht niets op u" not in main_of(page)
    assert acts(physician.get("/arts/zonder-oordeel").text) == acts(page)
    assert 'id="oordeel"' in physician.get(f"/arts/dossiers/{stage.case_id}").text
    stage.judge(medical=True)
    assert acts(physician.get("/arts").text) == {f"/arts/dossiers/{other.case_id}#oordeel": "Beoordeel"}
    other.judge(medical=True)
    page = physician.get("/arts").text
    assert counts(page) == {"/arts": "0", "/arts/zonder-oordeel": "0"}
    assert "Er wacht niets op u" in main_of(page)


def test_the_delegate_sees_that_a_judgement_is_missing_and_is_not_asked_for_it(stage: Stage, delegate: Visitor) -> None:
    stage.elsewhere()
    page = delegate.get("/arts").text
    assert acts(page) == {f"/arts/dossiers/{stage.case_id}#oordeel": "Bekijk"}
    assert counts(page) == {"/arts": "0"}
    assert "Er wacht niets op u" in main_of(page)
    assert "De bedrijfsarts beoordeelt de oorzaak" in main_of(delegate.get("/arts/zonder-oordeel").text)


def test_the_worklist_shows_the_first_and_leads_to_all(stage: Stage, physician: Visitor) -> None:
    for _each in range(6):
        stage.elsewhere()
    page = main_of(physician.get("/arts").text)
    assert len(tasks_of(physician.get("/arts").text)) == 5
    assert "Alle 7 dossiers zonder oordeel" in page
    assert len(tasks_of(physician.get("/arts/zonder-oordeel").text)) == 7
    assert "Zo ver gaat deze lijst niet" in physician.get("/arts/zonder-oordeel", page=2).text


@pytest.mark.parametrize(
    ("who", "path", "read"),
    [
        (Role.PHYSICIAN, "/arts/mandaten", []),
        (Role.DELEGATE, "/arts/mandaten", []),
        (Role.SECRETARY, "/secretariaat/boeken/proefbalans", []),
        (Role.PROVIDER, "/provider/facturen", ["medical:provider_invoice:listed"]),
    ],
)
def test_the_menu_of_a_page_leaves_no_event(
    stage: Stage, sign_in: SignIn, who: Role, path: str, read: list[str]
) -> None:
    """R68: what is read is recorded, and a number in the menu is not something that was read."""
    actor = {
        Role.PHYSICIAN: stage.physician,
        Role.DELEGATE: stage.delegate,
        Role.SECRETARY: stage.secretary,
        Role.PROVIDER: stage.provider,
    }[who]
    visitor = sign_in(actor)
    before = trail(stage)
    page = visitor.get(path)
    assert page.status_code == 200
    assert counts(page.text)
    assert trail(stage) == before + read


def trail(stage: Stage) -> list[str]:
    """Return the tags of what this arbodienst has in its audit trail, in order."""
    with Session(stage.world.database.owner) as session:
        found = select(AuditEvent.tag).where(AuditEvent.tenant_id == stage.world.tenant_id)
        return list(session.exec(found.order_by(col(AuditEvent.seq))))
