"""What the case manager asked for, of one case or of all: open interventions, and the insurer's share (R5, R57)."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from cases.requests import NewRequest, request_intervention
from cases.tables import ConsentScope, RequestState
from identity.actor import Actor
from medical.referrals.requests import settle_request
from network.tables import RegistrationKind
from tests.billing.office import CONF, OPEN, Office, Sick
from tests.network.offers import add_offering, add_provider
from tests.portal.open_pages import rows_of, words_of
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

REQUESTS, COFINANCING = "/regie/aanvragen", "/regie/cofinanciering"


@dataclass
class Desk:
    """A case manager of one employer with two cases, of which each has what he asked for."""

    office: Office
    actor: Actor
    manager: Visitor
    cases: list[Sick]
    requests: list[UUID] = field(default_factory=list)

    def ask(self, sick: Sick, offering_id: UUID) -> None:
        new = NewRequest(case_id=sick.case_id, offering_id=offering_id, goal=f"Zicht op werk voor {sick.reference}")
        with self.office.open(self.actor) as session:
            self.requests.append(request_intervention(session, self.actor, new).request.id)


@pytest.fixture
def desk(world: World, sign_in: SignIn) -> Desk:
    office = Office(world)
    employer = office.employer()
    office.insurer(employer)
    cases = [office.sick(employer, ConsentScope.EMPLOYER, ConsentScope.INSURER) for _each in range(2)]
    for sick in cases:
        office.referred(sick, CONF, cofinancing=True)
    actor = office.case_manager(employer)
    desk = Desk(office, actor, sign_in(actor), cases)
    offering_id = add_offering(world, add_provider(world, "Arbeidskundig", RegistrationKind.SRA), intervention=OPEN)
    for sick in cases:
        desk.ask(sick, offering_id)
    return desk


def test_everything_that_was_asked_stands_on_one_list_the_newest_first(desk: Desk) -> None:
    """R5."""
    rows = rows_of(desk.manager.get(REQUESTS).text)
    assert [sick.reference in row for sick, row in zip(reversed(desk.cases), rows, strict=True)] == [True, True]
    assert all("Ligt bij de bedrijfsarts" in row for row in rows)


@pytest.mark.parametrize("path", [REQUESTS, f"{COFINANCING}?tab=all"])
def test_a_case_leads_to_its_own_requests_and_one_click_to_all(desk: Desk, path: str) -> None:
    sick = desk.cases[0]
    link = f"{path}{'&' if '?' in path else '?'}dossier={sick.case_id}"
    case = desk.manager.get(f"/regie/dossiers/{sick.case_id}").text
    assert f'href="{link}"' in case.replace("&amp;", "&")
    page = desk.manager.get(link).text
    assert len(rows_of(page)) == 1
    assert "J. Kanarie" in words_of(page, "//ul[contains(@class, 'chips')]")
    assert len(rows_of(desk.manager.get(path).text)) == 2


def test_requests_are_filtered_by_what_became_of_them(desk: Desk) -> None:
    with desk.office.care(desk.office.system) as session:
        settle_request(session, desk.requests[0], RequestState.GRANTED)
    for state, reference in (("granted", desk.cases[0].reference), ("pending", desk.cases[1].reference)):
        (row,) = rows_of(desk.manager.get(REQUESTS, state=state).text)
        assert reference in row
    assert "Geen aanvraag past bij deze filters" in desk.manager.get(REQUESTS, state="refused").text
    other = desk.manager.get(REQUESTS, state="granted", dossier=desk.cases[1].case_id)
    assert "Geen aanvraag past bij deze filters" in other.text
    assert "Zo ver gaat deze lijst niet" in desk.manager.get(REQUESTS, page=2).text


def test_of_a_case_without_requests_the_lists_say_so(desk: Desk) -> None:
    sent = desk.manager.get(COFINANCING, tab="sent", dossier=desk.cases[0].case_id)
    assert "Van dit dossier staat hier geen aanvraag" in sent.text
    assert len(rows_of(desk.manager.get(COFINANCING, dossier=desk.cases[0].case_id).text)) == 1


@pytest.mark.parametrize("path", [REQUESTS, COFINANCING])
def test_a_case_of_others_is_not_there(desk: Desk, sign_in: SignIn, path: str) -> None:
    other = sign_in(desk.office.case_manager(desk.office.employer("Bakkerij Zonneveld")))
    for case_id in (desk.cases[0].case_id, uuid4()):
        assert other.get(path, dossier=case_id).status_code == 404
    page = other.get(path)
    assert (page.status_code, '<p class="empty-what">' in page.text) == (200, True)


def test_the_name_of_the_insurer_stands_where_it_is_asked(desk: Desk) -> None:
    """R57."""
    request = desk.manager.get(COFINANCING).text
    path = next(href for href in request.split('"') if href.startswith(f"{COFINANCING}/"))
    assert "Verzekeraar Verzekeraar De Eik" in words_of(desk.manager.get(path).text)
    check = desk.manager.send(path, daily_cost="340,00", act="check")
    assert "Verzekeraar De Eik" in words_of(check.text, "//*[contains(@class, 'sending')]")
