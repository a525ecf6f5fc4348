"""The hatch for outcomes: how often what was agreed is reached, never of a few persons and in steps of several (R34).

Of what providers report no more than this goes further (R75). From one night to the next a percentage could tell how
the last one fared; so a newer one leaves only when it is over at least `STEP` more referrals, or fewer, than the one
that stands.
"""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel import Session

from core.clock import now, today
from identity.actor import Actor
from identity.audit import record
from medical.release_values import SMALLEST_OUTCOME_SAMPLE, ReleasedOutcome

WINDOW = timedelta(days=730)
STEP = 6

MEASURE = text(
    "SELECT referral.offering_id, count(*) AS n,"
    " round(avg(CASE goal_reached WHEN 'reached' THEN 100 WHEN 'partly' THEN 50 ELSE 0 END))::int AS reached_percent"
    " FROM medical.provider_report JOIN medical.referral ON referral.id = provider_report.referral_id"
    " WHERE referral.tenant_id = :tenant AND referral.state = 'completed' AND referral.issued_on >= :since"
    " GROUP BY referral.offering_id HAVING count(DISTINCT referral.employee_id) >= :least"
)
KEEP = text(
    "INSERT INTO network.measured_outcome AS known (offering_id, tenant_id, reached_percent, n, measured_at)"
    " VALUES (:offering_id, :tenant_id, :reached_percent, :n, :measured_at)"
    " ON CONFLICT (offering_id) DO UPDATE SET"
    " reached_percent = excluded.reached_percent, n = excluded.n, measured_at = excluded.measured_at"
    " WHERE abs(excluded.n - known.n) >= :step RETURNING 1"
)


def release_outcomes(session: Session, actor: Actor) -> int:
    """Let out the outcome of every offering with enough people; returns of how many one left. Runs every night."""
    wanted = {"tenant": actor.tenant_id, "since": today() - WINDOW, "least": SMALLEST_OUTCOME_SAMPLE}
    left = 0
    for row in session.execute(MEASURE, wanted).mappings().all():
        outcome = ReleasedOutcome.model_validate(dict(row))
        fixed = {"tenant_id": actor.tenant_id, "measured_at": now(), "step": STEP}
        left += len(session.execute(KEEP, {**outcome.model_dump(), **fixed}).all())
    record(session, actor, "medical:outcomes:released")
    return left
