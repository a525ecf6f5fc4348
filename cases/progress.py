"""How far open interventions are: what the hatch let out, for case manager and employer."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from cases.cases_read import get_case
from cases.tables import OpenProgress, ProgressState
from identity.actor import Actor

MOST_OF_ONE_CASE = 100


@dataclass(frozen=True)
class ProgressView:
    """How far an open intervention is, by its code in the taxonomy."""

    id: UUID
    intervention: str
    state: ProgressState
    changed_on: date


def open_progress(session: Session, actor: Actor, case_id: UUID) -> tuple[ProgressView, ...]:
    """Return the open interventions of a case, the newest first; raises NotFound for a case of others."""
    case = get_case(session, actor, case_id)
    rows = session.exec(
        select(OpenProgress)
        .where(OpenProgress.case_id == case.id)
        .order_by(col(OpenProgress.changed_on).desc(), col(OpenProgress.id))
        .limit(MOST_OF_ONE_CASE)
    )
    return tuple(ProgressView(row.id, row.intervention, row.state, row.changed_on) for row in rows)
