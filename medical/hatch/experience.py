"""The hatch for experience: how often a provider begins within its term, and how many employees are satisfied (R75).

What one employee said never leaves. A percentage leaves when it is over ten people at least, and a newer one only when
it is over at least six more or fewer than the one that stands: from one night to the next it could tell what one said.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import RowMapping, func, inspect, or_, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from core.clock import now, today
from identity.actor import Actor
from identity.audit import record
from medical.hatch.enough import over_enough
from medical.hatch.values import ReleasedExperience
from network.experience_tables import MeasuredExperience
from network.measured import EXPERIENCE_WINDOW_DAYS

WINDOW = timedelta(days=EXPERIENCE_WINDOW_DAYS)
STEP = 6
HALVES = ("in_time", "satisfied")

# A referral that was accepted and has not begun counts as late once its term is over. People are counted apart from
# referrals, since one of them may have several.
EXPERIENCED = text(
    "WITH due AS ("
    " SELECT provider_id, employee_id, coalesce(started_on <= start_by, false) AS good, 'in_time' AS half"
    " FROM medical.referral"
    " WHERE tenant_id = :tenant AND issued_on >= :since AND start_by IS NOT NULL"
    " AND (started_on IS NOT NULL OR state IN ('accepted', 'scheduled') AND start_by < :today)"
    " UNION ALL"
    " SELECT provider_id, employee_id, score >= 4, 'satisfied'"
    " FROM medical.satisfaction WHERE tenant_id = :tenant AND created_at >= :since"
    ")"
    " SELECT half, coalesce(provider_id, :tenant) AS organisation_id, count(*) AS n,"
    " count(DISTINCT employee_id) AS persons, round(100.0 * count(*) FILTER (WHERE good) / count(*))::int AS percent"
    " FROM due GROUP BY GROUPING SETS ((half, provider_id), (half))"
)


def release_experience(session: Session, actor: Actor) -> int:
    """Let out both halves of every provider, and of all together, with enough people; returns how many figures.

    Runs every night.
    """
    wanted = {"tenant": actor.tenant_id, "since": today() - WINDOW, "today": today()}
    rows = session.execute(EXPERIENCED, wanted).mappings().all()
    found = 0
    for half in HALVES:
        of_half = [row for row in rows if row["half"] == half]
        values = [_value(half, row) for row in over_enough(of_half, actor.tenant_id, "persons")]
        if values:
            _keep(session, actor, half, values)
        found += len(values)
    record(session, actor, "medical:experience:released")
    return found


def _value(half: str, row: RowMapping) -> ReleasedExperience:
    measured: dict[str, Any] = {f"{half}_percent": row["percent"], f"{half}_n": row["n"]}
    return ReleasedExperience(organisation_id=row["organisation_id"], **measured)


def _keep(session: Session, actor: Actor, half: str, values: list[ReleasedExperience]) -> None:
    fixed = {"tenant_id": actor.tenant_id, "measured_at": now()}
    newer = insert(MeasuredExperience).values([{**value.model_dump(exclude_none=True), **fixed} for value in values])
    percent, n = f"{half}_percent", f"{half}_n"
    known = inspect(MeasuredExperience).columns[n]
    session.execute(
        newer.on_conflict_do_update(
            index_elements=["organisation_id"],
            set_={name: newer.excluded[name] for name in (percent, n, "measured_at")},
            where=or_(known.is_(None), func.abs(newer.excluded[n] - known) >= STEP),
        )
    )
