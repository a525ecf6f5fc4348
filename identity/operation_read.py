"""How the installation runs, for the secretariat: it stands on the medical side, so that what is counted tells nobody
on the other side that something happened."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from core.rows import ask
from identity.actor import Actor
from identity.policy import Permission, require

STATE = text("SELECT * FROM app.operation_state()")
FAILED = text("SELECT task, failed, last_at FROM app.failed_jobs()")


@dataclass(frozen=True)
class FailedJobs:
    """Jobs of one kind that were tried as often as they are, and given up."""

    task: str
    count: int
    last_at: datetime


@dataclass(frozen=True)
class Operation:
    """The state of the installation; ages in seconds, None for what never was."""

    jobs_waiting: int
    jobs_oldest_seconds: float
    workers: int
    sealing_lag_seconds: float
    anchor_age_seconds: float | None
    backup_age_seconds: float | None
    failed: tuple[FailedJobs, ...]


def see_operation(session: Session, actor: Actor) -> Operation:
    """Return how the installation runs, and which jobs of the own arbodienst gave up."""
    require(actor, Permission.SEE_OPERATION)
    state = ask(session, STATE).mappings().one()
    return Operation(
        jobs_waiting=state["jobs_waiting"],
        jobs_oldest_seconds=state["jobs_oldest_seconds"],
        workers=state["workers_alive"],
        sealing_lag_seconds=state["sealing_lag_seconds"],
        anchor_age_seconds=state["anchor_age_seconds"],
        backup_age_seconds=state["backup_age_seconds"],
        failed=tuple(FailedJobs(row.task, row.failed, row.last_at) for row in ask(session, FAILED)),
    )
