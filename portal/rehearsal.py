"""Doing something to see what would come of it, and leaving no trace of that."""

from collections.abc import Callable
from typing import TypeVar

from sqlmodel import Session

R = TypeVar("R")


def rehearse(session: Session, act: Callable[[], R]) -> R:
    """Return what `act` returns, and undo everything that it did: rows, jobs and audit events alike.

    So a page that asks "is this right?" shows what the use case itself makes of it. `act` returns frozen values; rows
    would not outlive the rehearsal. Its refusals come through as they are.
    """
    undone = session.begin_nested()
    try:
        return act()
    finally:
        undone.rollback()
