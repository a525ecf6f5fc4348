"""The chain shows whoever looks that an event was changed, removed, added or moved, even by the owner."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from core.database import Door
from core.errors import Forbidden
from identity.actor import Actor, system
from identity.audit import About, record, record_all
from identity.audit_chain import BATCH, START, WINDOW, Verification, digest, seal, verify
from identity.roles import Role
from identity.tables import AuditEvent, AuditLink
from tests.world import World
from worker.open_jobs import seal_audit, seal_everything

NO_TRIGGERS = "SET LOCAL session_replication_role = replica"


def write_events(world: World, count: int) -> None:
    actor = world.actor(Role.PHYSICIAN)
    with world.acting(Door.CARE, actor) as session:
        record_all(session, actor, "medical:case:read", (About(uuid4()) for _nth in range(count)))


def seal_all(world: World) -> int:
    actor = system(world.tenant_id)
    with world.acting(Door.OPEN, actor) as session:
        return seal(session, actor)


def verified(world: World) -> Verification:
    auditor = world.actor(Role.AUDITOR)
    with world.acting(Door.OPEN, auditor) as session:
        return verify(session, auditor)


def as_superuser(world: World, statements: str) -> None:
    with world.database.owner.begin() as connection:
        connection.execute(text(NO_TRIGGERS))
        for statement in statements.split(";"):
            connection.execute(text(statement), {"tenant": world.tenant_id})


def test_a_whole_chain_is_whole(world: World) -> None:
    write_events(world, 5)
    assert seal_all(world) == 5
    write_events(world, 2)
    assert verified(world) == Verification(whole=True, sealed=5, unsealed=2)
    assert seal_all(world) == 2
    assert seal_all(world) == 0
    assert verified(world) == Verification(whole=True, sealed=7, unsealed=0)


def test_the_chain_is_the_one_that_each_event_makes_after_the_other(world: World) -> None:
    """R68: read and written as a set, it is what it would be event by event, over the border of pieces too."""
    write_events(world, BATCH + 5)
    assert (seal_all(world), seal_all(world)) == (BATCH, 5)
    previous, expected = START, {}
    with Session(world.database.owner) as session:
        events = select(AuditEvent).where(AuditEvent.tenant_id == world.tenant_id).order_by(col(AuditEvent.seq))
        for position, event in enumerate(session.exec(events), start=1):
            previous = expected[position] = digest(previous, event)
        links = session.exec(select(AuditLink).where(AuditLink.tenant_id == world.tenant_id)).all()
    assert {link.position: link.digest for link in links} == expected


def test_an_event_that_came_very_late_is_sealed_once_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """R68: a round looks a bounded number of links back; before the anchor everything is looked through."""
    monkeypatch.setattr("identity.audit_chain.LATE", 3)
    write_events(world, WINDOW + 6)
    late = f"SELECT * FROM identity.audit_event WHERE tenant_id = :tenant ORDER BY seq OFFSET {WINDOW - 1} LIMIT 2"
    as_superuser(
        world,
        f"CREATE TEMP TABLE late ON COMMIT PRESERVE ROWS AS {late};"
        "DELETE FROM identity.audit_event WHERE id IN (SELECT id FROM late)",
    )
    seal_audit(world.database)
    as_superuser(world, "INSERT INTO identity.audit_event OVERRIDING SYSTEM VALUE SELECT * FROM late; DROP TABLE late")
    assert seal_all(world) == 0
    assert verified(world).unsealed == 2
    seal_everything(world.database)
    assert verified(world) == Verification(whole=True, sealed=WINDOW + 6, unsealed=0)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE identity.audit_event SET tag = 'medical:case:other' WHERE id = {third}", "event_changed"),
        ("UPDATE identity.audit_event SET data_subject_id = gen_random_uuid() WHERE id = {third}", "event_changed"),
        ("DELETE FROM identity.audit_event WHERE id = {third}", "event_missing"),
        ("DELETE FROM identity.audit_link WHERE tenant_id = :tenant AND position = 3", "link_missing"),
        (
            "CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM identity.audit_link"
            " WHERE tenant_id = :tenant AND position IN (3, 4);"
            "DELETE FROM identity.audit_link WHERE tenant_id = :tenant AND position IN (3, 4);"
            "INSERT INTO identity.audit_link SELECT tenant_id, 7 - position, event_id, digest FROM kept",
            "event_changed",
        ),
    ],
)
def test_tampering_is_found(world: World, statement: str, fault: str) -> None:
    """R68."""
    write_events(world, 6)
    seal_all(world)
    third = "(SELECT event_id FROM identity.audit_link WHERE tenant_id = :tenant AND position = 3)"
    as_superuser(world, statement.format(third=third))
    found = verified(world)
    assert (found.whole, found.broken_at, found.fault) == (False, 4 if fault == "link_missing" else 3, fault)


def test_nobody_changes_or_removes_an_event(world: World) -> None:
    """R68."""
    write_events(world, 1)
    for statement in ("UPDATE identity.audit_event SET tag = 'x'", "DELETE FROM identity.audit_event"):
        with pytest.raises(Exception, match="append-only"), world.database.owner.begin() as connection:
            connection.execute(text(statement))


def test_an_event_is_never_in_the_name_of_another(world: World) -> None:
    """R68."""
    actor = world.actor(Role.PHYSICIAN)
    other = world.actor(Role.SECRETARY)
    forged = Actor(**{**vars(actor), "account_id": other.account_id})
    with pytest.raises(Exception, match="row-level security"), world.acting(Door.CARE, actor) as session:
        record(session, forged, "medical:case:read", uuid4())


def test_only_the_auditor_verifies(world: World) -> None:
    actor = world.actor(Role.NETWORK_MANAGER)
    with pytest.raises(Forbidden), world.acting(Door.OPEN, actor) as session:
        verify(session, actor)
