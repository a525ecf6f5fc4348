"""Reports of sickness and recovery in any order, on any day, held against a model that goes day by day (R64, R67)."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from cases.cases_open import NewCase
from cases.cases_read import CaseFilter, get_case, list_cases, sick_days_on
from cases.cases_recovery import Recovery, record_recovery
from cases.clock import Course, timeline
from cases.poortwachter import steps
from cases.tables import AbsenceCase, SickSpell
from cases.weeks import Spell
from core.clock import AMSTERDAM, standing_at, today
from core.database import Door
from core.errors import Conflict, Invalid
from identity.roles import Role
from tests.cases.staff import Staff, staff_of
from tests.cases.test_weeks import START, counted_day_by_day, day, histories
from tests.world import World

LAST = 400
"""The day on which all of it is told, counted from the first."""

ACTS = st.lists(st.tuples(st.sampled_from(["sick", "recovered"]), st.integers(0, LAST)), max_size=12)


class Model:
    """What becomes of one employee, kept as plainly as can be: which days he was sick, and one who is sick still."""

    def __init__(self) -> None:
        self.spells: list[tuple[int, int | None]] = []

    def sick(self, number: int) -> type[Exception] | None:
        """Return what a report that he is sick from a day on comes to, and let it happen."""
        if number in {first for first, _ended in self.spells}:
            return None  # the same report again
        last = self.spells[-1] if self.spells else None
        if last is not None and last[1] is None:
            return Conflict
        if last is not None and number < (last[1] or 0):
            return Invalid
        self.spells.append((number, None))
        return None

    def recovered(self, number: int) -> type[Exception] | None:
        """Return what a report that he has recovered comes to, and let it happen."""
        first, ended = self.spells[-1]
        if ended is not None:
            return None if ended == number else Conflict
        if number <= first:
            return Invalid
        self.spells[-1] = (first, number)
        return None

    def days(self) -> int:
        """Count the sick days of the latest absence, day by day."""
        count = healthy = 0
        for number in range(LAST):
            if any(first <= number and (ended is None or number < ended) for first, ended in self.spells):
                count, healthy = (1 if healthy >= 28 else count + 1), 0
            elif not any(first > number for first, _ended in self.spells):
                return count
            else:
                healthy += 1
        begins_today = any(first == LAST for first, _ended in self.spells)
        return 0 if begins_today and healthy >= 28 else count


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_told_in_whatever_order(world: World, acts: list[tuple[str, int]]) -> None:
    """R64, R67."""
    staff, model, case_id = staff_of(World(world.database)), Model(), None
    begin = today() - timedelta(days=LAST)
    for kind, number in acts:
        told = begin + timedelta(days=number)
        if kind == "recovered" and case_id is None:
            continue
        expected = model.sick(number) if kind == "sick" else model.recovered(number)
        if expected is None:
            case_id = tell(staff, kind, told, case_id)
            continue
        with pytest.raises(expected):
            tell(staff, kind, told, case_id)
    assert_as_counted(staff, model, begin)


def tell(staff: Staff, kind: str, told: date, case_id: UUID | None) -> UUID:
    """Report sickness, or recovery of the case that was opened last; return that case."""
    if kind == "sick":
        reported = staff.report(sick_since=told).case.id
        return case_id if case_id and told < newest(staff, case_id) else reported
    assert case_id is not None
    return staff.recover(case_id, told).id


def newest(staff: Staff, case_id: UUID) -> date:
    return staff.doing(staff.physician, get_case, case_id).spells[-1].first_sick_day


def assert_as_counted(staff: Staff, model: Model, begin: date) -> None:
    cases = staff.doing(staff.physician, list_cases, page_size=100).items
    every = (spell for case in cases for spell in case.spells)
    spells = sorted(every, key=lambda spell: spell.first_sick_day)
    assert [((s.first_sick_day - begin).days, s.recovered_on and (s.recovered_on - begin).days) for s in spells] == (
        model.spells
    )
    assert sum(not case.closed for case in cases) == sum(ended is None for _first, ended in model.spells)
    if model.spells:
        latest = max(cases, key=lambda case: case.spells[-1].first_sick_day)
        assert latest.sickness_week == model.days() // 7 + 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spells=histories(), at=st.integers(0, 900))
def test_the_database_counts_sick_days_as_the_calendar_does(world: World, spells: list[Spell], at: int) -> None:
    """R64."""
    staff = staff_of(World(world.database))
    with standing_at(datetime.combine(day(1500), time(12), AMSTERDAM)):
        for number, spell in enumerate(joined(spells)):
            reported(staff, f"P-{number}", spell)
        with staff.world.acting(Door.OPEN, staff.physician) as session:
            count = sick_days_on(day(at))
            rows = session.execute(
                select(AbsenceCase.id, count).where(AbsenceCase.tenant_id == staff.world.tenant_id)
            ).all()
            cases = {case.id: case.spells for case in list_cases(session, staff.physician, page_size=100).items}
    for case_id, days in rows:
        of_case = [spell for spell in cases[case_id] if spell.first_sick_day <= day(at)]
        assert days == (counted_day_by_day(of_case)[at] if of_case else 0)


def joined(spells: list[Spell]) -> list[list[Spell]]:
    """Part spells into absences: four healthy weeks begin another."""
    absences: list[list[Spell]] = []
    for spell in sorted(spells):
        before = absences[-1][-1].recovered_on if absences else None
        if before is not None and (spell.first_sick_day - before).days < 28:
            absences[-1].append(spell)
        else:
            absences.append([spell])
    return absences


def reported(staff: Staff, reference: str, spells: list[Spell]) -> None:
    for spell in spells:
        case = staff.report(reference, spell.first_sick_day, by=staff.physician).case
        if spell.recovered_on is not None:
            staff.doing(staff.physician, record_recovery, case.id, spell.recovered_on)


def test_year_two_is_found_from_its_first_day_on(staff: Staff) -> None:
    """R64."""
    for reference, days in (("P-1", 363), ("P-2", 364)):
        staff.report(reference, today() - timedelta(days=days))
    for year, reference in ((1, "P-1"), (2, "P-2")):
        found = staff.doing(staff.physician, list_cases, CaseFilter(year=year)).items
        assert [case.employee_reference for case in found] == [reference]


@settings(deadline=None)
@given(spells=histories(), nr=st.sampled_from(sorted(steps())))
def test_the_last_day_of_a_step_is_the_last_of_its_week_on_the_calendar(spells: list[Spell], nr: int) -> None:
    """R65: found by walking through the days, those between two spells included."""
    absence = joined(spells)[-1]
    course = Course(absence, absence[0].first_sick_day, closed=False, on=absence[0].first_sick_day)
    views = [each for each in timeline(uuid4(), course, {}, Role.PHYSICIAN).steps if each.nr == nr and each.week]
    counts = counted_day_by_day(absence)
    begin = (absence[0].first_sick_day - START).days
    for view in views:
        if steps()[nr].day is not None or view.week is None or view.due_on is None:
            continue
        in_time = [n for n in range(begin, len(counts)) if counts[n] // 7 + 1 <= view.week - view.before]
        assert view.due_on == day(in_time[-1])


SUMMER, WINTER = date(2026, 3, 29), date(2026, 10, 25)
"""The days on which the clock in the Netherlands changes: one has 23 hours, and one 25."""


@pytest.mark.parametrize(
    ("moment", "local"),
    [
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), SUMMER),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), SUMMER),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), WINTER),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), WINTER),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_a_first_sick_day_is_in_the_future_by_the_clock_of_the_netherlands(moment: datetime, local: date) -> None:
    """R64: also in the nights in which that clock changes."""
    facts = {"employer_id": uuid4(), "employee_ref": "P-1"}
    with standing_at(moment):
        assert NewCase.model_validate(facts | {"first_sick_day": local}).first_sick_day == local
        assert Recovery(recovered_on=local).recovered_on == local
        for model, wrong in ((NewCase, facts | {"first_sick_day": local + timedelta(days=1)}), (Recovery, {})):
            with pytest.raises(ValidationError):
                model.model_validate(wrong or {"recovered_on": local + timedelta(days=1)})


def test_a_case_that_is_opened_just_after_midnight_is_opened_on_that_day(staff: Staff) -> None:
    with standing_at(datetime(2026, 10, 24, 22, 30, tzinfo=UTC)):
        case = staff.report(sick_since=WINTER).case
        assert (case.opened_on, case.sickness_week) == (WINTER, 1)
    with standing_at(datetime(2026, 10, 31, 23, 30, tzinfo=UTC)):  # seven days and an hour later it is a week on
        assert staff.doing(staff.physician, get_case, case.id).sickness_week == 2


def spell(staff: Staff, case_id: UUID, first: date, recovered: date | None) -> None:
    """Write a spell past every use case, as a physician with raw SQL."""
    with staff.world.acting(Door.OPEN, staff.physician) as session:
        session.execute(
            text(
                "INSERT INTO cases.sick_spell (id, tenant_id, created_at, case_id, employer_id, first_sick_day,"
                " recovered_on) VALUES (gen_random_uuid(), :tenant, now(), :case, :employer, :first, :recovered)"
            ),
            {
                "tenant": staff.world.tenant_id,
                "case": case_id,
                "employer": staff.employer_id,
                "first": first,
                "recovered": recovered,
            },
        )


@pytest.mark.parametrize(("first", "recovered"), [(-45, -39), (-35, -30), (-11, -5), (-41, -9), (-20, None)])
def test_raw_sql_makes_no_spells_that_overlap(staff: Staff, first: int, recovered: int | None) -> None:
    """R64."""
    ended = staff.report(sick_since=today() - timedelta(days=40)).case
    staff.recover(ended.id, today() - timedelta(days=10))
    until = None if recovered is None else today() + timedelta(days=recovered)
    with pytest.raises(IntegrityError, match="overlap"):
        spell(staff, ended.id, today() + timedelta(days=first), until)


@pytest.mark.parametrize("recovered", [0, -3])
def test_raw_sql_records_no_recovery_before_sickness(staff: Staff, recovered: int) -> None:
    """R64."""
    case = staff.report(sick_since=today() - timedelta(days=5)).case
    with Session(staff.world.database.owner) as session:
        row = session.exec(select(SickSpell).where(col(SickSpell.case_id) == case.id)).one()
        row.recovered_on = row.first_sick_day + timedelta(days=recovered)
        session.add(row)
        with pytest.raises(IntegrityError, match="order"):
            session.flush()


def test_raw_sql_adds_a_spell_that_stands_apart(staff: Staff) -> None:
    case = staff.report(sick_since=today() - timedelta(days=40)).case
    staff.recover(case.id, today() - timedelta(days=10))
    spell(staff, case.id, today() - timedelta(days=10), today() - timedelta(days=2))
    assert len(staff.doing(staff.physician, get_case, case.id).spells) == 2
