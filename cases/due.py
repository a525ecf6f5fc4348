"""Whose a step is to see to, and on which days he is reminded of it (R65); pure."""

from datetime import date, timedelta

from cases.clock import StepView
from cases.poortwachter import Condition, steps
from identity.roles import Role

BEFORE = (timedelta(days=14), timedelta(days=3))
"""So long before its last day somebody is reminded of a step."""

AGAIN = timedelta(days=7)
"""Once it is late, so often."""

GUARDED = (Role.EMPLOYER, Role.EMPLOYEE)
"""Whose steps the case manager guards beside his own: those of whoever keeps no steps here."""

GIVE_AFTERCARE = frozenset({Role.CASE_MANAGER, Role.EMPLOYER})
"""Who keeps an eye on an employee after recovery, and is reminded of it (R67)."""

HOLDS_ALL_THE_SAME = (None, Condition.UNLESS_WORK_WITHIN_3_MONTHS, Condition.WIA_DECISION)
"""Conditions under which a step with a date is late until somebody says otherwise."""


def is_for(role: Role, step: StepView) -> bool:
    """Tell whether `role` has to see to a step: as its owner, or as the case manager who guards it."""
    return step.owner is role or (role is Role.CASE_MANAGER and step.owner in GUARDED)


def is_reminded(step: StepView, after: date, until: date) -> bool:
    """Tell whether a day on which somebody is reminded of an open step lies after one day and not after another.

    When it is late he is reminded the day after, and then every week; but not of what is done under a circumstance
    only, for then nobody here knows whether it is late.
    """
    if step.done or step.due_on is None:
        return False
    if any(after < step.due_on - before <= until for before in BEFORE):
        return True
    if not step.overdue or steps()[step.nr].condition not in HOLDS_ALL_THE_SAME:
        return False
    late, before = ((day - step.due_on - timedelta(days=1)) // AGAIN for day in (until, after))
    return late > before


def aftercare_is_reminded(aftercare_until: date, after: date, until: date) -> bool:
    """Tell whether the day until which there is aftercare lies after one day and not after another (R67)."""
    return after < aftercare_until <= until
