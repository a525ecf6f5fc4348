"""Who is reminded when, of his own steps only, and with a message that says nothing (R65, R67)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select, update

from cases.clock import Course, timeline
from cases.due import is_for, is_reminded
from cases.poortwachter import steps
from cases.steps import mark_step
from cases.weeks import Spell
from core.clock import AMSTERDAM, standing_at, today
from core.database import Database, Door
from core.mail import MailRefusedError, folder_of
from core.working_days import is_working_day
from identity.actor import Actor
from identity.digests import choose_digests, send_digest
from identity.roles import Role
from identity.tables import Account, Digest, Membership
from tests.cases.staff import Staff, days_back
from worker.reminder_jobs import remind_everybody, send
from worker.tasks import JOBS, ROUNDS

BEGIN = date(2026, 1, 5)
ACTION_PLAN = 18


@pytest.fixture(scope="module")
def database(database_apart: Database) -> Database:
    """Of this module alone: the round goes past everything that other tests made as well."""
    return database_apart


def told(staff: Staff, day: date) -> set[str]:
    """Do the round of a day, and return to whom of this tenant it led."""
    with standing_at(datetime.combine(day, time(8), AMSTERDAM)):
        remind_everybody(staff.world.database)
    with Session(staff.world.database.owner) as session:
        found = select(Account.email).join(Digest, col(Digest.account_id) == Account.id)
        return set(session.exec(found.where(Digest.tenant_id == staff.world.tenant_id, Digest.day == day)))


def working_day(day: date, step: int = 1) -> date:
    while not is_working_day(day):
        day += timedelta(days=step)
    return day


def in_week_of_action_plan(staff: Staff) -> date:
    """Open a case so that the action plan, a step of the employer, is due in a fortnight; return a working day."""
    on = working_day(today())
    with standing_at(datetime.combine(on - timedelta(days=8 * 7 - 15), time(12), AMSTERDAM)):
        staff.report()
    return on


def test_a_fortnight_before_its_last_day_owner_and_guard_are_told(staff: Staff) -> None:
    """R65."""
    day = in_week_of_action_plan(staff)
    assert {staff.employer.email, staff.case_manager.email} <= told(staff, day)


def test_whoever_has_nothing_to_do_with_it_is_not_told(staff: Staff) -> None:
    world = staff.world
    others = [world.actor(role) for role in (Role.SECRETARY, Role.AUDITOR, Role.NETWORK_MANAGER)]
    others += [world.actor(Role.EMPLOYER, staff.other_employer_id), world.actor(Role.INSURER)]
    others += [world.actor(Role.CASE_MANAGER, employers=(staff.other_employer_id,))]
    day = in_week_of_action_plan(staff)
    assert not told(staff, day) & {each.email for each in others}


def test_what_was_done_is_not_reminded_of(staff: Staff) -> None:
    on = working_day(today())
    with standing_at(datetime.combine(on - timedelta(days=8 * 7 - 15), time(12), AMSTERDAM)):
        case = staff.report().case
    for nr in (15, 16, 17, ACTION_PLAN):
        by = staff.case_manager if nr in (17, ACTION_PLAN) else staff.delegate if nr == 16 else staff.physician
        staff.doing(by, mark_step, case.id, nr)
    assert staff.employer.email not in told(staff, on)


def test_once_a_day_however_often_the_round_comes(staff: Staff) -> None:
    day = in_week_of_action_plan(staff)
    assert told(staff, day) == told(staff, day)
    jobs = staff.jobs("identity.send_digest")
    assert len(jobs) == len({job["digest_id"] for job in jobs}) == len(told(staff, day))


def test_nobody_is_told_on_a_day_off(staff: Staff) -> None:
    in_week_of_action_plan(staff)
    saturday = today() + timedelta(days=(5 - today().weekday()) % 7)
    assert told(staff, saturday) == set()


def test_nobody_is_told_who_does_not_want_it_or_can_no_longer_sign_in(staff: Staff) -> None:
    day = in_week_of_action_plan(staff)
    staff.doing(staff.employer, choose_digests, False)
    with Session(staff.world.database.owner) as session:
        ended = update(Membership).where(col(Membership.id) == staff.case_manager.membership_id)
        session.execute(ended.values(ended_at=datetime.now(AMSTERDAM)))
        session.commit()
    assert not told(staff, day) & {staff.employer.email, staff.case_manager.email}


def test_nobody_chooses_for_another(staff: Staff) -> None:
    with staff.world.acting(Door.OPEN, staff.employer) as session:
        theirs = update(Account).where(col(Account.id) == staff.case_manager.account_id).values(reminders=False)
        assert session.execute(theirs).rowcount == 0  # type: ignore[attr-defined]


def test_the_day_until_which_there_is_aftercare_is_told(staff: Staff) -> None:
    """R67."""
    case = staff.case(days_ago=60)
    until = staff.recover(case.id, today()).aftercare_until
    assert until is not None
    on = working_day(until)
    assert {staff.employer.email, staff.case_manager.email} <= told(staff, on)
    assert staff.physician.email not in told(staff, on)
    assert staff.employer.email not in told(staff, working_day(on + timedelta(days=1)))


def digest_of(staff: Staff, actor: Actor) -> UUID:
    with Session(staff.world.database.owner) as session:
        return session.exec(select(Digest.id).where(Digest.account_id == actor.account_id)).one()


def deliver(staff: Staff, digest_id: UUID) -> None:
    send(staff.world.database, digest_id=str(digest_id), tenant_id=str(staff.world.tenant_id))


def test_the_message_is_the_same_for_everybody_and_tells_nothing(staff: Staff) -> None:
    """R65."""
    told(staff, in_week_of_action_plan(staff))
    folder = folder_of(staff.world.database.settings)
    texts = set()
    for actor in (staff.employer, staff.case_manager):
        deliver(staff, digest_of(staff, actor))
        (message,) = folder.received_by(actor.email)
        assert message["Subject"] == "Er staat iets voor u klaar in Providerboog"
        assert message["Auto-Submitted"] == "auto-generated"
        texts.add(message.get_content())
    (text,) = texts
    base = staff.world.database.settings.base_url
    assert text.split("Bekijk uw werklijst: ")[1].splitlines()[0] == f"{base}/"
    for word in ("P-100", "Bakkerij", "plan", "week", "ziek", "verzuim", "arts"):
        assert word not in text.casefold().replace("werklijst", "")


def test_it_is_written_in_the_language_of_the_person(staff: Staff) -> None:
    with Session(staff.world.database.owner) as session:
        session.execute(update(Account).where(col(Account.id) == staff.employer.account_id).values(language="en"))
        session.commit()
    told(staff, in_week_of_action_plan(staff))
    deliver(staff, digest_of(staff, staff.employer))
    (message,) = folder_of(staff.world.database.settings).received_by(staff.employer.email)
    assert message["Subject"] == "Something is waiting for you in Providerboog"


class Counting:
    """Counts what it is given, and does as it was told."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault, self.count = fault, 0

    def send(self, _message: object) -> None:
        self.count += 1
        if self.fault:
            raise self.fault


def test_a_message_that_went_does_not_go_again(staff: Staff) -> None:
    told(staff, in_week_of_action_plan(staff))
    digest_id, post = digest_of(staff, staff.employer), Counting()
    settings = staff.world.database.settings
    system = Actor(Role.SYSTEM, staff.world.tenant_id, staff.world.tenant_id)
    for expected in (True, False):
        with staff.world.acting(Door.OPEN, system) as session:
            assert send_digest(session, digest_id, post, settings) is expected
    assert post.count == 1


def test_two_workers_do_not_send_it_both(staff: Staff) -> None:
    told(staff, in_week_of_action_plan(staff))
    digest_id, post = digest_of(staff, staff.employer), Counting()
    settings = staff.world.database.settings
    system = Actor(Role.SYSTEM, staff.world.tenant_id, staff.world.tenant_id)
    with staff.world.acting(Door.OPEN, system) as first, staff.world.acting(Door.OPEN, system) as second:
        assert send_digest(first, digest_id, post, settings)
        assert not send_digest(second, digest_id, post, settings)
    assert post.count == 1


@pytest.mark.parametrize(("fault", "tried"), [("away", 2), ("refused", 1)])
def test_a_server_that_is_away_is_tried_again_and_one_that_refuses_is_not(staff: Staff, fault: str, tried: int) -> None:
    from_server: Callable[[], Exception] = {"away": TimeoutError, "refused": refused}[fault]
    told(staff, in_week_of_action_plan(staff))
    digest_id, post = digest_of(staff, staff.employer), Counting(from_server())
    system = Actor(Role.SYSTEM, staff.world.tenant_id, staff.world.tenant_id)
    for _time in range(2):
        try:
            with staff.world.acting(Door.OPEN, system) as session:
                send_digest(session, digest_id, post, staff.world.database.settings)
        except TimeoutError:
            continue
    assert post.count == tried


def test_the_worker_knows_the_job_and_the_round(staff: Staff) -> None:
    assert JOBS["identity.send_digest"] is send
    assert [each.job for each in ROUNDS if each.name == "cases.remind"] == [remind_everybody]


def test_no_door_reads_who_was_told(staff: Staff) -> None:
    told(staff, in_week_of_action_plan(staff))
    for actor in (staff.employer, staff.case_manager, staff.physician):
        with staff.world.acting(Door.OPEN, actor) as session:
            assert session.exec(select(Digest.id)).all() == []


@given(nr=st.sampled_from(sorted(steps())), on=st.integers(0, 800), gap=st.integers(1, 5), role=st.sampled_from(Role))
def test_no_reminder_is_lost_between_two_rounds(nr: int, on: int, gap: int, role: Role) -> None:
    """Whatever lies between two rounds, a day on which somebody is reminded counts with the second."""

    def reminded(after: int, until: int) -> bool:
        course = Course((Spell(BEGIN),), BEGIN, closed=False, on=BEGIN + timedelta(days=until))
        found = timeline(uuid4(), course, {}, role).steps
        days = (BEGIN + timedelta(days=after), BEGIN + timedelta(days=until))
        return any(is_for(role, step) and is_reminded(step, *days) for step in found if step.nr == nr)

    if any(reminded(day - 1, day) for day in range(on + 1, on + gap + 1)) and steps()[nr].recurs_weeks is None:
        assert reminded(on, on + gap)


def test_a_step_that_is_late_is_reminded_of_every_week(staff: Staff) -> None:
    """R65."""
    due = BEGIN + timedelta(days=8 * 7 - 1)

    def days(nr: int) -> list[int]:
        found = []
        for number in range(200):
            on = BEGIN + timedelta(days=number)
            course = Course((Spell(BEGIN),), BEGIN, closed=False, on=on)
            (step,) = (each for each in timeline(uuid4(), course, {}, Role.CASE_MANAGER).steps if each.nr == nr)
            if is_reminded(step, on - timedelta(days=1), on):
                found.append((on - due).days)
        return found

    assert days(ACTION_PLAN)[:6] == [-14, -3, 1, 8, 15, 22]
    with days_back(0):
        assert days(11) == []  # under a circumstance only, and due in week 67


def refused() -> Exception:
    return MailRefusedError()
