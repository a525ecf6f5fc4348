"""Whoever comes past the use cases with SQL records no consent but his own, in no case but the right one."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cases.cases_read import CaseView
from cases.consents import NewConsent, give_consent
from cases.tables import ConsentForm, ConsentScope
from core.clock import today
from core.database import Door
from identity.actor import Actor
from tests.cases.staff import Staff


@pytest.fixture
def case(staff: Staff) -> CaseView:
    return staff.case()


def run(staff: Staff, actor: Actor, statement: str, **values: Any) -> None:
    with staff.world.acting(Door.OPEN, actor) as session:
        session.execute(text(statement), {"tenant": actor.tenant_id, "me": actor.account_id, **values})


GIVE = (
    "INSERT INTO cases.consent (id, tenant_id, created_at, case_id, employer_id, employee_id, scope, form, given_on,"
    " text_version, text_language, told_of_forwarding, recorded_by, recorded_role) VALUES (gen_random_uuid(), :tenant,"
    " now(), :case, :employer, :employee, 'provider', 'oral', '2026-01-01', '2026-1', 'nl', false, {who}, {role})"
)


@pytest.mark.parametrize(("who", "role"), [("gen_random_uuid()", "app.role()"), (":me", "'physician'")])
def test_nobody_records_a_consent_in_the_name_of_another(staff: Staff, case: CaseView, who: str, role: str) -> None:
    """R23."""
    named = {"case": case.id, "employer": case.employer_id, "employee": case.employee_id}
    with pytest.raises(DBAPIError, match="in the name of another"):
        run(staff, staff.employee(case), GIVE.format(who=who, role=role), **named)
    new = NewConsent(scope=ConsentScope.PROVIDER, form=ConsentForm.ORAL, given_on=today())
    staff.doing(staff.physician, give_consent, case.id, new)
    with pytest.raises(DBAPIError, match="in the name of another"):
        run(staff, staff.physician, "UPDATE cases.consent SET withdrawn_at = now()")


def test_an_employee_does_not_consent_in_the_case_of_another(staff: Staff, case: CaseView) -> None:
    """R23."""
    other = staff.case("P-200")
    named = {"case": other.id, "employer": case.employer_id, "employee": case.employee_id}
    with pytest.raises(DBAPIError, match="about a case as it is"):
        run(staff, staff.employee(case), GIVE.format(who=":me", role="app.role()"), **named)
