"""Waiting one's turn: what two requests at once may not both do."""

from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from core.rows import ask

TAKE = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


def take_turn(session: Session, *subject: str | UUID) -> None:
    """Wait until no other transaction works on `subject`, and keep it until this one ends.

    For what has no row yet that could be locked, such as a first case of an employee. Take at most one turn in a
    transaction, so that no two can wait for each other.
    """
    key = "\x1f".join(str(part) for part in subject)
    ask(session, TAKE, key=key)
