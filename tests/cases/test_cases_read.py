"""Who sees which cases, and how lists are cut."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event

from cases.cases_read import CaseFilter, get_case, list_cases
from cases.employers import employers_of, find_employer, list_employers
from cases.timelines import timelines
from cases.weeks import Spell
from core.clock import today
from core.database import Database, Door
from core.errors import Forbidden, NotFound
from identity.roles import OrganisationKind, Role
from tests.cases.staff import Staff, staff_of
from tests.world import World


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database.engine(Door.OPEN), "before_cursor_execute", note)
    yield seen
    event.remove(database.engine(Door.OPEN), "before_cursor_execute", note)


def test_a_case_as_its_readers_see_it(staff: Staff) -> None:
    case = staff.case(days_ago=60)
    for actor in (staff.physician, staff.delegate, staff.case_manager):
        assert staff.doing(actor, get_case, case.id).number == case.number
    assert case.spells == (Spell(today() - timedelta(days=60)),)
    assert staff.doing(staff.physician, get_case, case.id).sickness_week == 60 // 7 + 1


def test_the_employer_knows_his_employee_but_not_the_number_of_the_case(staff: Staff) -> None:
    case = staff.case()
    seen = staff.doing(staff.employer, get_case, case.id)
    assert (seen.employee_reference, seen.number) == ("P-100", "")
    found = staff.doing(staff.employer, list_cases, CaseFilter(q=case.number))
    assert found.total == 0


def test_the_employee_sees_his_own_case_only(staff: Staff) -> None:
    mine, other = staff.case("P-1"), staff.case("P-2")
    employee = staff.employee(mine)
    assert staff.doing(employee, get_case, mine.id).employer_name == "Bakkerij Van Dam"
    assert [case.id for case in staff.doing(employee, list_cases).items] == [mine.id]
    with pytest.raises(NotFound):
        staff.doing(employee, get_case, other.id)


def test_cases_of_others_are_not_found(staff: Staff) -> None:
    """R70."""
    case = staff.case()
    elsewhere = staff_of(World(staff.world.database))
    strangers = [
        elsewhere.physician,
        staff.world.actor(Role.DELEGATE, employers=(staff.other_employer_id,)),
        staff.world.actor(Role.CASE_MANAGER, employers=(staff.other_employer_id,)),
        staff.world.actor(Role.EMPLOYER, staff.other_employer_id),
        staff.world.actor(Role.INSURER, staff.world.organisation(OrganisationKind.INSURER, "Polis")),
        staff.world.actor(Role.PROVIDER, staff.world.organisation(OrganisationKind.PROVIDER, "Praktijk")),
        staff.world.actor(Role.NETWORK_MANAGER),
        staff.world.actor(Role.AUDITOR),
    ]
    for stranger in strangers:
        with pytest.raises(NotFound):
            staff.doing(stranger, get_case, case.id)
    with pytest.raises(NotFound):
        staff.doing(staff.physician, get_case, uuid4())


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.NETWORK_MANAGER, Role.AUDITOR, Role.SECRETARY])
def test_members_without_a_part_in_cases_get_no_list(staff: Staff, role: Role) -> None:
    with pytest.raises(Forbidden):
        staff.doing(staff.world.actor(role), list_cases)


def test_an_insurer_does_not_learn_that_there_are_cases(staff: Staff) -> None:
    with pytest.raises(NotFound):
        staff.doing(staff.world.actor(Role.INSURER), list_cases)


def test_lists_are_cut_to_employers_one_works_for(staff: Staff) -> None:
    """R17."""
    mine = staff.case("P-1")
    staff.report("P-2", by=staff.physician, employer_id=staff.other_employer_id)
    assert staff.doing(staff.physician, list_cases).total == 2
    for actor in (staff.delegate, staff.case_manager, staff.employer):
        assert [case.id for case in staff.doing(actor, list_cases).items] == [mine.id]


def test_filters(staff: Staff) -> None:
    first, second = staff.case("P-1", days_ago=363), staff.case("X_2", days_ago=364)
    gone = staff.case("X%3", days_ago=400)
    staff.recover(gone.id, today() - timedelta(days=390))
    other = staff.report("P-4", by=staff.physician, employer_id=staff.other_employer_id).case

    def found(**wanted: object) -> set[object]:
        page = staff.doing(staff.physician, list_cases, CaseFilter(**wanted))  # type: ignore[arg-type]
        return {case.id for case in page.items}

    assert found() == {first.id, second.id, gone.id, other.id}
    assert found(year=1) == {first.id, gone.id, other.id}
    assert found(year=2) == {second.id}
    assert found(closed=True) == {gone.id}
    assert found(closed=False) == {first.id, second.id, other.id}
    assert found(employer_id=staff.other_employer_id) == {other.id}
    assert found(q="p-") == {first.id, other.id}
    assert found(q="_") == {second.id}
    assert found(q="%") == {gone.id}
    assert found(q=second.number[2:].lower()) == {second.id}


def test_the_year_of_a_case_counts_joined_spells(staff: Staff) -> None:
    """R28."""
    case = staff.case(days_ago=390)
    staff.recover(case.id, today() - timedelta(days=300))
    staff.report(sick_since=today() - timedelta(days=280))
    year_2 = CaseFilter(year=2)
    assert [found.sickness_year for found in staff.doing(staff.physician, list_cases, year_2).items] == [2]
    shorter = staff.case("P-2", days_ago=380)
    staff.recover(shorter.id, today() - timedelta(days=300))
    staff.report("P-2", sick_since=today() - timedelta(days=280))
    assert staff.doing(staff.physician, list_cases, year_2).total == 1
    assert staff.doing(staff.physician, get_case, shorter.id).sickness_year == 1


def test_pages_hold_every_case_once(staff: Staff) -> None:
    made = {staff.case(f"P-{number}", days_ago=number).id for number in range(5)}
    pages = [staff.doing(staff.physician, list_cases, None, page, 2) for page in (1, 2, 3, 4)]
    assert [len(page.items) for page in pages] == [2, 2, 1, 0]
    assert {case.id for page in pages for case in page.items} == made
    assert {page.total for page in pages} == {5}


def test_running_cases_come_first(staff: Staff) -> None:
    running = staff.case("P-1", days_ago=90)
    closed = staff.case("P-2", days_ago=30)
    staff.recover(closed.id, today() - timedelta(days=1))
    assert [case.id for case in staff.doing(staff.physician, list_cases).items] == [running.id, closed.id]


def test_a_worklist_takes_three_queries_however_long(staff: Staff) -> None:
    for number in range(6):
        staff.case(f"P-{number}", days_ago=number * 20)
    with staff.world.acting(Door.OPEN, staff.physician) as session, statements(staff.world.database) as seen:
        page = list_cases(session, staff.physician)
        clocks = timelines(session, staff.physician, page.items)
    assert len(clocks) == 6
    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 3


def test_employers_one_works_for(staff: Staff) -> None:
    assert [e.name for e in staff.doing(staff.physician, employers_of)] == ["Bakkerij Van Dam", "Drukkerij De Pers"]
    for actor in (staff.delegate, staff.case_manager):
        assert [e.id for e in staff.doing(actor, employers_of)] == [staff.employer_id]
        with pytest.raises(NotFound):
            staff.doing(actor, find_employer, staff.other_employer_id)
    with pytest.raises(Forbidden):
        staff.doing(staff.world.actor(Role.SECRETARY), employers_of)
    page = staff.doing(staff.physician, list_employers, "pers")
    assert [e.id for e in page.items] == [staff.other_employer_id]
    assert staff.doing(staff.physician, list_employers, None, 2, 1).total == 2
