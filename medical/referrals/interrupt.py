"""An intervention that stands still for a time: not withdrawn, with a reason, and with a day on which to look again."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from core.clock import today
from core.errors import FieldError, Invalid
from core.language import _
from identity.actor import Actor
from identity.policy import Permission, require
from medical.referrals.forms import InterruptForm
from medical.referrals.moves import Outcome, move, outcome, take
from medical.referrals.states import Action

LONGEST = timedelta(days=183)
"""A longer interruption is the end: the referrer takes it back and refers anew when the time has come."""


def interrupt_referral(
    session: Session, actor: Actor, referral_id: UUID, form: InterruptForm, version: int | None = None
) -> Outcome:
    """Let a running intervention stand still until a day; raises Invalid for one that is past or half a year away."""
    require(actor, Permission.ACT_ON_REFERRAL)
    referral = take(session, referral_id, actor, Action.INTERRUPT, version)
    if not today() < form.until <= today() + LONGEST:
        wrong = _("Kies een dag na vandaag, binnen een half jaar. Duurt het langer, dan is intrekken beter.")
        raise Invalid(wrong, [FieldError("until", wrong)])
    referral.interrupted_until = form.until
    move(session, referral, actor, Action.INTERRUPT, form.reason.value)
    return outcome(referral, actor)


def resume_referral(session: Session, actor: Actor, referral_id: UUID, version: int | None = None) -> Outcome:
    """Let an interrupted intervention go on; the term for the report begins anew."""
    require(actor, Permission.ACT_ON_REFERRAL)
    referral = take(session, referral_id, actor, Action.RESUME, version)
    referral.interrupted_until = None
    move(session, referral, actor, Action.RESUME)
    return outcome(referral, actor)
