"""What must happen outside a transaction, put down inside it: a job with ids only, done by the worker after commit."""

import json
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

DEFER = text("SELECT app.defer_job(:queue, :task, CAST(:args AS jsonb), :delay)")


def put(
    session: Session, task: str, *, queue: str = "default", delay_seconds: int = 0, **ids: UUID | int | None
) -> None:
    """Ask the worker to run `task` with `ids` once this transaction commits; a rollback takes the request back.

    Only identifiers may travel: a value with content would sit in a table that both sides of the wall can reach.
    """
    arguments = {name: str(value) if isinstance(value, UUID) else value for name, value in ids.items()}
    session.execute(DEFER, {"queue": queue, "task": task, "args": json.dumps(arguments), "delay": delay_seconds})
