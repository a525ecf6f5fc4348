"""A report of sickness opens a case, continues one, or is known already (R64)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from cases.cases_open import NewCase, Outcome, open_case
from cases.cases_read import list_cases
from cases.tables import SickSpell
from cases.timelines import get_timeline
from core.clock import today
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.validation import field_errors
from identity.roles import OrganisationKind, Role
from tests.cases.staff import Staff
from tests.world import World


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def spells_in_the_database(staff: Staff) -> int:
    with Session(staff.world.database.owner) as session:
        return len(session.exec(select(SickSpell).where(SickSpell.tenant_id == staff.world.tenant_id)).all())


@pytest.mark.parametrize("role", ["physician", "delegate", "case_manager"])
def test_each_who_keeps_cases_opens_one(staff: Staff, role: str) -> None:
    opening = staff.report(sick_since=ago(370), postcode="3511 AB", by=getattr(staff, role))
    case = opening.case
    assert opening.outcome is Outcome.OPENED
    assert (case.sickness_week, case.sickness_year, case.closed) == (53, 2, False)
    assert (case.employer_name, case.employee_reference, case.postcode) == ("Bakkerij Van Dam", "P-100", "3511")
    assert case.number.startswith("Z-")


@pytest.mark.parametrize("role", set(Role) - {Role.PHYSICIAN, Role.DELEGATE, Role.CASE_MANAGER, Role.SYSTEM})
def test_nobody_else_opens_a_case(staff: Staff, role: Role) -> None:
    actor = staff.world.actor(role, staff.employer_id if role is Role.EMPLOYER else None)
    with pytest.raises((Forbidden, NotFound)):
        staff.report(by=actor)
    assert spells_in_the_database(staff) == 0


def test_a_second_submit_gives_the_same_case(staff: Staff) -> None:
    first, second = staff.report(sick_since=ago(3)), staff.report(sick_since=ago(3), by=staff.physician)
    assert second.outcome is Outcome.KNOWN
    assert second.case.id == first.case.id
    assert spells_in_the_database(staff) == 1


def test_two_submits_at_once_open_one_case(staff: Staff) -> None:
    with ThreadPoolExecutor(4) as threads:
        openings = list(threads.map(lambda _each: staff.report(sick_since=ago(3)), range(4)))
    assert len({opening.case.id for opening in openings}) == 1
    assert sorted(opening.outcome.value for opening in openings) == ["known", "known", "known", "opened"]
    assert spells_in_the_database(staff) == 1


def test_a_running_case_stands_in_the_way_of_another(staff: Staff) -> None:
    staff.report(sick_since=ago(30))
    with pytest.raises(Conflict) as refused:
        staff.report(sick_since=ago(3))
    assert refused.value.possible == ("recovery",)
    assert spells_in_the_database(staff) == 1


@pytest.mark.parametrize(("gap", "outcome"), [(0, "continued"), (27, "continued"), (28, "opened")])
def test_four_weeks_decide_whether_a_new_spell_continues_the_case(staff: Staff, gap: int, outcome: str) -> None:
    """R64."""
    first = staff.report(sick_since=ago(100)).case
    staff.recover(first.id, ago(50 + gap))
    again = staff.report(sick_since=ago(50))
    assert again.outcome.value == outcome
    assert (again.case.id == first.id) == (outcome == "continued")
    counted = 50 - gap if outcome == "continued" else 0
    assert again.case.sickness_week == (counted + 50) // 7 + 1
    assert again.case.closed is False
    assert again.case.first_sick_day == (ago(100) if outcome == "continued" else ago(50))


def test_a_report_that_was_sent_again_after_recovery_reopens_nothing(staff: Staff) -> None:
    first = staff.report(sick_since=ago(40)).case
    staff.recover(first.id, ago(10))
    again = staff.report(sick_since=ago(40))
    assert again.outcome is Outcome.KNOWN
    assert again.case.closed


def test_spells_do_not_overlap(staff: Staff) -> None:
    first = staff.report(sick_since=ago(40)).case
    staff.recover(first.id, ago(10))
    with pytest.raises(Invalid) as refused:
        staff.report(sick_since=ago(11))
    assert [error.field for error in refused.value.errors] == ["first_sick_day"]
    with pytest.raises(Invalid):
        staff.report(sick_since=ago(400))


def test_employees_of_two_employers_may_have_one_reference(staff: Staff) -> None:
    here = staff.report(by=staff.physician).case
    there = staff.report(by=staff.physician, employer_id=staff.other_employer_id).case
    assert here.employee_id != there.employee_id


def test_an_employer_of_others_is_not_found(staff: Staff) -> None:
    elsewhere = World(staff.world.database).organisation(OrganisationKind.EMPLOYER, "Elders")
    provider = staff.world.organisation(OrganisationKind.PROVIDER, "Geen werkgever")
    for employer_id in (uuid4(), elsewhere, provider):
        with pytest.raises(NotFound):
            staff.report(by=staff.physician, employer_id=employer_id)
    for actor in (staff.delegate, staff.case_manager):
        with pytest.raises(NotFound):
            staff.report(by=actor, employer_id=staff.other_employer_id)


def test_every_fault_of_the_input_is_named_at_once() -> None:
    with pytest.raises(ValidationError) as fault:
        NewCase.model_validate(
            {
                "employer_id": "x",
                "employee_ref": "",
                "first_sick_day": str(today() + timedelta(days=1)),
                "postcode": "0000",
                "diagnosis": "griep",
            }
        )
    assert {error.field for error in field_errors(fault.value)} == {
        "employer_id",
        "employee_ref",
        "first_sick_day",
        "postcode",
        "diagnosis",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_sick_day", "1989-12-31"),
        ("first_sick_day", "2026-02-30"),
        ("employee_ref", "111222333"),  # could be a BSN (R72)
        ("employee_ref", "x" * 41),
        ("employee_ref", "twee\nregels"),
        ("postcode", "9999 ZZZ"),
        ("employee_name", "x" * 201),
    ],
)
def test_input_out_of_bounds_is_refused(field: str, value: str) -> None:
    """R72."""
    good = {"employer_id": str(uuid4()), "employee_ref": "P-1", "first_sick_day": str(today())}
    NewCase.model_validate(good)
    with pytest.raises(ValidationError) as fault:
        NewCase.model_validate(good | {field: value})
    assert [error.field for error in field_errors(fault.value)] == [field]


def test_opening_is_the_first_step_done_and_stands_in_the_audit_trail(staff: Staff) -> None:
    case = staff.report().case
    (event,) = staff.events("cases:case:opened")
    assert (event.subject_id, event.account_id) == (case.id, staff.delegate.account_id)
    assert event.data_subject_id == case.employee_id
    (first, *_others) = staff.doing(staff.case_manager, get_timeline, case.id).steps
    assert (first.nr, first.done, first.done_on) == (1, True, today())


def test_a_refused_report_leaves_nothing_behind(staff: Staff) -> None:
    staff.report(sick_since=ago(30))
    with pytest.raises(Conflict):
        staff.report(sick_since=ago(3))
    with pytest.raises(NotFound):
        staff.doing(
            staff.delegate,
            open_case,
            NewCase(employer_id=staff.other_employer_id, employee_ref="Q-1", first_sick_day=today()),
        )
    assert staff.doing(staff.physician, list_cases).total == 1
