"""Emergency access: what it opens and to whom, that it ends, and that it is seen (R17, R22)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from cases.emergencies import (
    emergencies_to_look_at,
    end_emergency,
    get_emergency,
    list_emergencies,
    review_emergency,
)
from cases.emergency_tables import EmergencyAccess, EmergencyReason, EmergencyVerdict
from cases.tables import AbsenceCase
from core.clock import now
from core.database import Door
from core.errors import Conflict, Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from medical.cases.emergencies import NewEmergency, emergency_words, open_emergency, read_emergency_file
from medical.tables import ReferralState
from tests.medical.stage import GOAL, OPEN, Stage

WORDS = "De werknemer belt, Cees is op reis en niet te bereiken."
READ = (
    "cases.absence_case",
    "cases.employee",
    "cases.sick_spell",
    "cases.consent",
    "medical.assessment",
    "medical.referral",
    "medical.referral_content",
    "medical.referral_basis",
    "medical.referral_event",
    "medical.content_version",
    "medical.provider_report",
)


@pytest.fixture
def full(stage: Stage) -> Stage:
    """A case in which everything was written that can be."""
    stage.judge(medical=True)
    stage.in_state(ReferralState.REPORTED, OPEN)
    return stage


@pytest.fixture
def outsider(full: Stage) -> Actor:
    """A delegate of the same arbodienst who works for another employer."""
    return full.elsewhere().delegate


def number_of(stage: Stage) -> str:
    with stage.acting(stage.physician) as session:
        return session.get_one(AbsenceCase, stage.case_id).number


def opened(stage: Stage, actor: Actor, sought: str = "", employer_id: UUID | None = None) -> UUID | None:
    new = NewEmergency(
        sought=sought or number_of(stage), employer_id=employer_id, reason=EmergencyReason.COVER, words=WORDS
    )
    with stage.acting(actor) as session:
        return open_emergency(session, actor, new)


def did(stage: Stage, actor: Actor, act: Callable[..., Any], *arguments: Any) -> Any:
    with stage.acting(actor) as session:
        return act(session, actor, *arguments)


def seen(stage: Stage, actor: Actor, emergency_id: UUID | None, case_id: UUID | None = None) -> dict[str, int]:
    """Return how many rows of each table raw SQL reads, with the setting that says that it is an emergency."""
    found = {}
    with stage.acting(actor) as session:
        session.execute(text("SELECT set_config('app.emergency', :id, true)"), {"id": str(emergency_id or "")})
        for table in READ:
            found[table] = session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    return found


def overdue(stage: Stage, emergency_id: UUID) -> None:
    """Let an access have been opened more than an hour ago."""
    with stage.world.database.owner.begin() as connection:
        connection.execute(text("ALTER TABLE cases.emergency_access DISABLE TRIGGER keep"))
        moved = "UPDATE cases.emergency_access SET created_at = created_at - :by, until = until - :by WHERE id = :id"
        connection.execute(text(moved), {"by": timedelta(minutes=61), "id": emergency_id})
        connection.execute(text("ALTER TABLE cases.emergency_access ENABLE TRIGGER keep"))


def test_a_delegate_reads_the_one_case_and_no_other(full: Stage, outsider: Actor) -> None:
    """R17, R22."""
    emergency_id = opened(full, outsider)
    file = did(full, outsider, read_emergency_file, emergency_id)
    assert file.case.id == full.case_id
    assert [judged.cause for judged in file.judgements] == ["M01"]
    assert [referral.goal for referral in file.referrals] == [GOAL]
    assert file.referrals[0].report is not None
    with full.acting(outsider) as session, pytest.raises(NotFound):  # outside it the case stays closed
        read_emergency_file(session, outsider, uuid4())


def test_raw_sql_reads_nothing_before_and_nothing_after(full: Stage, outsider: Actor) -> None:
    """R22."""
    own = seen(full, outsider, None)
    assert own == seen(full, outsider, uuid4())
    emergency_id = opened(full, outsider)
    assert emergency_id is not None
    assert own == seen(full, outsider, None)  # an access alone opens nothing: the transaction says that it reads in it
    during = seen(full, outsider, emergency_id)
    assert all(during[table] > own[table] for table in READ), during
    assert during["cases.absence_case"] == own["cases.absence_case"] + 1
    assert during["cases.employee"] == own["cases.employee"] + 1
    did(full, outsider, end_emergency, emergency_id)
    assert own == seen(full, outsider, emergency_id)


def test_it_ends_by_itself_within_the_hour(full: Stage, outsider: Actor) -> None:
    """R22."""
    own = seen(full, outsider, None)
    emergency_id = opened(full, outsider)
    assert emergency_id is not None
    held = did(full, outsider, get_emergency, emergency_id)
    assert held.until - held.opened_at == timedelta(minutes=60)
    overdue(full, emergency_id)
    assert own == seen(full, outsider, emergency_id)
    with pytest.raises(Conflict):
        did(full, outsider, read_emergency_file, emergency_id)


def test_another_reads_nothing_in_it(full: Stage, outsider: Actor) -> None:
    """R22."""
    emergency_id = opened(full, outsider)
    for other in (full.elsewhere().delegate, full.secretary, full.provider):
        assert seen(full, other, None) == seen(full, other, emergency_id)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases.absence_case SET postcode = '1234' WHERE id = :case RETURNING id",
        "UPDATE medical.referral SET version = version + 1 WHERE case_id = :case RETURNING id",
        "UPDATE cases.consent SET withdrawn_at = now() WHERE case_id = :case RETURNING id",
    ],
)
def test_it_is_for_reading_and_not_for_writing(full: Stage, outsider: Actor, statement: str) -> None:
    """R22."""
    emergency_id = opened(full, outsider)
    with full.acting(outsider) as session:
        session.execute(text("SELECT set_config('app.emergency', :id, true)"), {"id": str(emergency_id)})
        assert session.execute(text(statement), {"case": full.case_id}).all() == []


def test_nobody_opens_one_but_by_the_function(full: Stage, outsider: Actor) -> None:
    """R22."""
    row = EmergencyAccess(
        tenant_id=full.world.tenant_id,
        case_id=full.case_id,
        employer_id=full.employer_id,
        employee_id=full.employee_id,
        account_id=outsider.account,
        told_account_id=full.physician.account,
        reason=EmergencyReason.COVER,
        until=now() + timedelta(minutes=60),
    )
    for door, actor in ((Door.CARE, outsider), (Door.CARE, full.physician), (Door.OPEN, full.auditor)):
        with full.world.acting(door, actor) as session:
            session.add(row.model_copy())
            with pytest.raises(DBAPIError, match="permission denied"):
                session.flush()
            session.rollback()
    row.until = now() + timedelta(minutes=90)
    with pytest.raises(IntegrityError, match="an_hour_at_most"):
        full.world.add(row)


def test_what_cannot_be_opened_gets_one_answer(full: Stage, outsider: Actor) -> None:
    """R14, R15, R22."""
    opposite = full.elsewhere().delegate
    full.world.actor(Role.CASE_MANAGER, employers=(full.employer_id,), person_id=opposite.person_id)
    tries = [(outsider, "V-BESTAAT-NIET"), (full.delegate, number_of(full)), (opposite, number_of(full))]
    assert [opened(full, actor, sought) for actor, sought in tries] == [None, None, None]
    full.end_registration(outsider)
    assert opened(full, outsider) is None


def test_no_other_role_opens_one(full: Stage) -> None:
    """R22."""
    for actor in (full.physician, full.secretary, full.provider, full.employee):
        with pytest.raises(Forbidden):
            opened(full, actor)
        with full.acting(actor) as session:
            by_hand = text("SELECT cases.open_emergency(:n, NULL, 'cover', now())")
            assert session.execute(by_hand, {"n": number_of(full)}).scalar_one() is None


def test_it_is_found_by_the_reference_at_the_employer(full: Stage, outsider: Actor) -> None:
    with full.acting(full.physician) as session:
        query = text("SELECT reference FROM cases.employee WHERE id = :id")
        reference = session.execute(query, {"id": full.employee_id}).scalar_one()
    assert opened(full, outsider, reference) is None  # a reference alone is no employer's
    assert opened(full, outsider, reference, full.employer_id) is not None


def test_one_at_a_time(full: Stage, outsider: Actor) -> None:
    assert opened(full, outsider)
    with pytest.raises(Conflict):
        opened(full, outsider)


def test_every_event_carries_the_mark(full: Stage, outsider: Actor) -> None:
    """R22, R68."""
    emergency_id = opened(full, outsider)
    did(full, outsider, read_emergency_file, emergency_id)
    query = text("SELECT tag, emergency_id FROM identity.audit_event WHERE account_id = :me ORDER BY seq")
    with full.world.database.owner.connect() as connection:
        events = connection.execute(query, {"me": outsider.account}).all()
    tags = {tag for tag, mark in events if mark == emergency_id}
    assert {"medical:emergency:opened", "medical:emergency:read", "medical:referral:read"} <= tags
    assert {"medical:assessment:read"} <= tags
    did(full, outsider, list_emergencies)
    with full.world.database.owner.connect() as connection:
        unmarked = connection.execute(query, {"me": outsider.account}).all()[len(events) :]
    assert all(mark is None for _tag, mark in unmarked)


def test_a_second_person_is_told_ends_it_and_looks_at_it(full: Stage, outsider: Actor) -> None:
    """R22."""
    emergency_id = opened(full, outsider)
    physician = full.world.responsible
    (waiting,) = did(full, physician, emergencies_to_look_at)
    assert (waiting.id, waiting.told_account_id) == (emergency_id, physician.account)
    assert did(full, full.physician, emergencies_to_look_at) == ()  # his, as long as it is not left lying
    assert did(full, physician, emergency_words, emergency_id) == WORDS
    with pytest.raises(Conflict):
        did(full, physician, review_emergency, emergency_id, EmergencyVerdict.JUSTIFIED)
    did(full, physician, end_emergency, emergency_id)
    did(full, physician, review_emergency, emergency_id, EmergencyVerdict.UNJUSTIFIED)
    assert did(full, physician, emergencies_to_look_at) == ()
    with pytest.raises(Conflict):
        did(full, physician, review_emergency, emergency_id, EmergencyVerdict.JUSTIFIED)


def test_a_mail_that_leaves_late_marks_what_was_looked_at_already(full: Stage, outsider: Actor) -> None:
    emergency_id = opened(full, outsider)
    did(full, full.world.responsible, end_emergency, emergency_id)
    did(full, full.world.responsible, review_emergency, emergency_id, EmergencyVerdict.JUSTIFIED)
    with full.acting(full.system) as session:
        late = text("UPDATE cases.emergency_access SET told_at = now() WHERE id = :id RETURNING told_at")
        assert session.execute(late, {"id": emergency_id}).scalar_one()


def test_what_is_left_lying_comes_to_every_physician(full: Stage, outsider: Actor) -> None:
    emergency_id = opened(full, outsider)
    assert emergency_id is not None
    for _hour in range(50):
        overdue(full, emergency_id)
    assert [each.id for each in did(full, full.physician, emergencies_to_look_at)] == [emergency_id]


def test_nobody_looks_at_his_own(full: Stage, outsider: Actor) -> None:
    """R22: through another account neither, and not with SQL."""
    himself = full.world.actor(Role.PHYSICIAN, person_id=outsider.person_id)
    emergency_id = opened(full, outsider)
    did(full, outsider, end_emergency, emergency_id)
    with pytest.raises(Forbidden):
        did(full, himself, review_emergency, emergency_id, EmergencyVerdict.JUSTIFIED)
    by_hand = text(
        "UPDATE cases.emergency_access SET reviewed_at = now(), reviewed_by = app.account(), verdict = 'justified'"
    )
    with pytest.raises(DBAPIError, match="another person looks"), full.acting(himself) as session:
        session.execute(by_hand)


def test_the_words_are_sealed_and_the_auditor_never_reads_them(full: Stage, outsider: Actor) -> None:
    """R22."""
    emergency_id = opened(full, outsider)
    with full.world.database.owner.connect() as connection:
        kept = connection.execute(text("SELECT words FROM medical.emergency_words")).scalars().all()
    assert all(b"Cees" not in bytes(each) for each in kept)
    with full.world.acting(Door.OPEN, full.auditor) as session:
        (found,) = list_emergencies(session, full.auditor).items
    assert (found.id, found.reason, found.name) == (emergency_id, EmergencyReason.COVER, outsider.name)
