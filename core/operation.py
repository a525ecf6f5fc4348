"""How the house stands: the queue, the sealing of the audit trail and the last backup, in numbers without a name."""

from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.database import Database, Door

STATE = text("SELECT * FROM app.operation_state()")


def state_of(database: Database) -> Mapping[str, float]:
    """Return the numbers, ages in seconds; nothing when the database does not answer or this process has no way in."""
    try:
        with database.engine(Door.JOBS).connect() as connection:
            row = connection.execute(STATE).mappings().one()
    except (SQLAlchemyError, RuntimeError):
        return {}
    return {name: float(value) for name, value in row.items() if value is not None}
