"""The chain shows whoever looks that an event was changed, removed, added or moved, even by the owner."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from core.database import Door
from core.errors import Forbidden
from identity.actor import Actor, system
from identity.audit import record
from identity.audit_chain import Verification, seal, verify
from identity.roles import Role
from tests.world import World

NO_TRIGGERS = "SET LOCAL session_replication_role = replica"


def write_events(world: World, count: int) -> None:
    actor = world.actor(Role.PHYSICIAN)
    with world.acting(Door.CARE, actor) as session:
        for _nth in range(count):
            record(session, actor, "medical:case:read", uuid4())


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
