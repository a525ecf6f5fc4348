"""Whatever the health, whoever pays or manages gets the same messages on the same days, and the same calendar."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from core.clock import standing_at
from core.database import Door
from core.mail import folder_of
from identity.calendar_addresses import calendar_path, make_calendar_address
from identity.policy import Permission, allows
from identity.roles import Role
from identity.tables import Account, Digest
from tests.wall.conftest import Twins
from tests.wall.health import AGO
from tests.wall.lives import MOMENT, seeded
from tests.wall.money import reminded
from tests.wall.test_non_interference import mark_open_steps
from tests.wall.worlds import SEED, WATCHERS, BuiltWorld
from worker.reminder_jobs import remind_everybody, send

pytestmark = pytest.mark.timeout(900)

DAYS = (*range(25), *range(135 - AGO, 216 - AGO))
"""So long after the month that is played: at first, and around labour expert, first-year evaluation, second track."""

Message = tuple[str, str, bytes]
"""To whom, on which day, and every byte of it but its number, which is drawn at random."""


def messages(world: BuiltWorld) -> list[Message]:
    """Let the days go by, and return what the open side found in its mail."""
    database = world.database
    found: list[Message] = []
    with seeded(SEED + 1_001):
        for day in DAYS:
            with standing_at(MOMENT + timedelta(days=day)):
                remind_everybody(database)
                found += delivered(world)
    return found


def delivered(world: BuiltWorld) -> list[Message]:
    database = world.database
    with Session(database.owner) as session:
        unsent = select(Digest, Account.email).join(Account, col(Account.id) == Digest.account_id)
        rows = session.exec(unsent.where(col(Digest.sent_at).is_(None)).order_by(Account.email)).all()
    found = []
    open_side = {world.roles[role].email for role in WATCHERS}
    for digest, email in rows:
        send(database, digest_id=str(digest.id), tenant_id=str(digest.tenant_id))
        newest = next(m for m in folder_of(database.settings).received_by(email) if str(digest.id) in m["Message-ID"])
        if email in open_side:
            found.append((email, str(digest.day), newest.as_bytes().replace(str(digest.id).encode(), b"")))
    return found


def calendars(world: BuiltWorld) -> dict[Role, bytes]:
    """Return the calendars of the open side, as a program elsewhere fetches them."""
    outside = TestClient(world.app)
    found = {}
    with seeded(SEED + 1_002):
        for role in (role for role in WATCHERS if allows(role, Permission.KEEP_CALENDAR)):
            with world.office.world.acting(Door.OPEN, world.roles[role]) as session:
                secret = make_calendar_address(session, world.roles[role])
            found[role] = outside.get(calendar_path(world.roles[role], secret)).content
    return found


def test_nothing_but_health_makes_no_difference(pair: tuple[BuiltWorld, BuiltWorld]) -> None:
    """R18, R65."""
    left, right = pair
    assert calendars(left) == calendars(right)
    mine = messages(left)
    assert len({email for email, _day, _bytes in mine}) == 2  # employer and case manager
    assert len(mine) > 20
    assert mine == messages(right)
    late = [reminded(world.office, MOMENT + timedelta(days=30)) for world in pair]
    assert len(late[0]) > 3
    assert late[0] == late[1]


def test_the_comparison_would_see_a_difference(twins: Twins) -> None:
    with twins() as left, twins() as right:
        mark_open_steps(right)
        assert calendars(left) != calendars(right)
        assert messages(left) != messages(right)
