"""The 54 steps of the Poortwachter process as facts: when, by whom, and who may know (rules 3.2, R65)."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from core.language import language
from identity.policy import Permission, allows
from identity.roles import Role

STEPS = Path(__file__).resolve().parent / "data" / "poortwachter_steps.csv"


class Condition(StrEnum):
    """Under which circumstance a step has to be done."""

    INFORMATION_REQUESTED = "information_requested"
    PSYCHOLOGICAL = "psychological"
    DURABLE_NONE = "durable_none"
    CHANGE_OR_STAGNATION = "change_or_stagnation"
    NO_SUITABLE_WORK = "no_suitable_work"
    DISAGREEMENT = "disagreement"
    ZW_OWN_RISK = "zw_own_risk"
    UNLESS_WORK_WITHIN_3_MONTHS = "unless_work_within_3_months"
    NO_DECISION = "no_decision"
    WIA_DECISION = "wia_decision"


DECISION_RECORDED = 53
"""The step that is done on the day of the WIA decision: from that day run the weeks of what follows the decision."""

HEALTH_CONDITIONS = frozenset({Condition.INFORMATION_REQUESTED, Condition.PSYCHOLOGICAL})


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the process; weeks are weeks of sickness, `before` means before `week_until` begins."""

    nr: int
    week_from: int
    week_until: int | None
    before: bool
    day: int | None  # counted from the first sick day, which is day 1
    recurs_weeks: int | None
    on_event: bool
    weeks_after_event: int | None
    condition: Condition | None
    care_only: bool
    owner: Role
    roles: frozenset[Role]
    title_nl: str
    title_en: str
    brief_nl: str
    brief_en: str

    @property
    def title(self) -> str:
        """The title in the language of the person."""
        return self.title_en if language() == "en" else self.title_nl

    @property
    def brief(self) -> str:
        """A few words that say nothing of sickness, for where others may read along; none without a date of its own."""
        return self.brief_en if language() == "en" else self.brief_nl

    @property
    def tells_of_health(self) -> bool:
        """Whether having done it says something of the employee's health: no open room may know that it was."""
        return self.condition in HEALTH_CONDITIONS

    @property
    def occurrences(self) -> range:
        """The weeks in which it is due; for a step that follows an event there are none."""
        if self.on_event or self.week_until is None:
            return range(0)
        if self.recurs_weeks is None:
            return range(self.week_until, self.week_until + 1)
        return range(self.week_from, self.week_until + 1, self.recurs_weeks)

    def visible_to(self, role: Role) -> bool:
        """Tell whether `role` may know of the step: the employer's side never of a step of the medical side."""
        if role in (Role.PHYSICIAN, Role.DELEGATE):
            return True
        if role == Role.CASE_MANAGER:
            return not self.care_only
        return role == Role.EMPLOYER and not self.care_only and role in self.roles

    def markable_by(self, role: Role) -> bool:
        """Tell whether `role` may say that it was done: who takes part in it, or anybody for employer and employee.

        Neither of those two keeps the steps here; whoever guards them for them writes down what they did.
        """
        if self.tells_of_health or not allows(role, Permission.DO_STEP) or not self.visible_to(role):
            return False
        return role in self.roles or self.owner in (Role.EMPLOYER, Role.EMPLOYEE)


@cache
def steps() -> Mapping[int, Step]:
    """Return all steps by number, in order."""
    with STEPS.open(encoding="utf-8", newline="") as lines:
        return MappingProxyType({int(row["nr"]): _step(row) for row in csv.DictReader(lines)})


def _step(row: dict[str, str]) -> Step:
    return Step(
        nr=int(row["nr"]),
        week_from=int(row["week_from"]),
        week_until=_number(row["week_until"]),
        before=row["before"] == "true",
        day=_number(row["day"]),
        recurs_weeks=_number(row["recurs_weeks"]),
        on_event=row["on_event"] == "true",
        weeks_after_event=_number(row["weeks_after_event"]),
        condition=Condition(row["condition"]) if row["condition"] else None,
        care_only=row["care_only"] == "true",
        owner=Role(row["owner"]),
        roles=frozenset(Role(role) for role in row["roles"].split()),
        title_nl=row["title_nl"],
        title_en=row["title_en"],
        brief_nl=row["brief_nl"],
        brief_en=row["brief_en"],
    )


def _number(text: str) -> int | None:
    return int(text) if text else None
