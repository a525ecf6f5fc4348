"""Waiting one's turn: what two requests at once may not both do."""

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session


def take_turn(session: Session, *subject: str | UUID) -> None:
    """Wait until no other transaction works on `subject`, and keep it until this one ends.

    For what has no row yet that could be locked, such as a first case of an employee. Take at most one turn in a
    transaction, so that no two can wait for each other.
    """
    key = "\x1f".join(str(part) for part in subject)
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
