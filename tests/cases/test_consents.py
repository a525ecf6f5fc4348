"""Consent is given in four scopes, shown to whom it concerns, and withdrawn with effect at once (R23-R26)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from cases.cases_read import CaseView
from cases.consents import Given, NewConsent, consent_in_force, give_consent, list_consents, withdraw_consent
from cases.tables import ConsentScope
from core.clock import today
from core.database import Door
from core.errors import Forbidden, Invalid, NotFound
from identity.actor import Actor
from identity.roles import Role
from tests.cases.staff import Staff


@pytest.fixture
def case(staff: Staff) -> CaseView:
    return staff.case()


def give(staff: Staff, actor: Actor, case: CaseView, scope: str = "provider", **changes: Any) -> Given:
    facts = {"scope": scope, "form": "oral", "given_on": today(), "told_of_forwarding": scope == "employer"}
    return staff.doing(actor, give_consent, case.id, NewConsent.model_validate(facts | changes))


def in_force(staff: Staff, actor: Actor, case: CaseView, scope: ConsentScope) -> bool:
    with staff.world.acting(Door.CARE, actor) as session:
        return consent_in_force(session, case.id, scope) is not None


@pytest.mark.parametrize("scope", list(ConsentScope))
def test_each_scope_stands_by_itself(staff: Staff, case: CaseView, scope: ConsentScope) -> None:
    """R24, R25."""
    given = give(staff, staff.physician, case, scope)
    assert (given.known, given.consent.in_force, given.consent.scope) == (False, True, scope)
    for each in ConsentScope:
        assert in_force(staff, staff.physician, case, each) == (each == scope)


def test_physician_delegate_and_the_employee_himself_record_it(staff: Staff, case: CaseView) -> None:
    """R23."""
    recorders = (staff.physician, staff.delegate, staff.employee(case))
    for actor, scope in zip(recorders, ("provider", "insurer", "report_back"), strict=True):
        assert give(staff, actor, case, scope).consent.recorded_by == actor.account_id
    events = staff.events("cases:consent:given")
    assert {(event.account_id, event.reason) for event in events} == {
        (actor.account_id, scope)
        for actor, scope in zip(recorders, ("provider", "insurer", "report_back"), strict=True)
    }
    assert {event.data_subject_id for event in events} == {case.employee_id}


def test_nobody_else_records_it(staff: Staff, case: CaseView) -> None:
    """R23."""
    for role in (Role.SECRETARY, Role.PROVIDER, Role.NETWORK_MANAGER, Role.AUDITOR):
        with pytest.raises(Forbidden):
            give(staff, staff.world.actor(role), case)
    with pytest.raises(Forbidden):
        give(staff, staff.case_manager, case)
    with pytest.raises(NotFound):
        give(staff, staff.employer, case)
    colleague = staff.employee(staff.case("P-2"))
    stranger = staff.world.actor(Role.DELEGATE, employers=(staff.other_employer_id,))
    for actor in (colleague, stranger):
        with pytest.raises(NotFound):
            give(staff, actor, case)


def test_a_second_consent_of_the_scope_is_the_first(staff: Staff, case: CaseView) -> None:
    first = give(staff, staff.physician, case)
    with ThreadPoolExecutor(3) as threads:
        others = list(threads.map(lambda _each: give(staff, staff.delegate, case, form="written"), range(3)))
    assert {other.consent.id for other in others} == {first.consent.id}
    assert all(other.known for other in others)
    assert len(staff.events("cases:consent:given")) == 1


def test_the_employer_may_only_know_when_the_employee_was_told_of_forwarding(staff: Staff, case: CaseView) -> None:
    """R26."""
    with pytest.raises(Invalid) as refused:
        give(staff, staff.physician, case, "employer", told_of_forwarding=False)
    assert [error.field for error in refused.value.errors] == ["told_of_forwarding"]
    assert give(staff, staff.physician, case, "employer").consent.told_of_forwarding
    assert not give(staff, staff.physician, case, "insurer", told_of_forwarding=True).consent.told_of_forwarding


def test_a_consent_is_given_within_the_absence_and_before_tomorrow(staff: Staff, case: CaseView) -> None:
    with pytest.raises(Invalid) as refused:
        give(staff, staff.physician, case, given_on=case.first_sick_day - timedelta(days=1))
    assert [error.field for error in refused.value.errors] == ["given_on"]
    with pytest.raises(ValidationError):
        give(staff, staff.physician, case, given_on=today() + timedelta(days=1))
    give(staff, staff.physician, case, given_on=case.first_sick_day)


def test_withdrawal_works_at_once_and_is_told_to_the_medical_side(staff: Staff, case: CaseView) -> None:
    """R24."""
    given = give(staff, staff.physician, case).consent
    gone = staff.doing(staff.employee(case), withdraw_consent, given.id)
    assert not gone.in_force
    assert not in_force(staff, staff.physician, case, ConsentScope.PROVIDER)
    assert staff.jobs("medical.consent_withdrawn") == [
        {"consent_id": str(given.id), "tenant_id": str(staff.world.tenant_id)}
    ]
    again = give(staff, staff.physician, case).consent
    assert again.id != given.id


def test_withdrawing_twice_is_told_once(staff: Staff, case: CaseView) -> None:
    given = give(staff, staff.physician, case).consent
    first = staff.doing(staff.physician, withdraw_consent, given.id)
    assert staff.doing(staff.delegate, withdraw_consent, given.id) == first
    assert len(staff.jobs("medical.consent_withdrawn")) == 1
    assert len(staff.events("cases:consent:withdrawn")) == 1


def test_a_consent_of_others_is_not_found(staff: Staff, case: CaseView) -> None:
    given = give(staff, staff.physician, case).consent
    colleague = staff.employee(staff.case("P-2"))
    stranger = staff.world.actor(Role.DELEGATE, employers=(staff.other_employer_id,))
    for actor, consent_id in ((colleague, given.id), (stranger, given.id), (staff.physician, uuid4())):
        with pytest.raises(NotFound):
            staff.doing(actor, withdraw_consent, consent_id)
    assert in_force(staff, staff.physician, case, ConsentScope.PROVIDER)


def test_a_case_manager_sees_what_concerns_employer_and_insurer_only(staff: Staff, case: CaseView) -> None:
    """R18."""
    for scope in ConsentScope:
        give(staff, staff.physician, case, scope)
    assert {view.scope for view in staff.doing(staff.case_manager, list_consents, case.id).items} == {
        ConsentScope.EMPLOYER,
        ConsentScope.INSURER,
    }
    for actor in (staff.physician, staff.delegate, staff.employee(case)):
        assert {view.scope for view in staff.doing(actor, list_consents, case.id).items} == set(ConsentScope)
    with pytest.raises(NotFound):
        staff.doing(staff.employer, list_consents, case.id)


def test_withdrawn_consents_stay_on_the_list_newest_first(staff: Staff, case: CaseView) -> None:
    first = give(staff, staff.physician, case).consent
    staff.doing(staff.physician, withdraw_consent, first.id)
    second = give(staff, staff.physician, case).consent
    page = staff.doing(staff.physician, list_consents, case.id)
    assert [(view.id, view.in_force) for view in page.items] == [(second.id, True), (first.id, False)]
    assert staff.doing(staff.physician, list_consents, case.id, 2, 1).items == page.items[1:]
