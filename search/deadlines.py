"""Whether an offering still helps in time for the step of the law that waits for it; said, and never weighed (R65).

The expected start is this week plus the wait that counts: as measured while that is recent, else as stated (R32).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from cases.poortwachter import steps
from network.offering_view import OfferingView
from search.document import weeks_of
from search.reasons import Reason, ReasonCode

DEADLINES = Path(__file__).resolve().parent / "data" / "deadlines.csv"
ANY_OTHER = "*"


class What(StrEnum):
    """What has to have happened by a deadline."""

    START = "start"
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last week of sickness in which an intervention has to start, or to be finished."""

    last_week: int
    what: What
    named: bool  # of this intervention, and not of every one


def deadline_reasons(week: int | None, offering: OfferingView) -> tuple[Reason, ...]:
    """Return what is to be said of an offering for somebody who is referred in a week of sickness.

    Nothing without a week, for whoever takes nobody, and when the last deadline of the intervention has passed. That
    it is in time is said for a deadline of its own only, and only on a wait that is recent.
    """
    deadline = next_deadline(offering.intervention, week) if week is not None and offering.accepts_new else None
    if week is None or deadline is None:
        return ()
    left = deadline.last_week - week  # weeks after this one
    spare = left if deadline.what is What.START else left - offering.programme_weeks + 1
    if weeks_of(offering.wait_days) > spare:
        return (_too_late(deadline, week, spare),)
    if not deadline.named or (offering.wait_is_stale and not offering.wait_is_measured):
        return ()
    in_time = {What.START: ReasonCode.START_MEETS_DEADLINE, What.FINISH: ReasonCode.FINISH_MEETS_DEADLINE}
    return (Reason(in_time[deadline.what], last=deadline.last_week),)


def next_deadline(intervention: str, week: int) -> Deadline | None:
    """Return the first deadline of an intervention that has not passed in a week of sickness."""
    known = deadlines()
    return next((each for each in known.get(intervention, known[ANY_OTHER]) if week <= each.last_week), None)


@cache
def deadlines() -> Mapping[str, tuple[Deadline, ...]]:
    """Return the deadlines of each intervention that has its own, the earliest first, and those of any other."""
    with DEADLINES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found: dict[str, tuple[Deadline, ...]] = {}
    for row in rows:
        code, step = row["intervention"], steps()[int(row["step"])]
        last_week = (step.week_until or step.week_from) - step.before
        found[code] = (*found.get(code, ()), Deadline(last_week, What(row["what"]), code != ANY_OTHER))
    return found


def _too_late(deadline: Deadline, week: int, spare: int) -> Reason:
    if deadline.what is What.START:
        return Reason(ReasonCode.START_MISSES_DEADLINE, last=deadline.last_week)
    if spare >= 0:
        return Reason(ReasonCode.FINISH_MISSES_DEADLINE, first=week + spare, last=deadline.last_week)
    return Reason(ReasonCode.TAKES_TOO_LONG, deadline.last_week - week + 1, last=deadline.last_week)
