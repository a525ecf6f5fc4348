"""Asking and writing straight: what is pending is seen, defaults are filled in, and a mistyped column is noticed."""

import pytest
from sqlalchemy import bindparam
from sqlmodel import select

from core.database import Door
from core.rows import append, ask
from identity.grounds import Ground
from identity.roles import Role
from identity.tables import AuditEvent
from tests.world import World

TAGS = select(AuditEvent.tag).where(AuditEvent.subject_id == bindparam("subject_id")).order_by("seq")


def test_a_row_gets_its_defaults_and_its_place_in_line(world: World) -> None:
    auditor = world.actor(Role.AUDITOR)
    subject = auditor.organisation_id
    who = {"tenant_id": auditor.tenant_id, "account_id": auditor.account_id, "role": auditor.role}
    values = who | {"ground": Ground.OVERSIGHT}
    with world.acting(Door.OPEN, auditor) as session:
        for tag in ("test:row:first", "test:row:second"):
            append(session, AuditEvent, **values, subject_id=subject, tag=tag, subject_kind="row")
        found = session.exec(select(AuditEvent).where(AuditEvent.subject_id == subject)).all()
        assert ask(session, TAGS, subject_id=subject).scalars().all() == ["test:row:first", "test:row:second"]
    assert len({event.id for event in found}) == 2
    assert all(event.at is not None and event.reason is None for event in found)


def test_a_column_that_is_not_there_is_a_mistake(world: World) -> None:
    auditor = world.actor(Role.AUDITOR)
    with world.acting(Door.OPEN, auditor) as session, pytest.raises(TypeError, match="AuditEvent has no colour"):
        append(session, AuditEvent, colour="red")
