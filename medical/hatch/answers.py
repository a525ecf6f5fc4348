"""The hatch for answers: how many referrals a provider answers and how many of them he declines (R10).

Silence counts as no answer: a referral whose term passed without one, whether it has expired by now or was given to
another. One that was taken back before its term is nobody's fault and counts for nothing, and neither does one of which
the provider asked something that nobody has answered yet.
"""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel import Session

from core.clock import now, today
from identity.actor import Actor
from identity.audit import record
from medical.hatch.enough import over_enough
from medical.hatch.values import ReleasedAnswers
from network.measured import ANSWER_WINDOW_DAYS

WINDOW = timedelta(days=ANSWER_WINDOW_DAYS)

ANSWERED = text(
    "WITH asked AS ("
    " SELECT r.id, r.provider_id,"
    " bool_or(e.action = 'decline') AS declined,"
    " bool_or(e.action IN ('accept', 'decline')) AS answered,"
    " bool_or(e.action = 'expire') OR (r.state = 'issued' AND r.due_on < :today AND r.asked_on IS NULL) AS silent"
    " FROM medical.referral r JOIN medical.referral_event e ON e.referral_id = r.id"
    " WHERE r.tenant_id = :tenant AND r.issued_on >= :since GROUP BY r.id)"
    " SELECT coalesce(provider_id, :tenant) AS organisation_id, count(*) AS n,"
    " round(100.0 * count(*) FILTER (WHERE answered) / count(*))::int AS answered_percent,"
    " round(100.0 * count(*) FILTER (WHERE declined) / count(*))::int AS declined_percent"
    " FROM asked WHERE answered OR silent"
    " GROUP BY GROUPING SETS ((provider_id), ())"
)
KEEP = text(
    "INSERT INTO network.measured_answers"
    " (organisation_id, tenant_id, answered_percent, declined_percent, n, measured_at)"
    " VALUES (:organisation_id, :tenant_id, :answered_percent, :declined_percent, :n, :measured_at)"
    " ON CONFLICT (organisation_id) DO UPDATE SET answered_percent = excluded.answered_percent,"
    " declined_percent = excluded.declined_percent, n = excluded.n, measured_at = excluded.measured_at"
)


def release_answers(session: Session, actor: Actor) -> int:
    """Let out how every provider answers, and all of them together; returns of how many. Runs every night."""
    wanted = {"tenant": actor.tenant_id, "since": today() - WINDOW, "today": today()}
    rows = session.execute(ANSWERED, wanted).mappings().all()
    found = [ReleasedAnswers(**row) for row in over_enough(rows, actor.tenant_id, "n")]
    fixed = {"tenant_id": actor.tenant_id, "measured_at": now()}
    if found:
        session.execute(KEEP, [{**value.model_dump(), **fixed} for value in found])
    record(session, actor, "medical:answers:released")
    return len(found)
