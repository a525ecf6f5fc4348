"""A case manager asks for what is open and not medical, and for nothing else (R4, R5)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import update
from sqlmodel import Session, col

from cases.cases_read import CaseView
from cases.requests import Asked, NewRequest, RequestFilter, get_request, list_requests, request_intervention
from cases.tables import InterventionRequest, RequestState
from core.clock import today
from core.errors import Conflict, Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from network.tables import OfferingState, OrganisationProfile, RegistrationKind
from tests.cases.staff import Staff, staff_of
from tests.network.offers import add_offering, add_provider
from tests.world import World


@pytest.fixture
def case(staff: Staff) -> CaseView:
    return staff.case()


def offering(staff: Staff, intervention: str = "ADO", **changes: Any) -> UUID:
    provider_id = add_provider(staff.world, "Arbeidskundig", RegistrationKind.SRA, RegistrationKind.BIG)
    return add_offering(staff.world, provider_id, intervention=intervention, **changes)


def ask(staff: Staff, case: CaseView, offering_id: UUID, by: Actor | None = None, goal: str = "Wat kan nog?") -> Asked:
    new = NewRequest(case_id=case.id, offering_id=offering_id, goal=goal)
    return staff.doing(by or staff.case_manager, request_intervention, new)


def test_a_request_goes_up_the_road_with_ids_only(staff: Staff, case: CaseView) -> None:
    """R5."""
    asked = ask(staff, case, offering(staff))
    request = asked.request
    assert not asked.known
    assert (request.state, request.intervention, request.goal) == (RequestState.PENDING, "ADO", "Wat kan nog?")
    assert staff.jobs("medical.request_intervention") == [
        {"request_id": str(request.id), "tenant_id": str(staff.world.tenant_id)}
    ]
    (event,) = staff.events("cases:request:sent")
    assert (event.subject_id, event.data_subject_id) == (request.id, case.employee_id)


def test_the_same_request_again_is_the_first_while_it_waits(staff: Staff, case: CaseView) -> None:
    offering_id = offering(staff)
    with ThreadPoolExecutor(3) as threads:
        asked = list(threads.map(lambda _each: ask(staff, case, offering_id), range(3)))
    assert len({each.request.id for each in asked}) == 1
    assert len(staff.jobs("medical.request_intervention")) == 1
    decided = update(InterventionRequest).where(col(InterventionRequest.id) == asked[0].request.id)
    with Session(staff.world.database.owner) as session:
        session.execute(decided.values(state=RequestState.REFUSED))
        session.commit()
    assert not ask(staff, case, offering_id).known


@pytest.mark.parametrize("intervention", ["PSY", "BMW", "SHV", "FYS"])
def test_nothing_confidential_or_medical_can_be_asked_for(staff: Staff, case: CaseView, intervention: str) -> None:
    """R4, R5."""
    with pytest.raises(Forbidden):
        ask(staff, case, offering(staff, intervention))
    assert staff.jobs("medical.request_intervention") == []


def test_a_provider_whose_name_tells_of_care_makes_an_open_intervention_confidential(
    staff: Staff, case: CaseView
) -> None:
    """R5."""
    offering_id = offering(staff, "LPB")
    reveals = update(OrganisationProfile).values(name_reveals_care=True)
    with Session(staff.world.database.owner) as session:
        session.execute(reveals.where(col(OrganisationProfile.tenant_id) == staff.world.tenant_id))
        session.commit()
    with pytest.raises(Forbidden):
        ask(staff, case, offering_id)


def test_what_nobody_can_refer_to_cannot_be_asked_for(staff: Staff, case: CaseView) -> None:
    for changes in ({"state": OfferingState.SUBMITTED}, {"price_valid_until": today() - timedelta(days=1)}):
        with pytest.raises(Conflict):
            ask(staff, case, offering(staff, **changes))


def test_unknown_and_foreign_ids_are_not_found(staff: Staff, case: CaseView) -> None:
    elsewhere = staff_of(World(staff.world.database))
    foreign_case, foreign_offering = elsewhere.case(), offering(elsewhere)
    with pytest.raises(NotFound):
        ask(staff, case, uuid4())
    with pytest.raises(NotFound):
        ask(staff, case, foreign_offering)
    with pytest.raises(NotFound):
        ask(staff, foreign_case, offering(staff))
    stranger = staff.world.actor(Role.CASE_MANAGER, employers=(staff.other_employer_id,))
    with pytest.raises(NotFound):
        ask(staff, case, offering(staff), by=stranger)


def test_a_closed_case_takes_no_request(staff: Staff, case: CaseView) -> None:
    offering_id = offering(staff)
    staff.recover(case.id, today())
    with pytest.raises(Conflict):
        ask(staff, case, offering_id)


@pytest.mark.parametrize("role", set(Role) - {Role.CASE_MANAGER, Role.EMPLOYER, Role.INSURER, Role.SYSTEM})
def test_only_a_case_manager_asks_and_reads_requests(staff: Staff, case: CaseView, role: Role) -> None:
    """R5."""
    with pytest.raises(Forbidden):
        ask(staff, case, offering(staff), by=staff.world.actor(role))
    with pytest.raises(Forbidden):
        staff.doing(staff.world.actor(role), list_requests)


@pytest.mark.parametrize("goal", ["", "   ", "x" * 501, "met \x00 teken"])
def test_the_goal_is_bounded_text(staff: Staff, case: CaseView, goal: str) -> None:
    with pytest.raises(ValidationError):
        ask(staff, case, uuid4(), goal=goal)


def test_requests_are_read_by_whoever_works_for_the_employer(staff: Staff, case: CaseView) -> None:
    request = ask(staff, case, offering(staff)).request
    other = ask(staff, staff.case("P-2"), offering(staff, "SP2")).request
    colleague = staff.world.actor(Role.CASE_MANAGER, employers=(staff.employer_id,))
    assert [each.id for each in staff.doing(colleague, list_requests).items] == [other.id, request.id]
    assert staff.doing(colleague, get_request, request.id) == request
    found = staff.doing(colleague, list_requests, RequestFilter(case.id, RequestState.PENDING))
    assert [each.id for each in found.items] == [request.id]
    assert staff.doing(colleague, list_requests, RequestFilter(state=RequestState.GRANTED)).total == 0
    stranger = staff.world.actor(Role.CASE_MANAGER, employers=(staff.other_employer_id,))
    assert staff.doing(stranger, list_requests).total == 0
    with pytest.raises(NotFound):
        staff.doing(stranger, get_request, request.id)
