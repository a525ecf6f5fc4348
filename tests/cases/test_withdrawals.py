"""A consent that was taken back stands before the physician until he has taken notice (R24)."""

from uuid import UUID, uuid4

import pytest

from cases.cases_read import CaseView
from cases.consents import NewConsent, give_consent, withdraw_consent
from cases.tables import ConsentForm, ConsentScope
from cases.withdrawals import WithdrawalView, list_withdrawals, see_withdrawal
from core.clock import today
from core.errors import Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from tests.cases.staff import Staff


@pytest.fixture
def case(staff: Staff) -> CaseView:
    return staff.case()


def given(staff: Staff, case: CaseView, scope: ConsentScope = ConsentScope.PROVIDER) -> UUID:
    new = NewConsent(scope=scope, form=ConsentForm.ORAL, given_on=today(), told_of_forwarding=True)
    return staff.doing(staff.physician, give_consent, case.id, new).consent.id


def listed(staff: Staff, actor: Actor) -> list[WithdrawalView]:
    return list(staff.doing(actor, list_withdrawals))


def test_what_the_employee_withdrew_is_shown_until_a_physician_has_seen_it(staff: Staff, case: CaseView) -> None:
    """R24."""
    consent_id = given(staff, case)
    assert listed(staff, staff.physician) == []
    staff.doing(staff.employee(case), withdraw_consent, consent_id)
    for reader in (staff.physician, staff.delegate):
        (shown,) = listed(staff, reader)
        assert (shown.consent_id, shown.case_id, shown.withdrawn_role) == (consent_id, case.id, Role.EMPLOYEE)
    with pytest.raises(Forbidden):
        staff.doing(staff.delegate, see_withdrawal, consent_id)
    for _time in range(2):
        staff.doing(staff.physician, see_withdrawal, consent_id)
    assert listed(staff, staff.physician) == listed(staff, staff.delegate) == []
    assert len(staff.events("cases:consent:seen")) == 1


def test_what_a_physician_withdrew_himself_is_no_news_to_him_but_to_his_colleague(staff: Staff, case: CaseView) -> None:
    """R24."""
    staff.doing(staff.physician, withdraw_consent, given(staff, case))
    assert listed(staff, staff.physician) == []
    assert len(listed(staff, staff.world.actor(Role.PHYSICIAN))) == 1


def test_only_what_was_withdrawn_can_be_seen_and_only_within_the_arbodienst(staff: Staff, case: CaseView) -> None:
    consent_id = given(staff, case)
    for unknown in (consent_id, uuid4()):
        with pytest.raises(NotFound):
            staff.doing(staff.physician, see_withdrawal, unknown)
    staff.doing(staff.employee(case), withdraw_consent, consent_id)
    other = type(staff.world)(staff.world.database)
    stranger = other.actor(Role.PHYSICIAN)
    assert listed(staff, stranger) == []
    with pytest.raises(NotFound):
        staff.doing(stranger, see_withdrawal, consent_id)


def test_others_are_turned_away(staff: Staff, case: CaseView) -> None:
    given(staff, case)
    for other in (staff.case_manager, staff.employee(case)):
        with pytest.raises(Forbidden):
            listed(staff, other)
