"""The hatch for waits: from referral to start, over all referrals of half a year, and never of a few persons (R32)."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from core.clock import now, today
from identity.actor import Actor
from identity.audit import record
from medical.release_values import SMALLEST_SAMPLE, ReleasedWait
from network.tables import MeasuredWait

WINDOW = timedelta(days=183)

# The value that a share of the referrals stays within is one that occurred: percentile_disc does not interpolate.
MEASURE = text(
    "SELECT offering_id,"
    " percentile_disc(0.5) WITHIN GROUP (ORDER BY started_on - issued_on) AS median_days,"
    " percentile_disc(0.8) WITHIN GROUP (ORDER BY started_on - issued_on) AS p80_days,"
    " count(*) AS n"
    " FROM medical.referral"
    " WHERE tenant_id = :tenant AND started_on IS NOT NULL AND issued_on >= :since"
    " GROUP BY offering_id HAVING count(*) >= :least"
)


def release_waits(session: Session, actor: Actor) -> int:
    """Let out the median and P80 wait of every offering with enough referrals; returns for how many.

    Runs every night as a job. A wait that can no longer be measured keeps the moment of its last measurement.
    """
    waits = list(_measured(session, actor, today() - WINDOW))
    for wait in waits:
        values = {**wait.model_dump(), "tenant_id": actor.tenant_id, "measured_at": now()}
        newer = {name: value for name, value in values.items() if name not in ("offering_id", "tenant_id")}
        session.exec(
            insert(MeasuredWait).values(values).on_conflict_do_update(index_elements=["offering_id"], set_=newer)
        )
    record(session, actor, "medical:waits:released")
    return len(waits)


def _measured(session: Session, actor: Actor, since: date) -> Iterator[ReleasedWait]:
    values = {"tenant": actor.tenant_id, "since": since, "least": SMALLEST_SAMPLE}
    for row in session.execute(MEASURE, values).mappings():
        yield ReleasedWait.model_validate(dict(row))
