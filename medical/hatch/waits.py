"""The hatch for waits: from referral to start, over the referrals of half a year, and never of a few persons (R32).

Whoever still waits counts for as long as he has waited (Kaplan-Meier): without him long waits would look short. Each
offering is measured, and each type of intervention over the whole network: the latter when enough people are left once
those of any one provider are taken off, which he could do.
"""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, groupby, islice
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, SQLModel

from core.clock import now, today
from identity.actor import Actor
from identity.audit import record
from medical.hatch.survival import Waits, start_days_beside
from medical.hatch.values import SMALLEST_SAMPLE, Released, ReleasedIntervention, ReleasedWait
from network.measured import WAIT_WINDOW_DAYS
from network.tables import MeasuredIntervention, MeasuredWait

WINDOW = timedelta(days=WAIT_WINDOW_DAYS)
PIECE = 2_000

WAITED = text(
    "SELECT offering_id, provider_id, intervention, employee_id,"
    " coalesce(started_on, :today) - issued_on AS days, started_on IS NOT NULL AS started"
    " FROM medical.referral"
    " WHERE tenant_id = :tenant AND issued_on >= :since"
    " AND (started_on IS NOT NULL OR state IN ('issued', 'accepted', 'scheduled'))"
    " ORDER BY offering_id"
)


@dataclass
class _Group:
    """The waits for one thing, kept small: a network has many."""

    started: "array[int]" = field(default_factory=lambda: array("i"))
    waiting: "array[int]" = field(default_factory=lambda: array("i"))
    persons: defaultdict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))  # by provider

    def add(self, row: Any) -> None:
        (self.started if row.started else self.waiting).append(row.days)
        self.persons[row.provider_id].add(row.employee_id)

    @property
    def is_large_enough(self) -> bool:
        return len(set().union(*self.persons.values())) >= SMALLEST_SAMPLE

    @property
    def is_of_several(self) -> bool:
        """Whether enough people are left without those of any one provider."""
        largest = max(map(len, self.persons.values()))
        return len(set().union(*self.persons.values())) - largest >= SMALLEST_SAMPLE

    @property
    def waits(self) -> Waits:
        return Waits(self.started, self.waiting)

    @property
    def n(self) -> int:
        return len(self.started) + len(self.waiting)


def release_waits(session: Session, actor: Actor) -> int:
    """Let out the median and P80 wait of every offering, and every type, with enough people.

    Runs every night as a job; returns how many offerings it measured. A wait that can no longer be measured keeps the
    moment of its last measurement.
    """
    offerings, types = _groups(session, actor)
    measured = start_days_beside(group.waits for group in chain(offerings.values(), types.values()))
    waits = [
        ReleasedWait(offering_id=offering_id, median_days=days.median, p80_days=days.p80, n=group.n)
        for (offering_id, group), days in zip(offerings.items(), islice(measured, len(offerings)), strict=True)
    ]
    over_all = [
        ReleasedIntervention(intervention=code, median_days=days.median, p80_days=days.p80, wait_n=group.n)
        for (code, group), days in zip(types.items(), measured, strict=True)
    ]
    _keep(session, actor, MeasuredWait, waits, ("offering_id",))
    _keep(session, actor, MeasuredIntervention, over_all, ("tenant_id", "intervention"))
    record(session, actor, "medical:waits:released")
    return len(waits)


def _groups(session: Session, actor: Actor) -> tuple[dict[UUID, _Group], dict[str, _Group]]:
    """Return the waits by offering and by type, where enough people stand behind them."""
    values = {"tenant": actor.tenant_id, "since": today() - WINDOW, "today": today()}
    rows = session.execute(WAITED, values, execution_options={"yield_per": PIECE})
    offerings: dict[UUID, _Group] = {}
    types: defaultdict[str, _Group] = defaultdict(_Group)
    for offering_id, found in groupby(rows, key=lambda row: row.offering_id):
        group = _Group()
        for row in found:
            group.add(row)
            types[row.intervention].add(row)
        if group.is_large_enough:
            offerings[offering_id] = group
    return offerings, {code: group for code, group in types.items() if group.is_of_several}


def _keep(
    session: Session, actor: Actor, table: type[SQLModel], values: Sequence[Released], key: tuple[str, ...]
) -> None:
    """Write what was measured over what was measured before; what was not measured now stays as it is."""
    fixed = {"tenant_id": actor.tenant_id, "measured_at": now()}
    rows = [{**value.model_dump(exclude_none=True), **fixed} for value in values]
    for start in range(0, len(rows), PIECE):
        piece = insert(table).values(rows[start : start + PIECE])
        newer = {name: piece.excluded[name] for name in rows[0] if name not in key}
        session.execute(piece.on_conflict_do_update(index_elements=key, set_=newer))
