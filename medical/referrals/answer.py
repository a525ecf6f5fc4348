"""The provider's answer to a referral: he takes it, or says by a code why not (R10)."""

from uuid import UUID

from sqlmodel import Session

from identity.actor import Actor
from identity.policy import Permission, require
from medical.referrals.moves import Outcome, move, outcome, take
from medical.referrals.reasons import DeclineReason
from medical.referrals.states import Action


def accept_referral(session: Session, actor: Actor, referral_id: UUID, version: int | None = None) -> Outcome:
    """Take a referral; from now on the provider has to plan the first appointment."""
    require(actor, Permission.ACT_ON_REFERRAL)
    referral = take(session, referral_id, actor, Action.ACCEPT, version)
    move(session, referral, actor, Action.ACCEPT)
    return outcome(referral, actor)


def decline_referral(
    session: Session, actor: Actor, referral_id: UUID, reason: DeclineReason, version: int | None = None
) -> Outcome:
    """Turn a referral down; it goes back to the referrer, and its content is no longer the provider's to read."""
    require(actor, Permission.ACT_ON_REFERRAL)
    referral = take(session, referral_id, actor, Action.DECLINE, version)
    move(session, referral, actor, Action.DECLINE, reason.value)
    return outcome(referral, actor)
