"""Whatever the health, whoever pays or manages gets the same messages on the same days, and the same calendar."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from application import build
from cases.cases_read import list_cases
from cases.steps import mark_step
from core.clock import standing_at
from core.database import Door
from core.mail import folder_of
from identity.calendar_addresses import calendar_path, make_calendar_address
from identity.policy import Permission, allows
from identity.roles import Role
from identity.tables import Account, Digest
from medical.invoice_tables import ServiceOutcome
from medical.referrals.reasons import DeclineReason
from tests.wall.money import reminded
from tests.wall.test_non_interference import SEED, WATCHERS, WORLD, Fresh, databases
from tests.wall.worlds import CONSENTS, MOMENT, BuiltWorld, Health, build_world, seeded
from worker.reminder_jobs import remind_everybody, send

__all__ = ["databases"]  # the fixture

pytestmark = pytest.mark.timeout(900)

DAYS = (*range(25), *range(135, 216))
"""So long after the month that is played: at first, and around labour expert, first-year evaluation, second track."""

OPEN_STEPS = (25, 34)
"""Steps of which the open side knows: the report to UWV and the first-year evaluation."""

ONE = tuple(
    Health("M01", True, code, "woord", DeclineReason.OTHER, 3, (ServiceOutcome.DELIVERED,))
    for code in ("PSY", "FYS", "REV", "TRM", "LEE", "COA")
)
OTHER = tuple(
    Health("P02", False, code, "anders gezegd", DeclineReason.NO_CAPACITY, 60)
    for code in ("COA", "BMW", "LEE", "REV", "FYS", "PSY")
)

Message = tuple[str, str, bytes]
"""To whom, on which day, and every byte of it but its number, which is drawn at random."""


def messages(world: BuiltWorld) -> list[Message]:
    """Let the days go by, and return what the open side found in its mail."""
    database = world.office.world.database
    found: list[Message] = []
    with seeded(SEED + 77):
        for day in DAYS:
            with standing_at(MOMENT + timedelta(days=day)):
                remind_everybody(database)
                found += delivered(world)
    return found


def delivered(world: BuiltWorld) -> list[Message]:
    database = world.office.world.database
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
    database = world.office.world.database
    outside = TestClient(build(database.settings, database))
    found = {}
    with seeded(SEED + 78):
        for role in (role for role in WATCHERS if allows(role, Permission.KEEP_CALENDAR)):
            with world.office.world.acting(Door.OPEN, world.roles[role]) as session:
                secret = make_calendar_address(session, world.roles[role])
            found[role] = outside.get(calendar_path(world.roles[role], secret)).content
    return found


@settings(deadline=None, phases=[Phase.explicit], suppress_health_check=list(HealthCheck))
@given(one=WORLD, other=WORLD)
@example(one=ONE, other=OTHER)  # the first that is generated is the same twice
def test_nothing_but_health_makes_no_difference(
    databases: Fresh, one: tuple[Health, ...], other: tuple[Health, ...]
) -> None:
    """R18, R65."""
    with databases() as first, databases() as second:
        left, right = build_world(first, one, SEED), build_world(second, other, SEED)
        assert calendars(left) == calendars(right)
        mine = messages(left)
        assert len({email for email, _day, _bytes in mine}) == 2  # employer and case manager
        assert len(mine) > 20
        assert mine == messages(right)
        late = [reminded(world.office, MOMENT + timedelta(days=30)) for world in (left, right)]
        assert len(late[0]) > 3
        assert late[0] == late[1]


def test_the_comparison_would_see_a_difference(databases: Fresh) -> None:
    health = tuple(Health("M01", True, "PSY", "woord", DeclineReason.OTHER) for _each in CONSENTS)
    with databases() as first, databases() as second:
        left, right = build_world(first, health, SEED), build_world(second, health, SEED)
        manager = right.roles[Role.CASE_MANAGER]
        with right.office.world.acting(Door.OPEN, manager) as session:
            for case in list_cases(session, manager).items:
                for nr in OPEN_STEPS:
                    mark_step(session, manager, case.id, nr)
        assert calendars(left) != calendars(right)
        assert messages(left) != messages(right)
