"""Referrals that nobody answered in time: they expire, and go back to whoever referred (R10)."""

from sqlmodel import Session, col, select

from core.clock import today
from identity.actor import Actor
from identity.policy import require_system
from medical.referrals.moves import move
from medical.referrals.states import Action
from medical.tables import Referral, ReferralState

MOST_AT_ONCE = 200
"""How many expire in one transaction; the job comes again for the rest."""


def expire_referrals(session: Session, actor: Actor) -> int:
    """Let issued referrals past their term expire; returns how many, at most MOST_AT_ONCE.

    One that somebody is answering at this moment is left to him.
    """
    require_system(actor)
    overdue = session.exec(
        select(Referral)
        .where(
            Referral.tenant_id == actor.tenant_id,
            Referral.state == ReferralState.ISSUED,
            col(Referral.asked_on).is_(None),  # then the referrer is late, not the provider
            col(Referral.due_on) < today(),
        )
        .order_by(col(Referral.due_on), col(Referral.id))
        .limit(MOST_AT_ONCE)
        .with_for_update(key_share=True, skip_locked=True)
    ).all()
    for referral in overdue:
        move(session, referral, actor, Action.EXPIRE)
    return len(overdue)
