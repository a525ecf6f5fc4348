"""Completing a referral: not without what it has brought, so that "closed" and "helped" are told apart (R75)."""

from collections.abc import Iterator
from uuid import UUID

from sqlmodel import Session

from core.errors import FieldError, Invalid
from core.language import _
from core.rows import append
from identity.actor import Actor
from identity.policy import Permission, require
from medical.referrals.forms import ResultForm
from medical.referrals.moves import Outcome, move, outcome, parties, take
from medical.referrals.states import Action
from medical.tables import GoalReached, ReferralResult, WorkResumed


def complete_referral(
    session: Session, actor: Actor, referral_id: UUID, result: ResultForm, version: int | None = None
) -> Outcome:
    """Close a referral whose report was read, with its result; the provider's access ends after the arbodienst's term.

    Raises Invalid for hours of work that contradict whether the work was resumed.
    """
    require(actor, Permission.ACT_ON_REFERRAL)
    referral = take(session, referral_id, actor, Action.COMPLETE, version)
    faults = tuple(_faults(result))
    if faults:
        raise Invalid(_("Kijk de gemarkeerde velden na."), faults)
    append(session, ReferralResult, **parties(referral), **result.model_dump(), judged_by=actor.account)
    move(session, referral, actor, Action.COMPLETE)
    return outcome(referral, actor)


def has_helped(goal_reached: GoalReached, work_resumed: WorkResumed) -> bool:
    """Tell whether a referral helped: the goal was reached, or was in part by somebody who works again."""
    if goal_reached is GoalReached.PARTLY:
        return work_resumed is not WorkResumed.NOT_RESUMED
    return goal_reached is GoalReached.REACHED


def _faults(result: ResultForm) -> Iterator[FieldError]:
    if result.work_resumed is WorkResumed.PARTLY and result.hours_per_week is None:
        yield FieldError("hours_per_week", _("Vul in hoeveel uur per week de werknemer weer werkt."))
    if result.work_resumed is WorkResumed.NOT_RESUMED and result.hours_per_week is not None:
        yield FieldError("hours_per_week", _("Laat dit leeg: het werk is niet hervat."))
