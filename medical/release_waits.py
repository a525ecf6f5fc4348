"""The hatch for waits: from referral to start, over the referrals of half a year, and never of a few persons (R32).

Whoever still waits counts for as long as he has waited (Kaplan-Meier): without him long waits would look short.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from core.clock import now, today
from identity.actor import Actor
from identity.audit import record
from medical.release_values import SMALLEST_SAMPLE, ReleasedWait
from network.tables import MeasuredWait

WINDOW = timedelta(days=183)
PIECE = 2_000

WAITED = text(
    "SELECT offering_id, employee_id,"
    " coalesce(started_on, :today) - issued_on AS days, started_on IS NOT NULL AS started"
    " FROM medical.referral"
    " WHERE tenant_id = :tenant AND issued_on >= :since"
    " AND (started_on IS NOT NULL OR state IN ('issued', 'accepted', 'scheduled'))"
    " ORDER BY offering_id, days"
)


class Waited(NamedTuple):
    """How many days somebody waited for an offering until he started, or has waited so far."""

    offering_id: UUID
    employee_id: UUID
    days: int
    started: bool


def release_waits(session: Session, actor: Actor) -> int:
    """Let out the median and P80 wait of every offering with enough people; returns for how many.

    Runs every night as a job. A wait that can no longer be measured keeps the moment of its last measurement.
    """
    count = 0
    for wait in _measured(session, actor, today() - WINDOW):
        values = {**wait.model_dump(), "tenant_id": actor.tenant_id, "measured_at": now()}
        newer = {name: value for name, value in values.items() if name not in ("offering_id", "tenant_id")}
        session.exec(
            insert(MeasuredWait).values(values).on_conflict_do_update(index_elements=["offering_id"], set_=newer)
        )
        count += 1
    record(session, actor, "medical:waits:released")
    return count


def stayed_within(waits: Sequence[Waited], percent: int) -> int:
    """Return the days within which `percent` per cent start; where too few have started yet, the longest wait so far.

    `waits` are in order of their days.
    """
    waiting_percent = 100.0
    for nth, wait in enumerate(waits):
        if wait.started:
            waiting_percent *= 1 - 1 / (len(waits) - nth)
        if waiting_percent <= 100 - percent + 1e-9:
            return wait.days
    return waits[-1].days


def _measured(session: Session, actor: Actor, since: date) -> Iterator[ReleasedWait]:
    values = {"tenant": actor.tenant_id, "since": since, "today": today()}
    rows = session.execute(WAITED, values, execution_options={"yield_per": PIECE})
    for offering_id, group in groupby((Waited(*row) for row in rows), key=lambda wait: wait.offering_id):
        waits = list(group)
        if len({wait.employee_id for wait in waits}) >= SMALLEST_SAMPLE:
            yield ReleasedWait(
                offering_id=offering_id,
                median_days=stayed_within(waits, 50),
                p80_days=stayed_within(waits, 80),
                n=len(waits),
            )
