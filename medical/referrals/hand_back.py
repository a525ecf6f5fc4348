"""Sending a draft back: the physician says by a code and in words why he does not sign it, and the delegate goes on."""

from uuid import UUID

from sqlmodel import Session

from identity.actor import Actor
from identity.policy import Permission, require
from medical.referrals.forms import ReturnForm
from medical.referrals.messages import add_message
from medical.referrals.moves import Outcome, move, outcome, take
from medical.referrals.states import Action
from medical.tables import MessageKind


def return_draft(
    session: Session, actor: Actor, referral_id: UUID, form: ReturnForm, version: int | None = None
) -> Outcome:
    """Send a draft back to the delegate who prepared it; from then on only a physician issues it.

    What a case manager asked for cannot go back, since no delegate made it: that is issued or withdrawn.
    """
    require(actor, Permission.ACT_ON_REFERRAL)
    referral = take(session, referral_id, actor, Action.RETURN, version)
    add_message(session, referral, actor, MessageKind.RETURN, form.words)
    move(session, referral, actor, Action.RETURN, form.reason.value)
    return outcome(referral, actor)
