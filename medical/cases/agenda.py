"""The days of referrals for a calendar elsewhere: until when, and first appointments; never of whom (R10)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from core.language import _
from identity import audit
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import Role
from medical.referrals.list import waiting_for
from medical.tables import Referral, ReferralState

MOST_DAYS = 500


class Occasion(StrEnum):
    """What there is on a day."""

    TERM = "term"
    APPOINTMENT = "appointment"


@dataclass(frozen=True)
class ReferralDay:
    """What there is on a day, and how often."""

    day: date
    occasion: Occasion
    count: int

    @property
    def title(self) -> str:
        """What it is, in words that say nothing of anybody, in the language of the person."""
        return {Occasion.TERM: _("Termijn van een verwijzing"), Occasion.APPOINTMENT: _("Eerste afspraak")}[
            self.occasion
        ]


def referral_days(session: Session, actor: Actor) -> tuple[ReferralDay, ...]:
    """Return the last days of what waits for the actor, and the first appointments that a provider planned."""
    require(actor, Permission.ACT_ON_REFERRAL)
    audit.record(session, actor, "medical:referral:worklist")
    days = [_counted(actor, Occasion.TERM, col(Referral.due_on))]
    if actor.role is Role.PROVIDER:
        planned = col(Referral.state) == ReferralState.SCHEDULED
        days.append(_counted(actor, Occasion.APPOINTMENT, col(Referral.scheduled_for), planned))
    found = union_all(*days).subquery()
    rows = session.execute(select(found).order_by(found.c.day, found.c.occasion).limit(MOST_DAYS))
    return tuple(ReferralDay(row.day, Occasion(row.occasion), row.times) for row in rows)


def _counted(actor: Actor, occasion: Occasion, day: Mapped[date | None], *also: ColumnElement[bool]) -> Any:
    waiting = col(Referral.id).in_(waiting_for(actor))
    facts: tuple[ColumnElement[Any], ...] = (
        day.label("day"),
        literal(occasion.value).label("occasion"),
        func.count().label("times"),
    )
    # Where an appointment is planned, its own day says more than the day after it, on which its term ends.
    until = () if also else (col(Referral.state) != ReferralState.SCHEDULED,)
    return select(*facts).where(waiting, day.is_not(None), *also, *until).group_by(day)
