"""Frozen values that the macros draw: what waits, what happened, who gets what, what passes the wall."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.clock import today

SOON = 3
"""Days before its term from which a task counts as urgent."""


@dataclass(frozen=True)
class Task:
    """One line of a worklist: what it is about, since when it waits, until when, and the one act that it asks for."""

    title: str
    href: str
    act: str
    about: str = ""
    since: date | None = None
    due: date | None = None
    tag: str = ""
    tone: str = ""

    @property
    def urgency(self) -> str:
        """Return `late` past the term, `soon` when it is near, and nothing otherwise."""
        if self.due is None:
            return ""
        left = (self.due - today()).days
        return "late" if left < 0 else "soon" if left <= SOON else ""


def by_term(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """Return the tasks with the oldest term first; those without a term last, the longest waiting first."""
    return tuple(sorted(tasks, key=lambda task: (task.due or date.max, task.since or date.max)))


@dataclass(frozen=True)
class Event:
    """Something that happened, for a timeline."""

    at: datetime
    what: str
    who: str = ""
    note: str = ""


@dataclass(frozen=True)
class Recipient:
    """Somebody to whom something will be sent: on which side of the wall, what it contains and what it never does."""

    name: str
    side: str
    gets: tuple[str, ...]
    never: tuple[str, ...] = ()
    how: str = ""


@dataclass(frozen=True)
class Crossing:
    """One field on its way through the wall, written out; `goes_out` is None when it stays here."""

    label: str
    came_in: str | None
    goes_out: str | None
    why: str = ""
