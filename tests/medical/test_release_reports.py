"""The yearly report: published once when its year is over, with nothing in it that was hidden (R76)."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from cases.intervention_reports import ReportView, intervention_report
from cases.tables import ConsentScope, InterventionCount
from core.clock import AMSTERDAM, standing_at, today
from core.database import Door
from core.errors import Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from medical.release import release_reports
from tests.billing.office import CONF, OPEN, Office, Sick

YEAR = today().year - 1
K = 5


def begin(office: Office, people: Sequence[Sick], intervention: str, year: int = YEAR, sickness_year: int = 1) -> None:
    """Let each of some people have begun an intervention in the middle of a year."""
    begun = [office.referred(sick, intervention).id for sick in people]
    with office.world.database.owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(
            text(
                "UPDATE medical.referral SET started_on = :day, issued_on = :day, sickness_year = :sickness_year,"
                " state = 'running' WHERE id = ANY(:ids)"
            ),
            {"day": date(year, 6, 15), "ids": begun, "sickness_year": sickness_year},
        )


def published(office: Office) -> int:
    with office.care(office.system) as session:
        return release_reports(session, office.system)


def seen(office: Office, reader: Actor, year: int | None = None) -> ReportView | None:
    with office.world.acting(Door.OPEN, reader) as session:
        return intervention_report(session, reader, year=year)


def the(office: Office, reader: Actor) -> ReportView:
    found = seen(office, reader)
    assert found is not None
    return found


def test_an_employer_reads_his_own_numbers(office: Office) -> None:
    """R76: by open type and one number for the rest; of a year, in two years of sickness, where that hides nobody."""
    employer, other = office.employer(), office.employer("Ander bedrijf")
    people = [office.sick(employer) for _each in range(6)]
    begin(office, people, OPEN)
    begin(office, people, OPEN, sickness_year=2)
    begin(office, people[:5], CONF)
    begin(office, [office.sick(other)], OPEN)
    assert published(office) == 3
    found = the(office, employer)
    assert (found.year, found.k, found.published_on) == (YEAR, K, today())
    assert (found.open.first_year, found.open.second_year, found.open.together) == (6, 6, 12)
    assert (found.confidential.first_year, found.confidential.together) == (None, 5)
    assert the(office, other).is_empty
    whole = the(office, office.physician)
    assert (whole.employer_id, whole.open.first_year, whole.open.together) == (None, 7, 13)


def test_what_is_hidden_never_left(office: Office) -> None:
    """R18, R47, R76: the open side holds no number below k, shown or not, and nothing that a small one follows from."""
    employer = office.employer()
    begin(office, [office.sick(employer) for _each in range(4)], CONF)
    begin(office, [office.sick(employer) for _each in range(6)], OPEN)
    published(office)
    with Session(office.world.database.owner) as session:
        mine = select(InterventionCount).where(col(InterventionCount.employer_id) == employer.organisation_id)
        kept = [(each.disclosure, each.intervention, each.persons) for each in session.exec(mine)]
    assert kept == [("OPEN", None, 6)]  # were the labour expert's six named, all other types would be nought


def test_who_told_his_employer_himself_hides_nobody_else(office: Office) -> None:
    """R25, R46, R76: of five confidential ones two are known, and three are too few."""
    employer = office.employer()
    told = [office.sick(employer, ConsentScope.EMPLOYER) for _each in range(2)]
    begin(office, [*told, *(office.sick(employer) for _each in range(3))], CONF)
    published(office)
    assert the(office, employer).confidential.together is None


def test_a_year_is_published_once_and_only_when_it_is_over(office: Office) -> None:
    """R47, R76: so there are no two publications to take from one another, a month apart or a night."""
    employer = office.employer()
    begin(office, [office.sick(employer) for _each in range(5)], CONF)
    begin(office, [office.sick(employer) for _each in range(5)], CONF, today().year)
    assert published(office) == 2
    before = the(office, employer)
    begin(office, [office.sick(employer)], CONF)
    assert published(office) == 0
    assert the(office, employer) == before
    assert (before.years, before.confidential.together) == ((YEAR,), 5)


def test_the_database_lets_nobody_change_or_add_to_what_was_published(office: Office) -> None:
    """R76."""
    employer = office.employer()
    begin(office, [office.sick(employer) for _each in range(5)], CONF)
    published(office)
    attacks = (
        (Door.CARE, office.system, "UPDATE cases.intervention_count SET persons = persons + 1"),
        (Door.CARE, office.physician, "INSERT INTO cases.intervention_count SELECT * FROM cases.intervention_count"),
        (Door.OPEN, employer, "INSERT INTO cases.intervention_report SELECT * FROM cases.intervention_report"),
    )
    for door, actor, statement in attacks:
        with pytest.raises(DBAPIError), office.world.acting(door, actor) as session:
            session.execute(text(statement))
    with office.world.database.owner.begin() as owner, pytest.raises(DBAPIError, match="append-only"):
        owner.execute(text("UPDATE cases.intervention_report SET k = 1"))


def test_each_reads_what_is_his(office: Office) -> None:
    """R70, R76."""
    employer, other = office.employer(), office.employer("Ander bedrijf")
    begin(office, [office.sick(employer) for _each in range(5)], CONF)
    published(office)
    with office.world.acting(Door.OPEN, other) as session:
        found = intervention_report(session, other, employer.organisation_id)
        assert found is not None
        assert (found.employer_id, found.is_empty) == (other.organisation_id, True)
        assert {each.employer_id for each in session.exec(select(InterventionCount))} == set()
        with pytest.raises(NotFound):
            intervention_report(session, other, year=YEAR - 1)
    for role in (Role.CASE_MANAGER, Role.INSURER, Role.PROVIDER, Role.AUDITOR, Role.DELEGATE):
        with pytest.raises((Forbidden, NotFound)):
            seen(office, office.world.actor(role))


def test_nothing_is_published_in_the_year_itself(office: Office) -> None:
    begin(office, [office.sick(office.employer())], OPEN, today().year)
    assert published(office) == 0
    assert seen(office, office.physician) is None


def test_only_a_job_publishes(office: Office) -> None:
    with pytest.raises(Forbidden), office.care(office.physician) as session:
        release_reports(session, office.physician)


@pytest.mark.parametrize(("moment", "made"), [("12-31T23:50", 0), ("01-01T00:10", 2)])
def test_a_year_is_over_at_midnight_in_the_netherlands(office: Office, moment: str, made: int) -> None:
    """R76."""
    begin(office, [office.sick(office.employer())], OPEN, today().year)
    year = today().year + (moment < "02")
    with standing_at(datetime.fromisoformat(f"{year}-{moment}").replace(tzinfo=AMSTERDAM)):
        assert published(office) == made
