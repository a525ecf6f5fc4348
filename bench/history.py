"""A past to measure on: referrals by the hundred thousand, written straight into a copy of the base."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, text

from bench.network import TENANT
from cases.tables import AbsenceCase, Employee, SickSpell
from core.clock import AMSTERDAM, today
from core.database import Database
from demo.bulk import Draft, copy, draft
from demo.people import demo_id
from identity.roles import Role
from medical.tables import GoalReached, ProviderReport, Referral, ReferralEvent, ReferralState
from network.taxonomy import interventions

EMPLOYER = demo_id("organisation:zonneveld")
PHYSICIAN = demo_id("account:ba")
PIECE = 5_000

APPROVED = text(
    "SELECT id, provider_id, intervention, price_cents, price_unit, vat_rate FROM network.offering"
    " WHERE tenant_id = :tenant AND state = 'approved' ORDER BY id"
)
FAR_ALONG = (ReferralState.COMPLETED,) * 6 + (ReferralState.RUNNING, ReferralState.SCHEDULED, ReferralState.DECLINED)
"""Where referrals of the past stand, as often as they do."""

WAITING = (ReferralState.REPORTED, ReferralState.DECLINED, ReferralState.EXPIRED, ReferralState.ISSUED)
"""Where referrals stand that wait for a physician; the last one because its provider is late."""


class Past(NamedTuple):
    """One referral of the past: its case, its offering, where it stands and when it was issued."""

    number: int
    offering: Any
    state: ReferralState
    issued_on: date
    wait_days: int


def long_ago(database: Database, count: int) -> None:
    """Write `count` referrals of half a year, most of them over, with their events and reports."""
    random = Random(f"past-{count}")  # noqa: S311 -- the same past every time, no secret
    with database.owner.begin() as connection:
        offerings = connection.execute(APPROVED, {"tenant": TENANT}).all()

        def one(number: int) -> Past:
            issued_on = today() - timedelta(days=random.randrange(20, 180))
            return Past(number, random.choice(offerings), random.choice(FAR_ALONG), issued_on, random.randrange(1, 19))

        _write(connection, count, one)


def piled_up(database: Database, count: int) -> None:
    """Write `count` cases, each with a referral that waits for the physician."""
    with database.owner.begin() as connection:
        offerings = connection.execute(APPROVED, {"tenant": TENANT}).all()

        def one(number: int) -> Past:
            issued_on = today() - timedelta(days=10 + number % 40)
            return Past(number, offerings[number % len(offerings)], WAITING[number % len(WAITING)], issued_on, 5)

        _write(connection, count, one)


def _write(connection: Connection, count: int, one: Any) -> None:
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    for start in range(0, count, PIECE):
        made = [one(number) for number in range(start, min(start + PIECE, count))]
        rows = [row for past in made for row in _rows(past)]
        copy(connection, sorted(rows, key=lambda row: row.table.__name__))
    connection.execute(text("ANALYZE"))


def _rows(past: Past) -> Iterator[Draft]:
    employee_id, case_id, referral_id = uuid4(), uuid4(), uuid4()
    ours: dict[str, Any] = {"tenant_id": TENANT, "employer_id": EMPLOYER}
    held = {**ours, "employee_id": employee_id, "case_id": case_id}
    yield draft(Employee, **ours, id=employee_id, reference=f"P-{past.number}", name="Verleden")
    yield draft(
        AbsenceCase, **ours, id=case_id, employee_id=employee_id, number=f"ZP-{past.number}", opened_by=PHYSICIAN
    )
    first_day = past.issued_on - timedelta(days=40)
    yield draft(SickSpell, **ours, case_id=case_id, first_sick_day=first_day)
    yield draft(Referral, **held, id=referral_id, **_header(past))
    part = {**held, "referral_id": referral_id, "provider_id": past.offering.provider_id}
    yield from _events(past, part)
    if past.state is ReferralState.COMPLETED:
        result = tuple(GoalReached)[past.number % len(GoalReached)]
        yield draft(ProviderReport, **part, functional="Gemeten.", goal_reached=result, reported_by=uuid4())


def _header(past: Past) -> dict[str, Any]:
    kind, offering = interventions()[past.offering.intervention], past.offering
    begun = past.state in (ReferralState.COMPLETED, ReferralState.RUNNING, ReferralState.REPORTED)
    waits = past.state is not ReferralState.COMPLETED
    return {
        "number": f"VP-{past.number}",
        "provider_id": offering.provider_id,
        "offering_id": offering.id,
        "intervention": offering.intervention,
        "disclosure": kind.disclosure,
        "referral_class": kind.referral_class,
        "state": past.state,
        "drafted_by": PHYSICIAN,
        "issued_by": PHYSICIAN,
        "issued_on": past.issued_on,
        "physician_account_id": PHYSICIAN,
        "units": 6,
        "unit_price_cents": offering.price_cents,
        "price_unit": offering.price_unit,
        "vat_rate": offering.vat_rate,
        "sickness_week": 6,
        "sickness_year": 1,
        "due_on": past.issued_on + timedelta(days=3) if waits else None,
        "started_on": past.issued_on + timedelta(days=past.wait_days) if begun else None,
    }


def _events(past: Past, part: dict[str, Any]) -> Iterator[Draft]:
    answer = {ReferralState.DECLINED: "decline", ReferralState.EXPIRED: "expire", ReferralState.ISSUED: None}
    at = datetime.combine(past.issued_on, time(12), AMSTERDAM)
    states = (ReferralState.ISSUED, past.state)
    for version, (action, role) in enumerate(
        (("issue", Role.PHYSICIAN), (answer.get(past.state, "accept"), Role.PROVIDER)), 1
    ):
        if action:
            yield draft(
                ReferralEvent,
                **part,
                created_at=at + timedelta(days=version),
                action=action,
                to_state=states[version - 1],
                role=role,
                version=version,
            )
