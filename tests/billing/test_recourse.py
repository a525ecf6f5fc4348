"""What an employer can claim back from who is liable for an absence (R63)."""

from uuid import UUID

import pytest

from billing.charging.recourse import RecourseCosts, recourse_costs
from cases.cases_read import get_case
from cases.liability import Liability, mark_liability
from cases.tables import ConsentScope
from core.clock import today
from core.errors import Forbidden, NotFound
from identity.actor import Actor
from tests.billing.office import CONF, OPEN, Office, Sick

MONTH = today().replace(day=1)
POOL = 5


def mark(office: Office, sick: Sick, employer: Actor, liable: bool = True) -> None:
    manager = office.case_manager(employer)
    with office.open(manager) as session:
        mark_liability(session, manager, sick.case_id, Liability(liable_party=liable))


def claimed(office: Office, employer: Actor, case_id: UUID) -> RecourseCosts:
    with office.open(employer) as session:
        return recourse_costs(session, employer, case_id)


def test_what_was_charged_under_the_reference_of_the_employee_can_be_claimed(office: Office, employer: Actor) -> None:
    """R63."""
    sick = office.supplied(employer, intervention=OPEN)
    office.supplied(employer, intervention=OPEN)
    mark(office, sick, employer)
    assert claimed(office, employer, sick.case_id).months == ()
    office.run()
    found = claimed(office, employer, sick.case_id)
    assert (found.employee_reference, found.net_cents) == (sick.reference, 100_00)
    assert [(month.month, month.net_cents) for month in found.months] == [(MONTH, 100_00)]


def test_a_treatment_is_in_nobodys_claim(office: Office, employer: Actor) -> None:
    """R63: neither what was pooled nor a line of its own, to which the employee consented, says whose it is."""
    sick = [office.supplied(employer, intervention=CONF) for _nth in range(POOL)]
    sick.append(office.supplied(employer, ConsentScope.EMPLOYER, intervention=CONF))
    office.run()
    for each in sick:
        mark(office, each, employer)
        assert claimed(office, employer, each.case_id).months == ()


def test_without_somebody_liable_there_is_nothing_to_claim(office: Office, employer: Actor) -> None:
    """R63."""
    sick = office.supplied(employer, intervention=OPEN)
    with pytest.raises(NotFound):
        claimed(office, employer, sick.case_id)
    mark(office, sick, employer)
    mark(office, sick, employer, liable=False)
    with pytest.raises(NotFound):
        claimed(office, employer, sick.case_id)


def test_another_employer_claims_nothing_here(office: Office, employer: Actor) -> None:
    sick = office.supplied(employer, intervention=OPEN)
    mark(office, sick, employer)
    with pytest.raises(NotFound):
        claimed(office, office.employer("Transport Duinwijk"), sick.case_id)
    manager = office.case_manager(employer)
    with office.open(manager) as session, pytest.raises(Forbidden):
        recourse_costs(session, manager, sick.case_id)


def test_who_keeps_the_case_marks_it_and_nobody_else(office: Office, employer: Actor) -> None:
    sick = office.sick(employer)
    with office.open(employer) as session, pytest.raises(NotFound):
        mark_liability(session, employer, sick.case_id, Liability(liable_party=True))
    stranger = office.case_manager(office.employer("Transport Duinwijk"))
    with office.open(stranger) as session, pytest.raises(NotFound):
        mark_liability(session, stranger, sick.case_id, Liability(liable_party=True))
    mark(office, sick, employer)
    with office.open(employer) as session:
        assert get_case(session, employer, sick.case_id).liable_party
