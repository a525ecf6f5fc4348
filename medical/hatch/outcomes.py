"""The hatch for outcomes: how often what was agreed is reached, never of a few persons and in steps of several (R34).

Of what providers report no more than this goes further (R75). From one night to the next a percentage could tell how
the last one fared; so a newer one leaves only when it is over at least `STEP` more referrals, or fewer, than the one
that stands.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from core.clock import now, today
from identity.actor import Actor
from identity.audit import record
from medical.hatch.values import SMALLEST_OUTCOME_SAMPLE, ReleasedIntervention, ReleasedOutcome
from network.measured import OUTCOME_WINDOW_DAYS

WINDOW = timedelta(days=OUTCOME_WINDOW_DAYS)
STEP = 6

MEASURED = text(
    "WITH result AS ("
    " SELECT r.offering_id, r.provider_id, r.intervention, r.employee_id,"
    " CASE goal_reached WHEN 'reached' THEN 100 WHEN 'partly' THEN 50 ELSE 0 END AS reached"
    " FROM medical.provider_report JOIN medical.referral r ON r.id = provider_report.referral_id"
    " WHERE r.tenant_id = :tenant AND r.state = 'completed' AND r.issued_on >= :since)"
    " SELECT offering_id, intervention, provider_id, count(*) AS n, round(avg(reached))::int AS reached_percent,"
    " count(DISTINCT employee_id) AS persons"
    " FROM result GROUP BY GROUPING SETS ((offering_id), (intervention, provider_id), (intervention))"
)
KEEP = text(
    "INSERT INTO network.measured_outcome AS known (offering_id, tenant_id, reached_percent, n, measured_at)"
    " VALUES (:offering_id, :tenant_id, :reached_percent, :n, :measured_at)"
    " ON CONFLICT (offering_id) DO UPDATE SET"
    " reached_percent = excluded.reached_percent, n = excluded.n, measured_at = excluded.measured_at"
    " WHERE abs(excluded.n - known.n) >= :step"
)
KEEP_TYPE = text(
    "INSERT INTO network.measured_intervention AS known"
    " (tenant_id, intervention, reached_percent, outcome_n, measured_at)"
    " VALUES (:tenant_id, :intervention, :reached_percent, :outcome_n, :measured_at)"
    " ON CONFLICT (tenant_id, intervention) DO UPDATE SET"
    " reached_percent = excluded.reached_percent, outcome_n = excluded.outcome_n, measured_at = excluded.measured_at"
    " WHERE known.outcome_n IS NULL OR abs(excluded.outcome_n - known.outcome_n) >= :step"
)


def release_outcomes(session: Session, actor: Actor) -> int:
    """Let out the outcome of every offering, and every type, with enough people. Runs every night.

    Returns of how many offerings enough is known, whether something newer left or not.
    """
    rows = session.execute(MEASURED, {"tenant": actor.tenant_id, "since": today() - WINDOW}).all()
    fixed = {"tenant_id": actor.tenant_id, "measured_at": now(), "step": STEP}
    offerings, types = _offerings(rows), _types(rows)
    for statement, values in ((KEEP, offerings), (KEEP_TYPE, types)):
        if values:
            session.execute(statement, [{**value.model_dump(), **fixed} for value in values])
    record(session, actor, "medical:outcomes:released")
    return len(offerings)


def _offerings(rows: Sequence[Row[Any]]) -> list[ReleasedOutcome]:
    return [
        ReleasedOutcome(offering_id=row.offering_id, reached_percent=row.reached_percent, n=row.n)
        for row in rows
        if row.offering_id and row.persons >= SMALLEST_OUTCOME_SAMPLE
    ]


def _types(rows: Sequence[Row[Any]]) -> list[ReleasedIntervention]:
    """Of a type only when enough people are left once those of any one provider are taken off, which he could do."""
    largest: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if row.provider_id:
            largest[row.intervention] = max(largest[row.intervention], row.persons)
    return [
        ReleasedIntervention(intervention=row.intervention, reached_percent=row.reached_percent, outcome_n=row.n)
        for row in rows
        if not (row.offering_id or row.provider_id)
        and row.persons - largest[row.intervention] >= SMALLEST_OUTCOME_SAMPLE
    ]
